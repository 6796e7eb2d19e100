"""Finds the function that a handler string names."""

from __future__ import annotations

import sys
from importlib import import_module  # light, unlike its submodules

from lambda_ric.runtime import doors
from lambda_ric.runtime.errors import (
    BUILT_IN_MODULE_CONFLICT,
    HANDLER_NOT_FOUND,
    IMPORT_MODULE_ERROR,
    MALFORMED_HANDLER_NAME,
    USER_CODE_SYNTAX_ERROR,
    Fault,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Function = Callable[[Any, Any], Any]


def load(handler: str) -> Function:
    """Import the module of `module.function` and return the function.

    Slashes may replace the dots between packages, as in `pkg/app.handler`. A colon names a web
    application, as in `main:app`. Raises a Fault if it does not exist; an exception of the
    module's own code passes through unchanged.
    """
    if ":" in handler:
        return doors.load_web_application(handler)
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        raise Fault(MALFORMED_HANDLER_NAME, f"Bad handler '{handler}': {error}") from None
    module = load_module(module_name)
    try:
        function: Function = getattr(module, function_name)
    except AttributeError:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault(HANDLER_NOT_FOUND, message) from None
    return function


def load_module(module_name: str) -> object:
    """Import a module of the function's. Raises a Fault when it cannot be."""
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise Fault(BUILT_IN_MODULE_CONFLICT, message)
    try:
        return import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise Fault(IMPORT_MODULE_ERROR, message) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        place = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise Fault(USER_CODE_SYNTAX_ERROR, message, (place,)) from None
