"""Names of handlers as people write them: recognizes wrong names, and finds the right ones."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable
from pathlib import Path

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
    if text.endswith(".py") and Path(text).is_file():
        name = next(iter(functions_of(Path(text))), "handler")
        module = _as_module(f"{text.removesuffix('.py')}.{name}")
        example = module or f"{Path(text).stem}.{name}, in its folder"
        raise UsageError(f"{text} is a file; add the function, as in {example}")
    if not _HANDLER.fullmatch(text):
        module = _as_module(text)
        hint = f"; did you mean {module}?" if module else ", run in the folder of the module"
        raise UsageError(
            f"{text!r} is not a handler; write module.function, such as app.handler{hint}"
        )
    return text


def misspelt(handler: str, folder: Path) -> str | None:
    """Return a sentence about a function that is not in its module's file, None if all is well.

    `folder` is the one with the function's code.
    A file can define names in ways that are not seen without running it, so this is a hint.
    """
    if ":" in handler:
        return None
    module, _, name = handler.rpartition(".")
    path = Path(folder, *re.split(r"[./]", module))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    file = next((candidate for candidate in candidates if candidate.is_file()), None)
    if file is None:
        return None
    try:
        source = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    names = list(functions_of(file))
    if not names or re.search(rf"\b{re.escape(name)}\b|\b__getattr__\b|import \*", source):
        return None
    return f"{file} has no {name}" + (meant(name, names) or f"; it has {', '.join(names)}")


def handlers_here() -> Iterable[str]:
    """Return the functions of an event and a context in the modules of this folder."""
    for path in Path.cwd().glob("*.py"):
        for name in functions_of(path):
            yield f"{path.stem}.{name}"


def functions_of(path: Path) -> Iterable[str]:
    """Return the public functions of an event and a context in a file, which is not run."""
    try:
        module = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in module.body:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if len(node.args.args) == 2 and not node.name.startswith("_"):
            yield node.name


def _as_module(text: str) -> str | None:
    """Return the dotted name of a path in this folder, None if it is elsewhere or not a name."""
    path = os.path.relpath(text) if os.path.isabs(text) else os.path.normpath(text)
    name = path.replace("\\", "/").replace("/", ".").strip(".")
    return None if path.startswith(os.pardir) or not _HANDLER.fullmatch(name) else name
