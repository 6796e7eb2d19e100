"""`awslambdaric.lambda_context`: the context, as AWS's client makes it."""

from __future__ import annotations

import logging

from lambda_ric.ondemand.caller_headers import take_trace_fields
from lambda_ric.runtime import context as contexts
from lambda_ric.runtime.context import CognitoIdentity
from lambda_ric.sdk.client_context import Client, ClientContext
from lambda_ric.wire.runtime_api import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Client", "ClientContext", "CognitoIdentity", "LambdaContext"]


class _AnyContext(type):
    """Lets `isinstance` take every context for an instance of AWS's class."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, contexts.LambdaContext)


class LambdaContext(contexts.LambdaContext, metaclass=_AnyContext):
    """A context that is made of what AWS's class is made of."""

    def __init__(
        self,
        invoke_id: str,
        client_context: dict[str, Any] | None,
        cognito_identity: dict[str, Any] | None,
        epoch_deadline_time_in_ms: int,
        invoked_function_arn: str | None = None,
        tenant_id: str | None = None,
    ) -> None:
        invocation = Invocation(
            invoke_id,
            b"",
            deadline_ms=epoch_deadline_time_in_ms,
            function_arn=invoked_function_arn or "",
            tenant_id=tenant_id,
        )
        super().__init__(invocation, _log_sink())
        self._trace_fields = take_trace_fields(client_context)
        if client_context is not None:
            self.client_context = ClientContext(client_context)
        if cognito_identity is not None:
            self.identity = CognitoIdentity(cognito_identity)


def _log_sink() -> Any:
    """Return the sink of the log handler that the runtime has set up."""
    handlers = logging.getLogger().handlers
    return next((handler.log_sink for handler in handlers if hasattr(handler, "log_sink")), None)
