"""Errors, in two families with different consequences.

A Fault is reported to Lambda, as the error of the invocation or of the initialization. A
RuntimeApiError means that nothing can be reported any more: the process says so and ends.
Exceptions of the user's code belong to neither family.

There are few classes on purpose: each costs a cold start a quarter of an empty module. Faults
differ only by their type on the wire.
"""

from __future__ import annotations

# Names on the wire, as AWS's runtime interface client sends them.
MALFORMED_HANDLER_NAME = "Runtime.MalformedHandlerName"
BUILT_IN_MODULE_CONFLICT = "Runtime.BuiltInModuleConflict"
IMPORT_MODULE_ERROR = "Runtime.ImportModuleError"
USER_CODE_SYNTAX_ERROR = "Runtime.UserCodeSyntaxError"
HANDLER_NOT_FOUND = "Runtime.HandlerNotFound"
CONTEXT_UNMARSHAL_ERROR = "Runtime.LambdaContextUnmarshalError"
UNMARSHAL_ERROR = "Runtime.UnmarshalError"
MARSHAL_ERROR = "Runtime.MarshalError"
RESPONSE_TOO_LARGE = "Function.ResponseSizeTooLarge"
STREAM_INTERRUPTED = "Function.StreamInterrupted"
DEADLINE_EXCEEDED = "Function.DeadlineExceeded"


class Fault(Exception):
    """A problem that the runtime found with the function, its event or its result.

    `error_type` is one of the names above, `trace` holds lines to show instead of a stack trace.
    """

    def __init__(self, error_type: str, message: str, trace: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.trace = trace


class Undelivered(Fault):
    """The Runtime API refused a result for its size, or stopped reading it."""


class RuntimeApiError(Exception):
    """The Runtime API cannot be reached, or its response leaves the runtime unable to continue.

    `status` is the HTTP status of that response, or 0 without a response.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class SettingsError(Exception):
    """A setting is missing or invalid, in the environment or on the command line."""
