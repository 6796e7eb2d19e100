"""How `run` and `emulate` serve a function until asked to end, or for one event."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from lambda_ric.cli.parser import UsageError
from lambda_ric.cli.serving_options import ServingOptions
from lambda_ric.emulator import Console, Service
from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.process import on_termination

INTERRUPTED = 130
"""Exit code of a command that a signal ended before it was done."""


def serve(options: ServingOptions) -> int:
    """Do what the command line says, and return the exit code.

    Raises UsageError when an address is taken or the event is none.
    """
    if options.event is None:
        return asyncio.run(_serve(options))
    return asyncio.run(_invoke_once(options, _read_event(options.event)))


async def _serve(options: ServingOptions) -> int:
    console = Console(sys.stdout, as_json=options.log_as_json, quiet=options.quiet)
    service = Service(
        [options.function],
        listening=options.listening,
        console=console,
        retry_delay=options.retry_delay,
    )
    ended = _termination()
    try:
        await service.start()
    except OSError as error:
        address = f"{options.listening.host}:{options.listening.port}"
        raise UsageError(f"cannot listen on {address}: {error.strerror}; try --port 0") from None
    if not options.quiet:
        print(_banner(options, service), file=sys.stderr, flush=True)
    await _first_of(ended, service.failure)
    await service.stop()
    _raise_failure(service)
    return 0


async def _invoke_once(options: ServingOptions, event: bytes) -> int:
    console = Console(sys.stderr, as_json=options.log_as_json, quiet=options.quiet)
    service = Service([options.function], listening=None, console=console)
    ended = _termination()
    await service.start()
    invocation = asyncio.ensure_future(service.invoke(event))
    await _first_of(ended, service.failure, invocation)
    finished = invocation.done()
    await service.stop()
    _raise_failure(service)
    try:
        outcome = await invocation
    except ApiError as error:
        raise UsageError(f"--event: {error}") from None
    if not finished:
        return INTERRUPTED
    sys.stdout.buffer.write(outcome.payload + b"\n")
    sys.stdout.buffer.flush()
    return 1 if outcome.error_type else 0


def _termination() -> asyncio.Future[None]:
    """Return a future that is done when the emulator is asked to end."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def end() -> None:
        if not ended.done():
            ended.set_result(None)

    on_termination(loop, end)
    return ended


async def _first_of(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


def _raise_failure(service: Service) -> None:
    if service.failure.done():
        reason = service.failure.result().strerror
        raise UsageError(f"cannot listen where --runtime-api-address says: {reason}")


def _read_event(text: str) -> bytes:
    """Read the event that `--event` means: a JSON text, a file, or standard input."""
    if text == "-":
        return sys.stdin.buffer.read()
    try:
        json.loads(text)
    except ValueError:
        pass
    else:
        return text.encode()
    try:
        return Path(text).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"--event {text!r} is neither JSON nor a file: {reason}") from None


def _banner(options: ServingOptions, service: Service) -> str:
    function = options.function
    what = function.handler or " ".join(function.command)
    url = f"{service.url}/2015-03-31/functions/function/invocations"
    return "\n".join(
        (
            f"lambda-ric serves {what}, listening on {service.address}",
            f"  curl -XPOST {url} -d '{{}}'",
            f"  aws lambda invoke --endpoint-url {service.url} --no-sign-request \\",
            "    --function-name function --cli-binary-format raw-in-base64-out \\",
            "    --payload '{}' /dev/stdout",
        )
    )
