"""Whether the function can start: its entry point, working directory and handler."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lambda_ric.deploy.filesystem import EXECUTE, LAMBDA_USER, FileTree
from lambda_ric.deploy.finding import Finding, error, warning
from lambda_ric.deploy.image import Image

_DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_RUNTIME_MODULES = ("lambda_ric", "awslambdaric")
_AWS_ENTRY_SCRIPT = "/lambda-entrypoint.sh"
_DISTRIBUTIONS = {"lambda_ric": "lambda-ric"}
_PYTHON = re.compile(r"python[\d.]*")
_MODULE_ENDINGS = (".py", "/__init__.py", ".pyc", "/__init__.pyc")
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")


def check_start(image: Image, tree: FileTree, handler: str | None) -> Iterator[Finding]:
    """Check the command and its directory. `handler` is the one in ImageConfig's Command."""
    found = tree.resolve(image.working_directory)
    if found is None or found[1].kind != "directory":
        yield error(
            f"the working directory {image.working_directory} is not in the image",
            "set WORKDIR to a directory that the image has",
        )
    words = [*image.entry_point, *([handler] if handler else image.command)]
    if not words:
        yield error(
            "the image has neither ENTRYPOINT nor CMD, so nothing starts",
            'write ENTRYPOINT ["/usr/local/bin/python", "-m", "lambda_ric"]',
        )
        return
    yield from _check_program(image, tree, words[0])
    yield from _check_client(tree, words)
    yield from _check_handler(image, tree, words)


def application_folders(image: Image, tree: FileTree) -> list[str]:
    """The folders that Python imports from: the function's code and its installed packages."""
    named = [
        image.working_directory,
        image.environment.get("LAMBDA_TASK_ROOT", "/var/task"),
        "/var/runtime",
        "/opt/python",
        *image.environment.get("PYTHONPATH", "").split(":"),
    ]
    installed = [path for path in tree.entries if posixpath.basename(path) in _PACKAGE_FOLDERS]
    resolved = [tree.resolve(path) for path in [*named, *installed] if path.startswith("/")]
    return sorted({found[0] for found in resolved if found and found[0] != "/"})


def _check_program(image: Image, tree: FileTree, program: str) -> Iterator[Finding]:
    path = _locate(image, tree, program)
    found = tree.resolve(path) if path else None
    if path is None or found is None:
        yield error(
            f"the entry point {program} is not in the image: Runtime.InvalidEntrypoint",
            "name a program that the image has, by its absolute path",
        )
        return
    target, entry = found
    obstacle = target if entry.kind == "directory" else tree.obstacle(target, EXECUTE)
    if obstacle:
        yield error(
            f"the entry point {program} cannot be run by Lambda's user (uid {LAMBDA_USER}), "
            f"because of {obstacle}",
            "name a file, and make it and its folders executable: RUN chmod a+rx …",
        )
    if "/" not in program or _PYTHON.fullmatch(posixpath.basename(program)):
        return  # found on PATH, or a link as in AWS's own example: both are known to work
    if not program.startswith("/"):
        yield warning(
            f"the entry point {program} is not an absolute path, which AWS requires",
            f"write {path}",
        )
    elif _is_link(tree, path):
        yield warning(
            f"the entry point {program} is a symbolic link, which AWS's guide excludes",
            f"write {target}",
        )


def _check_client(tree: FileTree, words: list[str]) -> Iterator[Finding]:
    """Check that Python is given something to run, and that the image has it."""
    if not _PYTHON.fullmatch(posixpath.basename(words[0])):
        return
    if len(words) == 1:
        yield error(
            f"{words[0]} alone starts no runtime client, and ends at once: Runtime.ExitError",
            'write ENTRYPOINT ["python", "-m", "lambda_ric"] and CMD ["app.handler"]',
        )
    elif "-m" in words[:-1]:
        module = words[words.index("-m") + 1]
        path = "/" + module.replace(".", "/")
        endings = tuple(f"{path}{ending}" for ending in _MODULE_ENDINGS)
        compiled = f"{path}."
        if not any(file.endswith(endings) or compiled in file for file in tree.entries):
            yield error(
                f"the module {module} of {words} is not in the image: Runtime.ExitError",
                f"RUN pip install {_DISTRIBUTIONS.get(module, module)}, in the stage that is left",
            )


def _locate(image: Image, tree: FileTree, program: str) -> str | None:
    """The absolute path of a program, found as execvp would find it."""
    if "/" in program:
        return posixpath.normpath(posixpath.join(image.working_directory, program))
    for folder in image.environment.get("PATH", _DEFAULT_PATH).split(":"):
        path = posixpath.join(folder, program)
        if tree.resolve(path):
            return path
    return None


def _is_link(tree: FileTree, path: str) -> bool:
    """Whether the last component is a link; links among the folders do not count."""
    folder = tree.resolve(posixpath.dirname(path))
    name = posixpath.basename(path)
    return folder is not None and tree.entries[posixpath.join(folder[0], name)].kind == "link"


def _check_handler(image: Image, tree: FileTree, words: list[str]) -> Iterator[Finding]:
    """Check the handler, if the command line is known to contain a handler."""
    if words[0] == _AWS_ENTRY_SCRIPT:
        arguments = words[1:]
        if len(arguments) > 1:
            yield error(
                f"AWS's entry script takes only the handler, but CMD is {arguments}",
                'write CMD ["app.handler"]',
            )
            return
    elif runtime := next((word for word in _RUNTIME_MODULES if word in words), None):
        arguments = words[words.index(runtime) + 1 :]
    else:
        return
    if not arguments:
        yield error(
            "CMD names no handler",
            'write CMD ["app.handler"]; or pass the handler in ImageConfig.Command as --handler',
        )
        return
    yield from _check_module(image, tree, arguments[0])


def _check_module(image: Image, tree: FileTree, handler: str) -> Iterator[Finding]:
    module, dot, function = handler.rpartition(".")
    if not (dot and module and function):
        yield error(
            f"CMD's {handler!r} is not a handler",
            "write it as module.function, such as app.handler",
        )
        return
    path = module.replace(".", "/").strip("/")
    folders = application_folders(image, tree)
    places = [image.working_directory, *folders]
    candidates = [
        posixpath.normpath(posixpath.join(place, path + ending))
        for place in places
        for ending in _MODULE_ENDINGS
    ]
    compiled = [f"{posixpath.join(place, path)}." for place in places]
    if any(tree.resolve(candidate) for candidate in candidates):
        return
    if any(known.endswith(".so") and known.startswith(tuple(compiled)) for known in tree.entries):
        return
    yield error(
        f"the module {module} of the handler {handler} is not in {', '.join(places)}: "
        "Runtime.ImportModuleError",
        f"COPY {path}.py into {image.working_directory}, or correct CMD",
    )
