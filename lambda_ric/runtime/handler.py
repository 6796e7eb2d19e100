"""Finds the function that a handler string names."""

from __future__ import annotations

import sys
from importlib import import_module  # light, unlike its submodules

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

    Slashes may replace the dots between packages, as in `pkg/app.handler`. Raises a Fault if the
    function does not exist; an exception of the module's own code passes through unchanged.
    """
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        raise Fault(MALFORMED_HANDLER_NAME, f"Bad handler '{handler}': {error}") from None
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise Fault(BUILT_IN_MODULE_CONFLICT, message)
    try:
        module = import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise Fault(IMPORT_MODULE_ERROR, message) from error
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        place = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise Fault(USER_CODE_SYNTAX_ERROR, message, (place,)) from None
    try:
        function: Function = getattr(module, function_name)
    except AttributeError:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault(HANDLER_NOT_FOUND, message) from None
    return function
