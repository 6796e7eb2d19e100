"""`awslambdaric.lambda_runtime_marshaller`: events and results as JSON, by AWS's names."""

from __future__ import annotations

from lambda_ric.runtime import payloads
from lambda_ric.wire.runtime_api import JSON_TYPE, Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def to_json(obj: Any) -> str:
    """Write JSON as the runtime does."""
    return payloads.encode(obj)


class LambdaMarshaller:
    """Reads events and writes results, as `use_json` has it."""

    def unmarshal_request(self, request: bytes, content_type: str = JSON_TYPE) -> Any:
        """Return the event. Raises a Fault when it is not JSON."""
        return payloads.load_event(Invocation("", request, content_type=content_type))

    def marshal_response(self, response: Any) -> tuple[bytes | str, str]:
        """Return the body for a result, as text where it is JSON, and its content type.

        Raises a Fault when the result cannot be written.
        """
        body, content_type = payloads.dump(response)
        return (body.decode() if content_type == JSON_TYPE else body), content_type
