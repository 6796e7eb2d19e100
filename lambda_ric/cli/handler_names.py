"""Names of handlers as people write them: recognizes wrong names, and finds the right ones."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable

from lambda_ric.cli.parser import UsageError
from lambda_ric.cli.wording import meant

_HANDLER = re.compile(r"[^./\\\s]+(?:[./][^./\\\s]+)*\.[^./\\\s]+")


def checked_handler(text: str) -> str:
    """Return a handler's name. Raises UsageError, with the right one, for a path or half a name.

    A web application, `module:app`, is returned as it is, and so is a name without a dot: Lambda
    has its own error for that.
    """
    if ":" in text or "." not in text:
        return text
    if text.endswith(".py") and os.path.isfile(text):
        name = next(iter(functions_of(text)), "handler")
        module = _as_module(f"{text.removesuffix('.py')}.{name}")
        example = module or f"{_stem(text)}.{name}, in its folder"
        raise UsageError(f"{text} is a file; add the function, as in {example}")
    if not _HANDLER.fullmatch(text):
        module = _as_module(text)
        hint = f"; did you mean {module}?" if module else ", run in the folder of the module"
        raise UsageError(
            f"{text!r} is not a handler; write module.function, such as app.handler{hint}"
        )
    return text


def misspelt(handler: str, folder: str) -> str | None:
    """Return a sentence about a function that is not in its module's file, None if all is well.

    `folder` is the one with the function's code, "" for this one.
    A file can define names in ways that are not seen without running it, so this is a hint.
    """
    module, dot, name = handler.rpartition(".")
    if ":" in handler or not dot:
        return None
    path = os.path.join(folder, *re.split(r"[./]", module))
    candidates = (f"{path}.py", os.path.join(path, "__init__.py"))
    file = next((candidate for candidate in candidates if os.path.isfile(candidate)), None)
    if file is None:
        return None
    try:
        with open(file, encoding="utf-8") as opened:
            source = opened.read()
    except (OSError, UnicodeDecodeError):
        return None
    if re.search(rf"\b{re.escape(name)}\b|\b__getattr__\b|import \*", source):
        return None
    names = list(functions_of(file))
    if not names:
        return None
    return f"{file} has no {name}" + (meant(name, names) or f"; it has {', '.join(names)}")


def handlers_here() -> Iterable[str]:
    """Return the functions of an event and a context in the modules of this folder."""
    for path in os.listdir():
        if path.endswith(".py"):
            for name in functions_of(path):
                yield f"{_stem(path)}.{name}"


def functions_of(path: str) -> Iterable[str]:
    """Return the public functions of an event and a context in a file, which is not run."""
    try:
        with open(path, "rb") as file:
            module = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return
    for node in module.body:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if len(node.args.args) == 2 and not node.name.startswith("_"):
            yield node.name


def _stem(path: str) -> str:
    return os.path.basename(path).removesuffix(".py")


def _as_module(text: str) -> str | None:
    """Return the dotted name of a path in this folder, None if it is elsewhere or not a name."""
    path = os.path.relpath(text) if os.path.isabs(text) else os.path.normpath(text)
    name = path.replace("\\", "/").replace("/", ".").strip(".")
    return None if path.startswith(os.pardir) or not _HANDLER.fullmatch(name) else name
