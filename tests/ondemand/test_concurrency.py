"""Several invocations at once: processes, threads, one event loop, and what becomes of the dead."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lambda_ric.ondemand.concurrency.modes import is_async, share_out
from lambda_ric.testing import Answer, Event
from lambda_ric.testing.runtime_api import Step
from lambda_ric.wire.log_frames import FrameReader
from lambda_ric.wire.runtime_api import NEXT_INVOCATION
from tests.handlers import parallel, parallel_async
from tests.support.runtime import RunningRuntime, serving

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
pytestmark = [needs_fork, pytest.mark.slow]

MODE = "AWS_LAMBDA_CONCURRENCY_MODE"


def settings(count: int, mode: str = "", **more: str) -> dict[str, str]:
    mode_variable = {MODE: mode} if mode else {}
    return {"AWS_LAMBDA_MAX_CONCURRENCY": str(count), **mode_variable, **more}


def meeting(place: Path, count: int) -> list[Event]:
    """Events that are all in the hands of the function at once, or never answered."""
    place.mkdir(exist_ok=True)
    return [Event({"meet": str(place), "count": count})] * count


def facts_of(handler: str, tmp_path: Path, count: int, mode: str = "") -> list[dict[str, Any]]:
    script = meeting(tmp_path / "met", count)
    with serving(handler, script, environ=settings(count, mode)) as runtime:
        facts = [post.json() for post in runtime.posts(count)]
        for fact in facts:
            assert "errorType" not in fact, fact
            fact["own"] = fact["pid"] == runtime.process.pid
        assert len({fact["id"] for fact in facts}) == count
    return facts


@pytest.mark.parametrize("mode", ["", "process", "PROCESS"])
def test_processes_serve_at_once_each_in_its_main_thread(tmp_path: Path, mode: str) -> None:
    facts = facts_of("parallel.handler", tmp_path, 3, mode)
    assert len({fact["pid"] for fact in facts}) == 3
    assert all(fact["main"] and not fact["own"] for fact in facts)


def test_threads_of_one_process_serve_at_once(tmp_path: Path) -> None:
    facts = facts_of("parallel.handler", tmp_path, 4, "thread")
    assert {fact["own"] for fact in facts} == {True}
    assert {fact["thread"] for fact in facts} == {f"loop-{number}" for number in range(1, 5)}


def test_tasks_of_one_event_loop_serve_at_once(tmp_path: Path) -> None:
    facts = facts_of("parallel_async.handler", tmp_path, 4, "async")
    assert {fact["own"] for fact in facts} == {True}
    assert {fact["thread"] for fact in facts} == {"event-loop"}
    assert len({fact["loop"] for fact in facts}) == 1


@pytest.mark.parametrize("handler", ["handler", "decorated", "partial"])
def test_an_async_handler_is_served_by_one_process_unless_told_otherwise(
    tmp_path: Path, handler: str
) -> None:
    facts = facts_of(f"parallel_async.{handler}", tmp_path, 4)
    assert len({fact["loop"] for fact in facts}) == 1
    assert len({fact["pid"] for fact in facts}) == 1


def test_an_async_handler_can_have_processes(tmp_path: Path) -> None:
    facts = facts_of("parallel_async.handler", tmp_path, 2, "process")
    assert len({fact["pid"] for fact in facts}) == 2
    assert {fact["thread"] for fact in facts} == {"MainThread"}


def test_hybrid_has_a_process_for_each_cpu_and_threads_in_it(tmp_path: Path) -> None:
    count = 2 * (os.cpu_count() or 1) + 1
    facts = facts_of("parallel.handler", tmp_path, count, "hybrid")
    assert len({fact["pid"] for fact in facts}) == os.cpu_count()


def test_hybrid_polls_no_more_often_than_it_may() -> None:
    with serving("parallel.handler", environ=settings(3, "hybrid")) as runtime:
        runtime.api.wait_for(lambda: len(runtime.api.requests) == 3)
    assert len(runtime.api.requests) == 3


@pytest.mark.parametrize(
    ("count", "processes", "shares"), [(5, 2, [3, 2]), (2, 2, [1, 1]), (7, 3, [3, 2, 2])]
)
def test_loops_are_shared_out_evenly(count: int, processes: int, shares: list[int]) -> None:
    assert share_out(count, processes) == shares


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        (parallel, "handler", False),
        (parallel, "misbehaves", False),
        (parallel_async, "handler", True),
        (parallel_async, "generator", True),
        (parallel_async, "decorated", True),
        (parallel_async, "partial", True),
        (parallel_async, "callable_object", True),
        (parallel_async, "AsyncObject", False),
    ],
)
def test_async_handlers_are_recognized(module: ModuleType, name: str, expected: bool) -> None:
    assert is_async(getattr(module, name)) is expected


@pytest.mark.parametrize("mode", ["", "process", "thread", "async", "hybrid"])
def test_one_at_a_time_is_possible_in_each_mode(mode: str) -> None:
    with serving("parallel.handler", [Event()], environ=settings(1, mode)) as runtime:
        assert runtime.result()["main"] is True


@pytest.mark.measured
def test_a_mode_that_is_not_known_is_one_line_on_standard_error() -> None:
    with serving("parallel.handler", environ=settings(2, "threads")) as runtime:
        assert runtime.exit_code() == 1
        assert runtime.log == (
            f"lambda-ric: {MODE} is not one of process, thread, async, hybrid but 'threads'\n"
        )


@pytest.mark.parametrize("count", ["0", "-1", "many", ""])
def test_an_invalid_count_is_one_line_on_standard_error(count: str) -> None:
    environ = {"AWS_LAMBDA_MAX_CONCURRENCY": count}
    with serving("parallel.handler", environ=environ) as runtime:
        assert runtime.exit_code() == 1
        assert runtime.log == (
            f"lambda-ric: AWS_LAMBDA_MAX_CONCURRENCY is not a number but {count!r}\n"
        )


# What is refused, and retried.

ALL_MODES = pytest.mark.parametrize("mode", ["process", "thread"])


@pytest.mark.measured
@ALL_MODES
@pytest.mark.parametrize("event", [{}, {"raise": "mine"}, {"stream": "s"}])
def test_a_result_that_comes_too_late_is_logged_and_the_loop_goes_on(
    mode: str, event: dict[str, str]
) -> None:
    environ = settings(2, mode)
    with serving("parallel.misbehaves", [Event(event)], posts=[410], environ=environ) as runtime:
        log = runtime.until_logged("answered 410 to", "This won't kill the Runtime loop")
        assert "Invoke timeout" in log
        runtime.api.feed(Event(), Event())
        assert {post.json()["id"][-1] for post in runtime.posts(3)[1:]} == {"2", "3"}


def test_a_poll_that_fails_is_repeated_with_pauses() -> None:
    script: list[Step] = [Answer.of(500), Answer.of(403), Answer.of(400), Event()]
    with serving("parallel.handler", script, environ=settings(1, "process")) as runtime:
        runtime.posts(1)
        polls = [r.arrived for r in runtime.api.requests if r.method == "GET"][:4]
        log = runtime.log
    pauses = [after - before for before, after in itertools.pairwise(polls)]
    assert pauses[0] > 0.1
    assert pauses[1] > 0.2
    assert pauses[2] > 0.4
    assert "answered 500 to the poll for the next invocation" in log
    assert log.count("polling again in") == 3


@pytest.mark.measured
@pytest.mark.parametrize("mode", ["", "process", "thread", "async", "hybrid"])
def test_a_runtime_api_that_vanishes_ends_it_all(mode: str) -> None:
    with serving("parallel.handler", environ=settings(4, mode)) as runtime:
        runtime.api.wait_for(lambda: len(runtime.api.requests) == 4)
        runtime.api.close()
        assert runtime.exit_code() == 1
        assert "cannot be reached: Connection refused" in runtime.log
        assert "Traceback" not in runtime.log
        assert_nobody_is_left(runtime)


def group_members(runtime: RunningRuntime) -> list[int]:
    """The processes of a runtime that still live: they share a session."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == runtime.process.pid and fields[0] != "Z":
                members.append(int(entry.name))
    return members


def assert_nobody_is_left(runtime: RunningRuntime) -> None:
    if os.path.exists("/proc/self/stat"):
        runtime.until(lambda: not group_members(runtime))


# The dead.


def test_a_worker_that_is_killed_is_replaced() -> None:
    script = [Event({"kill": 1}), Event(), Event()]
    with serving("parallel.misbehaves", script, environ=settings(1, "process")) as runtime:
        first, second = (post.json() for post in runtime.posts(2))
        assert first["pid"] == second["pid"]
        log = runtime.until_logged("another one takes its place")
    assert "lambda-ric: worker 1 (process" in log
    assert "was killed by signal 9" in log


def test_capacity_is_not_lost_when_workers_die() -> None:
    script = [Event({"exit": code}) for code in (0, 1, 2)]
    environ = settings(3, "process")
    with serving("parallel.misbehaves", script, environ=environ) as runtime:
        runtime.until(lambda: runtime.log.count("another one takes its place") == 3)
        runtime.api.feed(*[Event()] * 3)
        runtime.posts(3)
        log = runtime.log
        runtime.api.wait_for(lambda: runtime.api.requests)
    assert [f"ended with exit code {code};" in log for code in (0, 1, 2)] == [True] * 3


def test_a_worker_killed_while_idle_is_replaced_and_serves() -> None:
    with serving("parallel.handler", [Event()], environ=settings(2, "process")) as runtime:
        victim = runtime.result()["pid"]
        os.kill(victim, signal.SIGKILL)
        runtime.until_logged(f"(process {victim}) was killed by signal 9; another one takes")
        runtime.api.feed(*[Event()] * 3)  # one of them for the poll that nobody reads any more
        assert victim not in {post.json()["pid"] for post in runtime.posts(3)[1:]}


def test_an_async_process_that_dies_is_replaced() -> None:
    script = [Event({"kill": 1})]
    with serving("parallel_async.misbehaves", script, environ=settings(4)) as runtime:
        runtime.until_logged("worker 1 (process", "another one takes its place")
        runtime.api.feed(*[Event()] * 4)  # three of them for polls that nobody reads any more
        runtime.posts(1)


@pytest.mark.parametrize("mode", ["", "process", "hybrid"])
@pytest.mark.parametrize(
    ("handler", "end"),
    [("exits_in_init.x", "ended with exit code 5"), ("killed_in_init.x", "was killed by signal 9")],
)
def test_a_worker_that_dies_in_init_ends_it_all(mode: str, handler: str, end: str) -> None:
    with serving(handler, environ=settings(2, mode)) as runtime:
        assert runtime.exit_code() == (5 if "exits" in handler else 1)
        assert f"{end} and cannot be replaced\n" in runtime.log
        assert_nobody_is_left(runtime)


@pytest.mark.parametrize("mode", ["", "process", "thread", "async", "hybrid"])
def test_an_init_error_ends_it_all_with_code_1(mode: str) -> None:
    environ = settings(3, mode)
    refusals = [Answer.of(202), Answer.of(403), Answer.of(403)]
    with serving("fails_in_init.x", posts=refusals, environ=environ) as runtime:
        assert runtime.exit_code() == 1
        assert runtime.posts(1)[0].json()["errorMessage"] == "in init"
        assert "answered 403" not in runtime.log
        assert_nobody_is_left(runtime)


@pytest.mark.parametrize("mode", ["thread", "async"])
@pytest.mark.parametrize("handler", ["parallel.misbehaves", "parallel_async.misbehaves"])
def test_system_exit_in_one_thread_ends_the_process(mode: str, handler: str) -> None:
    script = [Event({"exit": 7})]
    with serving(handler, script, environ=settings(3, mode)) as runtime:
        assert runtime.exit_code() == 7
        assert "Traceback" not in runtime.log


@pytest.mark.measured
def test_system_exit_of_a_background_task_ends_the_process() -> None:
    script = [Event({"background": 6})]
    environ = settings(3, "async")
    with serving("parallel_async.misbehaves", script, environ=environ) as runtime:
        assert runtime.exit_code() == 6


@pytest.mark.measured
def test_a_handler_that_stops_the_event_loop_ends_the_process() -> None:
    script = [Event({"stop_loop": True})]
    environ = settings(3, "async")
    with serving("parallel_async.misbehaves", script, environ=environ) as runtime:
        assert runtime.exit_code() == 1
        assert runtime.log == (
            "lambda-ric: the handler stopped the event loop of all invocations\n"
        )


# Shutdown.


@pytest.mark.parametrize("mode", ["process", "hybrid", ""])
def test_sigterm_to_the_parent_reaches_the_workers(mode: str) -> None:
    environ = settings(4, mode)
    with serving("parallel.handler", environ=environ) as runtime:
        runtime.api.wait_for(lambda: len(runtime.api.requests) == 4)
        assert runtime.terminate() == 0
        assert_nobody_is_left(runtime)
        assert runtime.log == ""


def test_sigterm_while_the_workers_start_leaves_nobody_behind() -> None:
    with serving("slow_to_load.handler", environ=settings(4, "process")) as runtime:
        runtime.until_logged("loading")
        assert runtime.terminate() == 0
        assert_nobody_is_left(runtime)


@pytest.mark.parametrize("mode", ["process", "hybrid", "thread", "async"])
def test_shutdown_hooks_run_in_each_process(mode: str) -> None:
    with serving("shutdowns.handler", environ=settings(3, mode)) as runtime:
        polls = [NEXT_INVOCATION] * 3
        runtime.api.wait_for(
            lambda: [r.target for r in runtime.api.requests if r.target in polls] == polls
        )
        assert runtime.terminate() == 0
        processes = {"process": 3, "hybrid": min(3, os.cpu_count() or 1)}.get(mode, 1)
        runtime.until(lambda: runtime.log.count("atexit ran") == processes)
        assert runtime.log.count("hook first\n") == processes
        assert runtime.log.count("hook second\n") == processes


@pytest.mark.measured
def test_an_extension_that_another_worker_has_registered_is_enough() -> None:
    taken = b'{"errorMessage":"Extension with this name already registered","errorType":"x"}'
    with RegistrationRefused(taken) as address:
        environ = {**settings(1, "process"), "AWS_LAMBDA_RUNTIME_API": address}
        with serving("shutdowns.handler", environ=environ) as runtime:
            runtime.until_logged("polling again")
            assert "will not be announced" not in runtime.log


def test_a_registration_that_is_refused_is_a_warning() -> None:
    with RegistrationRefused(b'{"errorType":"Extension.RegistrationClosed"}') as address:
        environ = {"AWS_LAMBDA_RUNTIME_API": address}
        with serving("shutdowns.handler", environ=environ) as runtime:
            runtime.until_logged(
                "the shutdown will not be announced to this function: answered 403"
            )


class RegistrationRefused:
    """A Runtime API that answers everything with 403."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __enter__(self) -> str:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return "{}:{}".format(*self._listener.getsockname())

    def __exit__(self, *exception: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            with peer:
                peer.recv(65536)
                peer.sendall(
                    b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
                    % (len(self._body), self._body)
                )


# The log.


class LogProvider:
    """The platform's socket for the output of processes: a connection for each stream."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.received: dict[int, bytes] = {}
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen(64)
        self._threads: list[threading.Thread] = []
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            number = len(self._threads)
            self.received[number] = b""
            thread = threading.Thread(target=self._read, args=(peer, number), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _read(self, peer: socket.socket, number: int) -> None:
        with peer:
            while data := peer.recv(65536):
                self.received[number] += data

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        for thread in self._threads:
            thread.join(30)


@pytest.mark.measured
@pytest.mark.parametrize(("mode", "connections"), [("process", 4), ("thread", 2)])
def test_output_goes_to_the_socket_of_the_platform(
    tmp_path: Path, mode: str, connections: int
) -> None:
    provider = LogProvider(tmp_path / "log")
    environ = settings(2, mode, _LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET=str(provider.path))
    with serving("parallel.writes_anywhere", [Event("hello")], environ=environ) as runtime:
        runtime.posts(1)
        runtime.api.wait_until_idle()
        runtime.until(lambda: len(provider.received) == connections)
        runtime.until(lambda: b"hello\n" in provider.received.values())
        assert runtime.log == ""
    provider.close()


@pytest.mark.measured
@ALL_MODES
def test_a_socket_that_is_not_there_is_one_clear_line(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "missing"
    environ = settings(1, mode, _LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET=str(path))
    with serving("parallel.handler", environ=environ) as runtime:
        assert runtime.exit_code() == 1
        assert (
            f"lambda-ric: _LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET: {path} cannot be reached: "
            "No such file or directory\n" in runtime.log
        )
        assert "Traceback" not in runtime.log


@pytest.mark.measured
def test_the_worker_pool_is_announced_as_by_awss_client() -> None:
    environ = settings(2, "process", AWS_LAMBDA_LOG_FORMAT="JSON", AWS_LAMBDA_LOG_LEVEL="DEBUG")
    with serving("parallel.handler", environ=environ) as runtime:
        log = runtime.until_logged("runtime_worker_pool_initializing")
    assert '"workerCount": 2, "executionEnvironmentMaxConcurrency": 2' in log


@pytest.mark.measured
@pytest.mark.parametrize("environ", [{}, settings(2, "thread"), settings(1, "process")])
@pytest.mark.parametrize(("output", "result"), [("none", "done"), ("own", "said\n")])
def test_standard_output_may_be_missing_or_replaced(
    environ: dict[str, str], output: str, result: str
) -> None:
    script = [Event(), Event({"raise": 1}), Event()]
    environ = {**environ, "OUTPUT": output}
    with serving("without_output.handler", script, environ=environ) as runtime:
        posts = runtime.posts(3)
    results = [post.json() for post in posts if post.target.endswith("/response")]
    errors = [post.json() for post in posts if post.target.endswith("/error")]
    assert [text.startswith(result) for text in results] == [True, True]
    assert [error["errorType"] for error in errors] == ["ValueError"]


@pytest.mark.measured
def test_the_trace_id_can_be_set_within_an_invocation() -> None:
    script = [Event(headers={"Lambda-Runtime-Trace-Id": "Root=1"})]
    with serving("parallel.sets_trace", script, environ=settings(2, "thread")) as runtime:
        assert runtime.result() == ["Root=1", "mine", None, "x", False]


@pytest.mark.measured
def test_frames_of_several_threads_do_not_mix() -> None:
    event = {"mark": "m" * 100_000, "steps": 5, "pause": 0}
    script = [Event(event, headers={"Lambda-Runtime-Trace-Id": "Root=1"})] * 8
    reading, writing = os.pipe()
    received: list[bytes] = []

    def read() -> None:
        while data := os.read(reading, 65536):
            received.append(data)

    reader = threading.Thread(target=read)
    reader.start()
    os.set_inheritable(writing, True)
    environ = settings(8, "thread", _LAMBDA_TELEMETRY_LOG_FD=str(writing))
    with serving("speaking.speaks", script, environ=environ, pass_fds=[writing]) as runtime:
        os.close(writing)
        runtime.posts(8)
        runtime.api.wait_until_idle()
    reader.join(30)
    os.close(reading)
    frames = list(FrameReader().feed(b"".join(received)))
    records = [frame.message for frame in frames if b"record|" in frame.message]
    assert len(records) == 8 * 5
    assert {len(record) for record in records} == {len(records[0])}
