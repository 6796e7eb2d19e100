"""What can go wrong, in two families that differ in what happens next.

A Fault is reported to Lambda, as the error of the invocation or of the initialization. A
RuntimeApiError means that nothing can be reported any more: the process says so and ends.
An exception of the user's code is neither.
"""

from __future__ import annotations


class Fault(Exception):
    """Something that the runtime found wrong with the function, its event or its result."""

    error_type: str
    """The name on the wire, `Runtime.<Reason>`, as AWS's runtime interface client sends it."""

    trace: tuple[str, ...] = ()
    """Lines to show in place of a stack trace."""


class MalformedHandlerName(Fault):
    """The handler is not written `module.function`."""

    error_type = "Runtime.MalformedHandlerName"


class BuiltInModuleConflict(Fault):
    """The handler's module has the name of a module that is built into Python."""

    error_type = "Runtime.BuiltInModuleConflict"


class ImportModuleError(Fault):
    """The handler's module cannot be imported."""

    error_type = "Runtime.ImportModuleError"


class UserCodeSyntaxError(Fault):
    """The handler's module, or one that it imports, is not valid Python."""

    error_type = "Runtime.UserCodeSyntaxError"


class HandlerNotFound(Fault):
    """The handler's module has no such function."""

    error_type = "Runtime.HandlerNotFound"


class LambdaContextUnmarshalError(Fault):
    """The client context or the Cognito identity is not JSON."""

    error_type = "Runtime.LambdaContextUnmarshalError"


class UnmarshalError(Fault):
    """The event is not JSON."""

    error_type = "Runtime.UnmarshalError"


class MarshalError(Fault):
    """The result cannot be written as JSON."""

    error_type = "Runtime.MarshalError"


class ResponseTooLarge(Fault):
    """The Runtime API refused the result for its size."""

    error_type = "Function.ResponseSizeTooLarge"


class StreamInterrupted(Fault):
    """The Runtime API stopped reading a streamed response."""

    error_type = "Function.StreamInterrupted"


class RuntimeApiError(Exception):
    """The Runtime API cannot be reached, or answers what the runtime cannot go on from.

    `status` is the HTTP status of such an answer, 0 when there was none.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class SettingsError(Exception):
    """The environment or the command line does not say what the runtime needs to know."""
