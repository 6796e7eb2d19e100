"""Sends records to SQS and SNS with botocore, which is not a dependency, in a thread of its own.

The endpoint is that of the function's variables, else that of a queue's URL, else AWS. Its
credentials are the function's, else those of this machine; a local endpoint needs none.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lambda_ric.emulator.destination import NEEDED, Destination, DestinationKind
from lambda_ric.emulator.function import FunctionConfig

CONNECT_SECONDS = 5
READ_SECONDS = 10
ATTEMPTS = 3


class Message(NamedTuple):
    """A record on its way. The function is the one whose record it is."""

    destination: Destination
    body: str
    trace_id: str | None
    function: FunctionConfig


Then = Callable[[str], None]


class Sender:
    """Sends messages in their order. Its thread starts with the first, and is no reason to wait."""

    def __init__(self) -> None:
        self._messages: SimpleQueue[tuple[Message, Then] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._clients: dict[tuple[str, ...], Any] = {}
        self._queue_urls: dict[str, str] = {}

    def send(self, message: Message, then: Then) -> None:
        """Send soon, and call `then` in the thread, with "" or with the reason for a failure."""
        self._messages.put((message, then))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="destinations", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the thread when it has sent what it has begun to send."""
        while not self._messages.empty():
            self._messages.get()
        self._messages.put(None)

    def _run(self) -> None:
        while (work := self._messages.get()) is not None:
            message, then = work
            problem = ""
            try:
                self._send_now(message)
            except Exception as error:  # whatever it is, the records behind it must be sent
                problem = " ".join(str(error).split()) or type(error).__name__
            then(problem)

    def _send_now(self, message: Message) -> None:
        destination = message.destination
        client = self._client(destination, message.function)
        if destination.kind is DestinationKind.TOPIC:
            client.publish(TopicArn=destination.target, Message=message.body)
            return
        attributes = {}
        if message.trace_id:
            header = {"DataType": "String", "StringValue": message.trace_id}
            attributes["MessageSystemAttributes"] = {"AWSTraceHeader": header}
        url = self._queue_url(client, destination.target)
        client.send_message(QueueUrl=url, MessageBody=message.body, **attributes)

    def _queue_url(self, client: Any, target: str) -> str:
        if not target.startswith("arn:"):
            return target
        if target not in self._queue_urls:
            *_, account, name = target.split(":")
            found = client.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)
            self._queue_urls[target] = found["QueueUrl"]
        return self._queue_urls[target]

    def _client(self, destination: Destination, function: FunctionConfig) -> Any:
        service = destination.kind.value
        region = destination.region or function.region
        endpoint = _endpoint(destination, function) or ""
        key = (service, region, endpoint, function.name)
        if key not in self._clients:
            self._clients[key] = _new_client(service, region, endpoint or None, function)
        return self._clients[key]


def _endpoint(destination: Destination, function: FunctionConfig) -> str | None:
    variables, service = function.environment, destination.kind.value.upper()
    named = variables.get(f"AWS_ENDPOINT_URL_{service}") or variables.get("AWS_ENDPOINT_URL")
    if named or destination.region is not None:
        return named
    url = urlsplit(destination.target)
    return f"{url.scheme}://{url.netloc}"


def _new_client(service: str, region: str, endpoint: str | None, function: FunctionConfig) -> Any:
    try:
        import botocore.session
        from botocore.config import Config
    except ImportError:
        raise RuntimeError(NEEDED) from None
    session = botocore.session.Session()
    given = function.environment
    key, secret = given.get("AWS_ACCESS_KEY_ID"), given.get("AWS_SECRET_ACCESS_KEY")
    token = given.get("AWS_SESSION_TOKEN")
    if not key and endpoint is not None and session.get_credentials() is None:
        key = secret = "local"
    return session.create_client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token if key else None,
        config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        ),
    )
