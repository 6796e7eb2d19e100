"""The only ways from the runtime to code that loads on demand: one function for each feature.

A door imports, calls and returns. It keeps no state, and takes and returns data, so that only
the functions that use a feature pay for it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from logging import Formatter
    from typing import Any

    from lambda_ric.ondemand.aio import EventLoop
    from lambda_ric.ondemand.bundle import Bundle
    from lambda_ric.ondemand.quick_finder import QuickFinder
    from lambda_ric.ondemand.report import Report
    from lambda_ric.ondemand.streaming import Stream
    from lambda_ric.runtime.context import LambdaContext
    from lambda_ric.runtime.handler import Function
    from lambda_ric.runtime.log_sink import LogSink
    from lambda_ric.runtime.loop import Current, Outcome, Runtime
    from lambda_ric.runtime.settings import Settings
    from lambda_ric.sdk.client_context import ClientContext
    from lambda_ric.wire.http1 import Reader


def explain(error: BaseException) -> Report:
    """Turn an exception into its report."""
    from lambda_ric.ondemand import report

    return report.explain(error)


def open_bundle(path: str) -> Bundle | None:
    """Find modules in a bundle that was made when the image was built, if it can be used."""
    from lambda_ric.ondemand import bundle

    return bundle.open_bundle(path)


def find_quickly() -> QuickFinder | None:
    """Find modules in fewer steps than Python does."""
    from lambda_ric.ondemand import quick_finder

    return quick_finder.find_quickly()


def configure_logging(settings: Settings, sink: LogSink, current: Current) -> None:
    """Set up `logging` as Lambda does: the root handler, request ids, formats and levels."""
    from lambda_ric.ondemand import logs

    logs.configure(settings, sink, current)


def announcing_loader(loader: Loader, announce: Callable[[], None]) -> Loader:
    """Return a loader that calls a function when its module has been imported."""
    from lambda_ric.ondemand import announcing_loader as module

    return module.AnnouncingLoader(loader, announce)  # type: ignore[return-value]


def awslambdaric(installed: ModuleSpec | None) -> ModuleSpec:
    """Return the spec of the package that tools find as `awslambdaric`."""
    from lambda_ric.ondemand.seams import package

    return package.spec(installed)


def json_formatter() -> Formatter:
    """Return the formatter of log records as JSON."""
    from lambda_ric.ondemand import json_logs

    return json_logs.JsonFormatter()


def framed_log_sink(fd: int) -> LogSink:
    """Return the sink that writes frames to the telemetry log pipe."""
    from lambda_ric.ondemand import framed_log

    return framed_log.FramedLogSink(fd)


def warn_of_init_error() -> None:
    """Log the warning that precedes an initialization error."""
    from lambda_ric.ondemand import notices

    notices.warn_of_init_error()


def warn_of_preview() -> None:
    """Log the warning for a preview of a Python runtime."""
    from lambda_ric.ondemand import notices

    notices.warn_of_preview()


def run_exec_wrapper(settings: Settings) -> None:
    """Become the program that AWS_LAMBDA_EXEC_WRAPPER names, unless it has already run."""
    from lambda_ric.ondemand import exec_wrapper

    exec_wrapper.run(settings)


def response_reader() -> Reader:
    """Return a reader of responses that come in several pieces."""
    from lambda_ric.wire import http1

    return http1.response_reader()


def read_client_context(header: str) -> tuple[ClientContext | None, dict[str, str]]:
    """Return the client context in a header, and the trace context in the same header."""
    from lambda_ric.ondemand import caller_headers

    return caller_headers.read_client_context(header)


def read_identity(header: str) -> dict[str, Any]:
    """Return the Cognito identity in a header."""
    from lambda_ric.ondemand import caller_headers

    return caller_headers.read_identity(header)


def explain_json(text: str) -> str:
    """Say where and why a text is not JSON."""
    from lambda_ric.ondemand import json_errors

    return json_errors.explain(text)


def simplify(value: Any, default: Callable[[Any], Any] | None) -> tuple[Any, Callable[[str], str]]:
    """Turn a value into plain values, and return them with the function that writes texts."""
    from lambda_ric.ondemand import json_values

    return json_values.simplify(value, default), json_values.write_text


def portable_json() -> tuple[Any, Any, Any, Any]:
    """Return the parts of `json` that replace the C code under it."""
    from lambda_ric.ondemand import json_portable as portable

    return (
        portable.write_text,
        portable.make_encoder,
        portable.make_scanner,
        portable.refuse_subclasses,
    )


def load_web_application(name: str) -> Function:
    """Return the handler for a web application that is named as in `main:app`."""
    from lambda_ric.ondemand import web_application

    return web_application.load(name)


def start_application(runtime: Runtime, function: Function) -> None:
    """Start a web application before its first invocation, if the handler is one."""
    from lambda_ric.ondemand import web_application

    web_application.start(runtime, function)


def settle(runtime: Runtime, context: LambdaContext, result: Any) -> Outcome:
    """Await a handler's result if necessary, and prepare it to be sent."""
    from lambda_ric.ondemand.outcome import settle as settle_result  # with each invocation

    return settle_result(runtime, context, result)


def event_loop(runtime: Runtime) -> EventLoop:
    """Return the event loop of this process."""
    from lambda_ric.ondemand.aio import event_loop as loop_of_process  # with each invocation

    return loop_of_process(runtime.abort)


def close_event_loop() -> None:
    """Close the event loop of this process, if it has one."""
    from lambda_ric.ondemand import aio

    aio.close_event_loop()


def begin_stream(runtime: Runtime, context: LambdaContext, result: Any) -> Stream:
    """Take the first piece of a result that is sent piece by piece."""
    from lambda_ric.ondemand import streaming

    return streaming.Stream(runtime, context, result)


def serve_http(settings: Settings) -> None:
    """Be an HTTP server, which Lambda connects to, instead of a client of the Runtime API."""
    from lambda_ric.ondemand import web_function

    web_function.serve(settings)


def serve_concurrently(settings: Settings) -> None:
    """Serve several invocations at once."""
    from lambda_ric.ondemand.concurrency import modes

    modes.serve(settings)


def watch_shutdown(runtime: Runtime) -> None:
    """Make Lambda announce the shutdown, and end this process when it does."""
    from lambda_ric.ondemand import shutdown

    shutdown.watch(runtime)


def run_shutdown_hooks(runtime: Runtime) -> None:
    """Run the shutdown hooks, if a shutdown is what ends this process."""
    from lambda_ric.ondemand import shutdown

    shutdown.run_hooks(runtime)


def snapshot(runtime: Runtime) -> None:
    """Run the hooks around the snapshot, and return once this process runs from it."""
    from lambda_ric.ondemand import snapstart

    snapstart.run(runtime)
