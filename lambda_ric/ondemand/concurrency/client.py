"""The Runtime API for one of several loops: an error in one must not end the others."""

from __future__ import annotations

import logging
import time

from lambda_ric.runtime.client import RuntimeApiClient
from lambda_ric.runtime.errors import STREAM_INTERRUPTED, RuntimeApiError, Undelivered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from lambda_ric.wire.runtime_api import Invocation

RETRY_SECONDS = (0.1, 0.2, 0.4, 0.8)
"""Pauses before polling again after a failure, as in AWS's client."""

_INIT_ERROR_TAKEN = 403  # another loop has reported the same error


class RetryingRuntimeApiClient(RuntimeApiClient):
    """A client that polls again after a failure, and drops a result that comes too late.

    A result is refused with 410 if its invocation has timed out.
    """

    def next_invocation(self) -> Invocation:
        """Wait for the next invocation; give up when the Runtime API fails five times in a row."""
        for pause in RETRY_SECONDS:
            try:
                return super().next_invocation()
            except RuntimeApiError as error:
                logging.warning("%s; polling again in %s s", error, pause)
                time.sleep(pause)
        return super().next_invocation()

    def respond(self, invocation: Invocation, body: bytes, content_type: str) -> None:
        """Send a result, and log it when it is refused."""
        self._tolerate(super().respond, invocation, body, content_type)

    def fail(self, invocation: Invocation, body: bytes, xray_cause: str) -> None:
        """Send an error, and log it when it is refused."""
        self._tolerate(super().fail, invocation, body, xray_cause)

    def open_stream(self, invocation: Invocation, content_type: str, first: bytes) -> None:
        """Begin a streamed result. Raises Undelivered, which the loop survives."""
        try:
            super().open_stream(invocation, content_type, first)
        except RuntimeApiError as error:
            raise Undelivered(STREAM_INTERRUPTED, str(error)) from error

    def finish_stream(self) -> None:
        """Wait until a stream is accepted, and log it when it is refused."""
        self._tolerate(super().finish_stream)

    def fail_init(self, error_type: str, body: bytes) -> None:
        """Send the error of the initialization, unless another loop has done so."""
        try:
            super().fail_init(error_type, body)
        except RuntimeApiError as error:
            if error.status != _INIT_ERROR_TAKEN:
                raise

    def _tolerate(self, send: Callable[..., None], *arguments: Any) -> None:
        try:
            send(*arguments)
        except RuntimeApiError as error:
            logging.warning("%s: This won't kill the Runtime loop", error)
