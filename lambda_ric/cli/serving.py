"""How `run` and `emulate` serve a function until asked to stop, or for one event."""

from __future__ import annotations

import asyncio
import errno
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lambda_ric.cli.log_output import log_output
from lambda_ric.cli.parser import UsageError
from lambda_ric.cli.payload import read_event
from lambda_ric.cli.result_output import print_result
from lambda_ric.cli.serving_options import ServingOptions
from lambda_ric.cli.signals import on_termination
from lambda_ric.emulator import ApiError, Listening, LogPrinter, Service
from lambda_ric.emulator.durable.state_error import StateError
from lambda_ric.emulator.log import platform_events
from lambda_ric.wire.runtime_api import MAX_EVENT

if TYPE_CHECKING:
    from lambda_ric.emulator.gateway.settings import HttpListening

INTERRUPTED = 130
"""Exit code of a command that a signal ended before it had finished."""


def serve(read_options: Callable[[], ServingOptions]) -> int:
    """Run the command line, and return the exit code.

    Files named in options may change, so a reload reads the options again. Raises UsageError if
    an address is taken or the event is not valid.
    """
    return asyncio.run(_run(read_options))


async def _run(read_options: Callable[[], ServingOptions]) -> int:
    options = read_options()
    with log_output(sys.stdout if options.event is None else sys.stderr) as output:
        printer = LogPrinter(
            output,
            as_json=options.log_as_json,
            quiet=options.quiet,
            functions=[function.name for function in options.functions],
        )
        if options.event is None:
            return await _serve(options, read_options, printer)
        return await _invoke_once(options, _event(options.event), printer)


async def _serve(
    options: ServingOptions, read_options: Callable[[], ServingOptions], printer: LogPrinter
) -> int:
    service = Service(
        options.functions,
        by_name=options.by_name,
        listening=options.listening,
        http=options.http,
        console=printer,
        retry_delay=options.retry_delay,
        skip_time=options.skip_time,
        state=options.state,
    )
    ended = _termination()
    try:
        await service.start()
    except StateError as error:
        raise UsageError(f"--state: {error}") from None
    except OSError as error:
        taken: Listening | HttpListening = options.listening
        if service.url is not None and options.http is not None:
            taken = options.http
        raise UsageError(_cannot_listen(taken, error)) from None
    if not options.quiet:
        print(_banner(options, service), file=sys.stderr, flush=True)
    reloading = asyncio.ensure_future(_reload(options, read_options, service))
    await _first_of(ended, service.failure, reloading)
    watching = reloading.cancel()
    await service.stop()
    _raise_failure(service)
    if not watching:
        reloading.result()
    return 0


async def _reload(
    options: ServingOptions,
    read_options: Callable[[], ServingOptions],
    service: Service,
) -> None:
    """Restart functions whenever their files change. Never returns."""
    if not options.reload_directories:
        await asyncio.Event().wait()
    from lambda_ric.cli.own_files import OwnFiles
    from lambda_ric.cli.reload import changes

    own_files = OwnFiles()
    service.log.subscribe(own_files.note)
    directories, exclude = options.reload_directories, options.reload_exclude
    async for what in changes(directories, exclude, own_files.has):
        service.log.emit(platform_events.notice(f"{what}: restarting"))
        try:
            service.reconfigure(read_options().functions)
        except UsageError as error:
            service.log.emit(platform_events.fault("", str(error)))


async def _invoke_once(options: ServingOptions, event: bytes, printer: LogPrinter) -> int:
    durable = any(function.durable is not None for function in options.functions)
    listening = Listening() if durable else None  # their handlers call back
    service = Service(
        options.functions, listening=listening, console=printer, skip_time=options.skip_time
    )
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
    print_result(outcome.payload)
    return 1 if outcome.error_type else 0


def _termination() -> asyncio.Future[None]:
    """Return a future that is done when the emulator is asked to stop."""
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
        raise UsageError(f"cannot listen at --runtime-api-address: {reason}")


def _event(text: str) -> bytes:
    """Return the event of `--event`. Raises UsageError, as Lambda refuses what is too large."""
    event = read_event(text)
    if len(event) > MAX_EVENT:
        raise UsageError(
            f"--event: RequestTooLargeException (413): {len(event)} byte payload is too large, "
            f"the limit is {MAX_EVENT} bytes"
        )
    return event


def _cannot_listen(listening: Listening | HttpListening, error: OSError) -> str:
    remedy = ""
    if error.errno in (errno.EADDRINUSE, errno.EACCES):
        remedy = "; try --port 0" if isinstance(listening, Listening) else "; try --http 0"
    elif error.errno == errno.EADDRNOTAVAIL:
        remedy = "; this machine has no such address"
    return f"cannot listen on {listening.host}:{listening.port}: {error.strerror}{remedy}"


def _banner(options: ServingOptions, service: Service) -> str:
    functions = options.functions
    name = functions[0].name if options.by_name else "function"
    served = [function.handler or " ".join(function.command) for function in functions]
    if options.by_name:
        served = [f"{f.name} ({what})" for f, what in zip(functions, served, strict=True)]
    links = []
    if options.http is not None and service.http_url is not None:
        links = [f"  open {link}" for link in _links(options.http, service.http_url, options)]
    url = f"{service.url}/2015-03-31/functions/{name}/invocations"
    return "\n".join(
        (
            f"lambda-ric serves {', '.join(served)}, listening on {service.address}",
            *links,
            f"  curl -XPOST {url} -d '{{}}'",
            f"  echo '{{}}' | aws lambda invoke --endpoint-url {service.url} \\",
            f"    --region {functions[0].region} --no-sign-request --function-name {name} \\",
            "    --payload fileb:///dev/stdin /dev/stdout",
        )
    )


def _links(http: HttpListening, url: str, options: ServingOptions) -> list[str]:
    """Return the addresses for a browser: of each function, if the host name chooses one."""
    url = url.replace("127.0.0.1", "localhost")
    if len(options.functions) == 1 or http.kind.has_routes:
        return [url]
    return [url.replace("localhost", f"{f.name}.localhost") for f in options.functions]
