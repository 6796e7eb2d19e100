"""Several invocations at once in one execution environment, as Lambda Managed Instances ask for.

`AWS_LAMBDA_MAX_CONCURRENCY` says how many. Each is a loop of its own, the same as ever, with its
own connection; the loops are spread over processes and threads:

- process: one loop a process, as in AWS's client. Nothing is shared; the memory is that of N
  functions.
- thread: all loops in threads of one process.
- async: the same; it is what `async def` handlers get, whose coroutines share one event loop.
- hybrid: as many processes as there are CPUs, with threads in each.

`AWS_LAMBDA_CONCURRENCY_MODE` chooses. Without it an async handler means async, any other process.
"""

from __future__ import annotations

import inspect
import logging
import os
import socket
import sys
import threading
from contextvars import copy_context
from queue import SimpleQueue
from typing import TYPE_CHECKING

from lambda_ric.ondemand import workers
from lambda_ric.ondemand.concurrent_client import PatientRuntimeApi
from lambda_ric.ondemand.concurrent_context import (
    ConcurrentCurrent,
    end_invocation,
)
from lambda_ric.runtime import bootstrap, doors
from lambda_ric.runtime.errors import RuntimeApiError, SettingsError
from lambda_ric.runtime.log_sink import LogSink, open_log_sink
from lambda_ric.runtime.logging_hook import on_import_of_logging
from lambda_ric.runtime.loop import Current, Runtime

if TYPE_CHECKING:
    from lambda_ric.runtime.handler import Function
    from lambda_ric.runtime.settings import Settings
    from lambda_ric.wire.runtime_api import Invocation

MODE_VARIABLE = "AWS_LAMBDA_CONCURRENCY_MODE"
MODES = ("process", "thread", "async", "hybrid")


def serve(settings: Settings) -> None:
    """Serve as many invocations at once as the settings say. Returns never, as `bootstrap.run`."""
    mode = os.environ.get(MODE_VARIABLE, "").lower()
    if mode and mode not in MODES:
        raise SettingsError(f"{MODE_VARIABLE} is not one of {', '.join(MODES)} but {mode!r}")
    count = settings.max_concurrency or 1
    if mode in ("thread", "async") or not hasattr(os, "fork"):
        serving = _Serving(settings, open_log_sink(settings.telemetry_fd))
        serving.run_threads(bootstrap.prepare(serving.runtime()), count)
    elif mode == "hybrid":
        processes = min(count, os.cpu_count() or 1)
        _serve_in_processes(settings, processes, threads=-(-count // processes))
    else:
        _serve_in_processes(settings, count, threads=1, async_alone=not mode)


def _serve_in_processes(
    settings: Settings, processes: int, threads: int, async_alone: bool = False
) -> None:
    """Serve in worker processes; the first one may turn out to serve all, in an event loop."""
    _announce(settings, processes)
    supervisor = workers.Supervisor()
    worker = supervisor.fork(1)
    if isinstance(worker, workers.Worker):
        others = range(2, processes + 1)
        if async_alone and worker.wait_until_told() != workers.READY:
            others = range(0)
        for number in others:
            worker = supervisor.fork(number)
            if isinstance(worker, workers.Teller):
                break
        else:
            worker = supervisor.watch()
    _work(settings, worker, threads, async_alone)


def _work(settings: Settings, parent: workers.Teller, threads: int, async_alone: bool) -> None:
    """Serve in this process, which is a worker."""
    if settings.log_socket:
        _redirect_output(settings.log_socket)
    serving = _Serving(settings, LogSink())
    runtime = serving.runtime()
    function = bootstrap.prepare(runtime)
    alone = async_alone and _is_async(function)
    parent.tell(workers.SERVES_ALL if alone else workers.READY)
    try:
        if alone:
            serving.run_threads(function, settings.max_concurrency or 1)
        elif threads > 1:
            serving.run_threads(function, threads)
        else:
            runtime.serve(function)
    except RuntimeApiError:
        parent.tell(workers.API_GONE)
        raise
    finally:
        bootstrap.end(runtime)


class _Serving:
    """The loops of one process, which share its log."""

    def __init__(self, settings: Settings, sink: LogSink) -> None:
        self._settings = settings
        self._sink = sink
        self._current = ConcurrentCurrent()
        self._failures: SimpleQueue[BaseException] = SimpleQueue()

    def runtime(self) -> Runtime:
        """Return what a loop needs, with a connection of its own."""
        api = PatientRuntimeApi(self._settings)
        return _ConcurrentRuntime(self._settings, api, self._sink, self._current, concurrent=True)

    def run_threads(self, function: Function, count: int) -> None:
        """Run loops in threads, and raise what ends the first one that ends."""
        self._current.isolate()
        for number in range(count):
            threading.Thread(
                target=self._run, args=(function,), name=f"loop-{number + 1}", daemon=True
            ).start()
        raise self._failures.get()

    def _run(self, function: Function) -> None:
        try:
            self.runtime().serve(function)
        except BaseException as error:  # SystemExit too: it ends the process, as it always does
            self._failures.put(error)


class _ConcurrentRuntime(Runtime):
    """A runtime whose invocations leave nothing behind in the context of their thread."""

    def handle(self, function: Function, invocation: Invocation) -> None:
        """Serve one invocation in a context of its own."""
        copy_context().run(self._handle, function, invocation)

    def _handle(self, function: Function, invocation: Invocation) -> None:
        try:
            super().handle(function, invocation)
        finally:
            end_invocation()


def _is_async(function: Function) -> bool:
    """Tell whether a handler is `async def`, be it decorated, or an object that is called."""
    plain = inspect.unwrap(function)
    if not inspect.isroutine(plain):
        plain = type(plain).__call__
    return inspect.iscoroutinefunction(plain) or inspect.isasyncgenfunction(plain)


def _redirect_output(path: str) -> None:
    """Send standard output and error to the platform's socket, each on its own connection."""
    for stream_fd in (sys.stdout.fileno(), sys.stderr.fileno()):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(path)
            os.dup2(connection.fileno(), stream_fd)


def _announce(settings: Settings, processes: int) -> None:
    """Log the start of the worker pool as AWS's client does; each worker has its own log then."""
    sink = open_log_sink(settings.telemetry_fd)
    on_import_of_logging(lambda: doors.configure_logging(settings, sink, Current()))
    root = logging.getLogger()
    root.debug(
        {
            "event": "runtime_worker_pool_initializing",
            "workerCount": processes,
            "executionEnvironmentMaxConcurrency": settings.max_concurrency,
        }
    )
    root.handlers.clear()
    sink.close()
