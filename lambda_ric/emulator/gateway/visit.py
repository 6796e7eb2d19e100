"""One request at a front door, until its response: what it is answered, and what the log says."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from lambda_ric.emulator.gateway.answers import BODYLESS, Answer, Fields, InvalidAnswer
from lambda_ric.emulator.gateway.cors import is_preflight, with_cors
from lambda_ric.emulator.gateway.error_page import error_page, wants_page
from lambda_ric.emulator.gateway.front_door import FrontDoor
from lambda_ric.emulator.gateway.request import new_identifiers
from lambda_ric.emulator.gateway.settings import Cors
from lambda_ric.emulator.http.dates import http_date
from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import Outcome
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.platform_events import LogEvent


class Visit:
    """A request, and the ways to answer it. `function` is the name of the one that it is for."""

    __slots__ = ("_begun_at", "_cors", "_emit", "_status", "door", "exchange", "function", "ids")

    def __init__(
        self,
        exchange: Exchange,
        door: FrontDoor,
        cors: Cors | None,
        emit: Callable[[LogEvent], None],
    ) -> None:
        self.exchange = exchange
        self.door = door
        self.ids = new_identifiers(exchange)
        self.function = ""
        self._cors = None if is_preflight(exchange) else cors
        self._emit = emit
        self._begun_at = monotonic()
        self._status = 0

    def settle(self, outcome: Outcome) -> None:
        """Answer with the result of the function, or its failure."""
        if outcome.error_type is not None:
            self._fail(self.door.failed(), outcome.payload)
            return
        try:
            answer = self.door.answer(outcome.payload)
            self._respond(answer)
        except InvalidAnswer as error:
            self.reject(error)
        except ValueError as error:
            self.reject(InvalidAnswer(str(error)))
        else:
            self.note()

    def reject(self, error: InvalidAnswer) -> None:
        """Answer that the result of the function is not an answer, and tell the developer why."""
        text = f"the answer of the function cannot be sent: {error}"
        self.report(text)
        self._fail(self.door.failed(error), text.encode())

    def refuse(self, answer: Answer) -> None:
        """Answer without the function."""
        self._respond(answer)
        self.note()

    def begin(self, answer: Answer) -> bool:
        """Send the head of a stream. Returns False when there is no body to follow.

        Raises ValueError for a field that cannot be sent.
        """
        if answer.status in BODYLESS:
            self._respond(answer)
            return False
        self.exchange.begin(answer.status, self._fields(answer.fields))
        self._status = answer.status
        return True

    def note(self) -> None:
        """Write the line about the request, which is over."""
        request = self.exchange.request
        self._emit(
            platform_events.http_request(
                self.ids.request_id,
                method=request.method.decode("ascii"),
                path=request.target.decode("ascii"),
                status=self._status,
                duration=1_000 * (monotonic() - self._begun_at),
                function=self.function,
            )
        )

    def report(self, text: str) -> None:
        """Write into the log what is wrong."""
        request_id = self.ids.request_id
        event = platform_events.fault(request_id, f"RequestId: {request_id} {text}")
        event.function = self.function
        self._emit(event)

    def hint(self, text: str) -> None:
        """Write some advice into the log."""
        self._emit(platform_events.notice(text, self.function))

    def _fail(self, answer: Answer, payload: bytes) -> None:
        if wants_page(self.exchange):
            answer = error_page(answer, payload, self.exchange, self.ids.request_id)
        self.refuse(answer)

    def _respond(self, answer: Answer) -> None:
        """Send a whole response. Raises ValueError for a field that cannot be sent."""
        body = b"" if answer.status in BODYLESS else answer.body
        self.exchange.respond(answer.status, self._fields(answer.fields), body)
        self._status = answer.status

    def _fields(self, fields: Fields) -> Fields:
        if self._cors is not None:
            fields = with_cors(self._cors, self.exchange, fields)
        door, ids = self.door, self.ids
        trace = door.trace_fields(ids, fields)
        all_fields = [("Date", http_date()), *fields, *door.fields(ids), *trace]
        if self.exchange.request.keep_alive:
            all_fields.append(("Connection", "keep-alive"))
        return all_fields
