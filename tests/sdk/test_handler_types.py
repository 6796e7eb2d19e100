"""The types of handlers, which a module may also import when it runs."""

from __future__ import annotations

from typing import get_type_hints

import lambda_ric


def test_handler_types_can_be_subscribed_and_annotate_when_a_program_runs() -> None:
    def make() -> lambda_ric.Handler[dict[str, str], str]:
        return lambda event, context: event["name"]

    def make_async() -> lambda_ric.AsyncHandler[None, None]:
        raise NotImplementedError

    def make_streaming() -> lambda_ric.StreamingHandler[None, bytes]:
        raise NotImplementedError

    hints = [get_type_hints(function)["return"] for function in (make, make_async, make_streaming)]
    assert [hint.__origin__.__name__ for hint in hints] == [
        "Handler",
        "AsyncHandler",
        "StreamingHandler",
    ]
