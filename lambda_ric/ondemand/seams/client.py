"""`awslambdaric.lambda_runtime_client`: the client of the Runtime API, with AWS's names.

Its methods send with this runtime's own client. Tools replace them on the class.
"""

from __future__ import annotations

from lambda_ric.ondemand.seams.marshaller import LambdaMarshaller, to_json
from lambda_ric.runtime import loop
from lambda_ric.runtime.errors import RuntimeApiError
from lambda_ric.wire.runtime_api import JSON_TYPE, Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.ondemand.streaming import Stream
    from lambda_ric.runtime.loop import Runtime

_send = loop.Runtime.respond  # the plain way, before the seams take its place


class BaseLambdaRuntimeClient:
    """Sends the result or the error of one invocation.

    `streamed` means that the result has been sent piece by piece. `reported` is the error that is
    in the log already, and `lost` is the reason why nothing more can be sent.
    """

    marshaller: Any = LambdaMarshaller()
    """Reads events and writes results: another one may be put here."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.streamed = False
        self.reported: Exception | None = None
        self.lost: RuntimeApiError | None = None

    def send_stream(self, invocation: Invocation, stream: Stream) -> None:
        """Send a result piece by piece; one that is cut off becomes an error in the log."""
        self.streamed = True
        _send(self.runtime, invocation, stream)

    def post_init_error(
        self, error_response_data: dict[str, Any], error_type_override: str | None = None
    ) -> None:
        """Send the error of the initialization."""
        error_type = error_type_override or error_response_data["errorType"]
        self.runtime.api.fail_init(error_type, _to_bytes(to_json(error_response_data)))

    def post_invocation_result(
        self,
        invoke_id: str,
        result_data: bytes | str,
        content_type: str = JSON_TYPE,
        invocation_id: str | None = None,
    ) -> None:
        """Send the result of an invocation; one that is refused becomes an error in the log."""
        if not self.streamed:
            invocation = Invocation(invoke_id, b"", invocation_id=invocation_id)
            _send(self.runtime, invocation, (_to_bytes(result_data), content_type))

    def post_invocation_error(
        self,
        invoke_id: str,
        error_response_data: bytes | str,
        xray_fault: str,
        invocation_id: str | None = None,
    ) -> None:
        """Send the error of an invocation."""
        if not self.streamed:  # the trailers have reported it
            invocation = Invocation(invoke_id, b"", invocation_id=invocation_id)
            xray_cause = _to_bytes(xray_fault).decode()
            self.runtime.api.fail(invocation, _to_bytes(error_response_data), xray_cause)


class LambdaRuntimeClient(BaseLambdaRuntimeClient):
    """The class on which tools replace methods."""


class LambdaMultiConcurrentRuntimeClient(LambdaRuntimeClient):
    """The client of a process that may be one of several, as Managed Instances have them."""


def client_of(runtime: Runtime) -> LambdaRuntimeClient:
    """Return the client for one invocation, or for the initialization."""
    if runtime.settings.max_concurrency is None:
        return LambdaRuntimeClient(runtime)
    return LambdaMultiConcurrentRuntimeClient(runtime)


def _to_bytes(data: bytes | str) -> bytes:
    """Encode; a lone surrogate in an error must not hide the error that it stands in."""
    return data if isinstance(data, bytes) else data.encode("utf-8", "backslashreplace")
