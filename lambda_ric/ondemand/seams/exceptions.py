"""`awslambdaric.lambda_runtime_exception`: what the runtime finds wrong, by AWS's names."""

from __future__ import annotations

from lambda_ric.runtime import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class FaultException(errors.Fault):
    """A Fault, with the attributes and constants of AWS's class."""

    MARSHAL_ERROR = errors.MARSHAL_ERROR
    UNMARSHAL_ERROR = errors.UNMARSHAL_ERROR
    USER_CODE_SYNTAX_ERROR = errors.USER_CODE_SYNTAX_ERROR
    HANDLER_NOT_FOUND = errors.HANDLER_NOT_FOUND
    IMPORT_MODULE_ERROR = errors.IMPORT_MODULE_ERROR
    BUILT_IN_MODULE_CONFLICT = errors.BUILT_IN_MODULE_CONFLICT
    MALFORMED_HANDLER_NAME = errors.MALFORMED_HANDLER_NAME
    LAMBDA_CONTEXT_UNMARSHAL_ERROR = errors.CONTEXT_UNMARSHAL_ERROR

    def __init__(self, exception_type: str, msg: str, trace: Iterable[str] | None = None) -> None:
        super().__init__(exception_type, msg, tuple(trace or ()))
        self.exception_type = exception_type
        self.msg = msg
