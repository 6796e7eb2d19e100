"""Starts the runtime: settings, log, handler, loop.

Exit codes: 1 when the function cannot be initialized or the Runtime API cannot be used, 64 and 65
when a snapshot hook fails, 126 and 127 when the exec wrapper cannot be run; otherwise the
function's own.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module  # light, unlike its submodules

from lambda_ric.runtime import collector, doors, handler
from lambda_ric.runtime.client import RuntimeApiClient
from lambda_ric.runtime.errors import RuntimeApiError, SettingsError
from lambda_ric.runtime.import_hook import answer_import, at_import, on_import, stop_counting
from lambda_ric.runtime.log_sink import flush_standard_streams, open_log_sink
from lambda_ric.runtime.loop import Current, Runtime
from lambda_ric.runtime.settings import Settings

BUNDLE = "lambda-ric.bundle"
"""The bundle in the working directory, which is used unless `LAMBDA_RIC_BUNDLE` names another."""

MANY = 60
"""Imports from which on the quick finder saves more than its own import takes."""

ROOM = 32_769
"""Slots of 8 bytes for the frames of the function's calls: see `_make_room`."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import TypeAlias

    from lambda_ric.ondemand.bundle import Bundle
    from lambda_ric.ondemand.quick_finder import QuickFinder
    from lambda_ric.runtime.handler import Function

    Finder: TypeAlias = Bundle | QuickFinder


def run(arguments: list[str]) -> None:
    """Serve the invocations of the Runtime API until the execution environment ends.

    Never returns; exits with SystemExit or the function's own BaseException.
    """
    try:
        settings = Settings(arguments, os.environ)
        if settings.exec_wrapper:
            doors.run_exec_wrapper(settings)
        _make_room(_serve)
        _serve(settings)
    except (RuntimeApiError, SettingsError) as error:
        sys.stderr.write(f"lambda-ric: {error}\n")
        sys.exit(1)


def _make_room(function: Callable[[Settings], None]) -> None:
    """Let the frames of all that a function calls lie in one piece of memory.

    Python takes 16 KB for frames at a time, and gives them back as soon as they are empty. Where
    calls go back and forth across an end of these, each takes two system calls and page faults.
    For a frame larger than that, Python takes a power of two, and half of it remains for the rest.
    Memory that no frame reaches is never touched.
    """
    if sys.version_info >= (3, 11):  # before, each frame has memory of its own
        function.__code__ = function.__code__.replace(co_stacksize=ROOM)


def _serve(settings: Settings) -> None:
    flush_standard_streams()
    if settings.http_endpoint:
        doors.serve_http(settings)
        return
    if settings.max_concurrency is not None:
        doors.serve_concurrently(settings)
        return
    sink = open_log_sink(settings.telemetry_fd)
    runtime = Runtime(settings, RuntimeApiClient(settings), sink, Current())
    function = prepare(runtime)
    try:
        runtime.serve(function)
    finally:
        end(runtime)


def prepare(runtime: Runtime) -> Function:
    """Do everything that precedes the first invocation, and return the handler."""
    function = load(runtime)
    begin(runtime)
    return function


def load(runtime: Runtime) -> Function:
    """Import the function's module, and return the handler."""
    on_import(
        "logging",
        lambda: doors.configure_logging(runtime.settings, runtime.sink, runtime.current),
    )
    _offer_awslambdaric()
    settings = runtime.settings
    threshold = collector.pause() if settings.pauses_collector else 0
    function = _load_handler(runtime)
    collector.resume(threshold, collect=settings.snap_start)
    return function


def begin(runtime: Runtime) -> None:
    """Do what lies between the import of the module and the first invocation."""
    if _has_shutdown_hooks():
        doors.watch_shutdown(runtime)
    if runtime.settings.snap_start:
        doors.snapshot(runtime)


def end(runtime: Runtime) -> None:
    """Do everything that follows the last invocation."""
    if _has_shutdown_hooks():
        doors.run_shutdown_hooks(runtime)
    if "lambda_ric.ondemand.aio" in sys.modules:
        doors.close_event_loop()


def _offer_awslambdaric() -> None:
    """Let tools find AWS's client where they look for it: by its name, and in `__main__`."""
    if "awslambdaric" in sys.modules:  # by sitecustomize or the like: AWS's own, which is not run
        for name in [name for name in sys.modules if name.startswith("awslambdaric")]:
            del sys.modules[name]
    answer_import("awslambdaric", doors.awslambdaric)
    vars(sys.modules["__main__"])["__getattr__"] = _attribute_of_main


def _attribute_of_main(name: str) -> ModuleType:
    if name == "bootstrap":
        return import_module("awslambdaric.bootstrap")
    raise AttributeError(f"module '__main__' has no attribute {name!r}")


def _has_shutdown_hooks() -> bool:
    """Return whether the function has registered hooks: only then are they imported."""
    hooks = sys.modules.get("lambda_ric.sdk.hooks")
    return hooks is not None and bool(hooks.shutdown_hooks)


def _load_handler(runtime: Runtime) -> Function:
    """Load the handler, or report why it cannot be loaded and exit."""
    if runtime.settings.execution_env == "AWS_Lambda_python3.15":
        doors.warn_of_preview()
    _let_current_directory_be_imported()
    finders = _open_finders(runtime.settings.bundle)
    try:
        function = handler.load(runtime.settings.handler)
        if "lambda_ric.sdk.web.lifespan" in sys.modules and not runtime.settings.http_endpoint:
            doors.start_application(runtime, function)
        return function
    except Exception as error:
        failure = error
    finally:
        stop_counting()
        for finder in finders:
            finder.close()
    # Outside of `except`, as in AWS's client: tools ask sys.exc_info().
    doors.warn_of_init_error()
    runtime.fail_init(doors.explain(failure))
    sys.exit(1)


def _open_finders(named: str) -> list[Finder]:
    """Find modules in the bundle that is named, or in the one beside the function.

    Without a bundle, a function that imports many modules gets the quick finder.
    """
    finders: list[Finder] = []

    def open_quick_finder() -> None:
        if (finder := doors.find_quickly()) is not None:
            finders.append(finder)

    if named == "off":
        return finders
    bundle = doors.open_bundle(named or BUNDLE) if named or os.path.exists(BUNDLE) else None
    if bundle is None:
        at_import(MANY, open_quick_finder)
    else:
        finders.append(bundle)
    return finders


def _let_current_directory_be_imported() -> None:
    """Do what `python -m` does, for a start through the console script or with a safe path."""
    directory = os.getcwd()
    if directory not in sys.path and "" not in sys.path:
        sys.path.insert(0, directory)
