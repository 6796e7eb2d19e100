"""What all responses of applications have in common: the 500, the size limit, the prelude."""

from __future__ import annotations

from lambda_ric.runtime.errors import RESPONSE_TOO_LARGE, Fault
from lambda_ric.sdk.responses import HttpPrelude
from lambda_ric.sdk.web.payload_2 import join_fields
from lambda_ric.wire.runtime_api import MAX_RESPONSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lambda_ric.sdk.web.request import Fields

FAILURE: tuple[int, Fields, bytes] = (
    500,
    [("content-type", "text/plain; charset=utf-8")],
    b"Internal Server Error",
)
"""Status, header fields and body of the response if the application gives no response."""


class Opening(HttpPrelude):
    """The prelude of a streamed response, followed by the first piece of its body."""

    __slots__ = ("_first",)

    def __init__(self, status: int, fields: Fields, first: bytes) -> None:
        headers, cookies = join_fields(fields)
        super().__init__(status, headers, cookies)
        self._first = first

    def encode(self) -> bytes:
        """Return both."""
        return super().encode() + self._first


def refuse_too_large(size: int) -> None:
    """Raise a Fault when a body, as far as it was read, is larger than a result can be."""
    if size > MAX_RESPONSE:
        raise Fault(
            RESPONSE_TOO_LARGE,
            f"the application's answer has {size} bytes or more, but Lambda takes 6 MB "
            f"({MAX_RESPONSE} bytes) of an answer that is not streamed",
        )
