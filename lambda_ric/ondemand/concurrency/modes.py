"""Several invocations at once in one execution environment, as Lambda Managed Instances ask for.

`AWS_LAMBDA_MAX_CONCURRENCY` says how many. Each runs in an ordinary loop with its own connection.
The loops are spread over processes and threads:

- process: one loop per process, as in AWS's client. Nothing is shared; N processes need N times
  the memory.
- thread: all loops in threads of one process.
- async: the same for `async def` handlers, whose coroutines share one event loop.
- hybrid: as many processes as there are CPUs, with threads in each.

`AWS_LAMBDA_CONCURRENCY_MODE` chooses. Without it, async handlers use async, and all others process.
"""

from __future__ import annotations

import functools
import inspect
import logging
import os
import threading
from contextvars import copy_context
from queue import SimpleQueue

from lambda_ric.ondemand.concurrency import workers
from lambda_ric.ondemand.concurrency.client import RetryingRuntimeApiClient
from lambda_ric.ondemand.concurrency.context import ConcurrentCurrent, end_invocation
from lambda_ric.ondemand.concurrency.fork_hooks import run_fork_hooks
from lambda_ric.ondemand.concurrency.log import open_shared_log_sink
from lambda_ric.runtime import bootstrap, doors
from lambda_ric.runtime.errors import RuntimeApiError, SettingsError
from lambda_ric.runtime.import_hook import on_import
from lambda_ric.runtime.log_sink import open_log_sink
from lambda_ric.runtime.loop import Current, Runtime
from lambda_ric.sdk import hooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambda_ric.runtime.handler import Function
    from lambda_ric.runtime.settings import Settings
    from lambda_ric.wire.runtime_api import Invocation

MODE_VARIABLE = "AWS_LAMBDA_CONCURRENCY_MODE"
MODES = ("process", "thread", "async", "hybrid")


def serve(settings: Settings) -> None:
    """Serve as many invocations at once as configured. Never returns, like `bootstrap.run`."""
    mode = os.environ.get(MODE_VARIABLE, "").lower()
    if mode and mode not in MODES:
        raise SettingsError(f"{MODE_VARIABLE} is not one of {', '.join(MODES)} but {mode!r}")
    count = settings.max_concurrency or 1
    if mode in ("thread", "async") or not hasattr(os, "fork"):
        loops = _Loops(settings, count)
        loops.serve(bootstrap.prepare(loops.runtime), count)
    elif mode == "hybrid":
        processes = min(count, os.cpu_count() or 1)
        _serve_in_processes(settings, share_out(count, processes))
    else:
        _serve_in_processes(settings, [1] * count, async_alone=not mode)


def share_out(count: int, processes: int) -> list[int]:
    """Return how many loops each process runs, so that all together run `count`."""
    return [count // processes + (number < count % processes) for number in range(processes)]


def _serve_in_processes(
    settings: Settings, shares: Sequence[int], async_alone: bool = False
) -> None:
    """Serve in worker processes, of which the first finds out what the others are to do.

    For an async handler it serves everything alone. If the module has registered hooks that run
    before the fork, it becomes the parent of the workers, for the module is imported there.
    """
    _announce(settings, len(shares))
    supervisor = workers.Supervisor()
    worker = supervisor.fork(1)
    if isinstance(worker, workers.Worker):
        status = worker.read_status()
        if status == workers.LEADS:
            supervisor.follow(worker)
        others = range(2, len(shares) + 1) if status == workers.READY else range(0)
        worker = supervisor.fork_all(others)
    _work(settings, worker, shares, async_alone)


def _work(
    settings: Settings, parent: workers.WorkerPipe, shares: Sequence[int], async_alone: bool
) -> None:
    """Serve in this process, which is a worker."""
    count = settings.max_concurrency or 1
    loops = _Loops(settings, count if async_alone else shares[parent.number - 1])
    function = bootstrap.load(loops.runtime)
    alone = async_alone and is_async(function)
    if not alone and hooks.fork_hooks:
        parent.send(workers.LEADS)
        run_fork_hooks(loops.runtime)
        parent = workers.Supervisor().fork_all(range(1, len(shares) + 1))
        open_shared_log_sink(settings)  # each worker has its own connection to the log socket
    threads = shares[parent.number - 1]
    bootstrap.begin(loops.runtime)
    parent.send(workers.SERVES_ALL if alone else workers.READY)
    try:
        loops.serve(function, count if alone else threads)
    except RuntimeApiError:
        parent.send(workers.API_GONE)
        raise


class _Loops:
    """The loops of one process, which share its log. `at_most` limits their number."""

    def __init__(self, settings: Settings, at_most: int) -> None:
        self._settings = settings
        self._sink = open_shared_log_sink(settings)
        self._current = ConcurrentCurrent()
        self._endings: SimpleQueue[BaseException] = SimpleQueue()
        self.runtime = self._open_runtime(at_most)

    def serve(self, function: Function, count: int) -> None:
        """Run that many loops, and raise the exception of the first one that ends."""
        try:
            if count == 1:
                self._open_runtime(1).serve(function)
            else:
                self._serve_in_threads(function, count)
        finally:
            bootstrap.end(self.runtime)

    def _serve_in_threads(self, function: Function, count: int) -> None:
        self._current.isolate()
        for number in range(count):
            threading.Thread(
                target=self._run, args=(function, count), name=f"loop-{number + 1}", daemon=True
            ).start()
        raise self._endings.get()

    def _run(self, function: Function, count: int) -> None:
        try:
            self._open_runtime(count).serve(function)
        except BaseException as error:  # SystemExit too: it ends the process, as it always does
            self._endings.put(error)

    def _open_runtime(self, count: int) -> Runtime:
        """Return the runtime of one loop, with its own connection."""
        api = RetryingRuntimeApiClient(self._settings)
        abort = self._endings.put if count > 1 else None
        return _ConcurrentRuntime(self._settings, api, self._sink, self._current, abort)


class _ConcurrentRuntime(Runtime):
    """A runtime whose invocations do not change the context of their thread."""

    def handle(self, function: Function, invocation: Invocation) -> None:
        """Serve one invocation in its own context."""
        copy_context().run(self._handle, function, invocation)

    def _handle(self, function: Function, invocation: Invocation) -> None:
        try:
            super().handle(function, invocation)
        finally:
            end_invocation()


def is_async(function: Function) -> bool:
    """Return whether a handler is `async def`, also if decorated, partial, or a callable object."""
    while isinstance(function := inspect.unwrap(function), functools.partial):
        function = function.func
    called = (function, type(function).__call__)
    return any(inspect.iscoroutinefunction(f) or inspect.isasyncgenfunction(f) for f in called)


def _announce(settings: Settings, processes: int) -> None:
    """Log the start of the worker pool as AWS's client does; each worker has its own log then."""
    sink = open_log_sink(settings.telemetry_fd)
    on_import("logging", lambda: doors.configure_logging(settings, sink, Current()))
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
    settings.telemetry_fd = None
