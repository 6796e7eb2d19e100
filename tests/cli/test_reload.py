"""--reload, with files that change while they are served."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from lambda_ric.cli.reload import counts, file_system
from tests.support.command import run_here, running_command

pytestmark = pytest.mark.slow

APP = """
import os, time

def handler(event, context):
    print("begun", flush=True)
    while not os.path.exists(event.get("until", "app.py")):
        time.sleep(0.01)
    return [{version!r}, os.environ.get("COLOUR")]
"""


def _write(folder: Path, version: str) -> None:
    (folder / "app.py").write_text(APP.format(version=version))


def test_a_changed_file_is_named_and_its_code_runs(tmp_path: Path) -> None:
    _write(tmp_path, "old")
    with running_command("app.handler", "--port", "0", "--reload", cwd=tmp_path) as command:
        assert command.invoke().payload[0] == "old"
        _write(tmp_path, "new")
        command.wait_for(r"app\.py changed: restarting")
        assert command.invoke().payload[0] == "new"


def test_a_folder_that_is_made_again_is_watched_again(tmp_path: Path) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    _write(folder, "old")
    options = ("app.handler", "--port", "0", "--reload-dir", str(folder))
    event = {"until": str(tmp_path)}
    env = {"PYTHONPATH": str(folder)}
    with running_command(*options, cwd=tmp_path, env=env) as command:

        def is_served(version: str) -> bool:
            payload = command.invoke(event).payload  # of an error while the file is half written
            return isinstance(payload, list) and payload[0] == version

        assert is_served("old")
        shutil.rmtree(folder)
        command.wait_for("changed: restarting")
        folder.mkdir()
        _write(folder, "again")
        command.until(lambda: is_served("again"))
        _write(folder, "and again")
        command.until(lambda: is_served("and again"))


def test_polling_sees_changes_too(tmp_path: Path) -> None:
    _write(tmp_path, "old")
    arguments = ("app.handler", "--port", "0", "--reload")
    env = {"WATCHFILES_FORCE_POLLING": "true"}
    with running_command(*arguments, cwd=tmp_path, env=env) as command:
        assert command.invoke().payload[0] == "old"
        _write(tmp_path, "newer")
        command.wait_for(r"app\.py changed: restarting")
        assert command.invoke().payload[0] == "newer"


def test_a_bind_mount_from_another_machine_is_polled() -> None:
    mounts = (
        "22 1 254:1 / / rw - ext4 /dev/vda rw\n"
        "40 22 0:37 / /var/task\\040a rw shared:9 - fuse.grpcfuse grpcfuse rw\n"
        "41 22 0:38 / /var rw - overlay overlay rw\n"
    )
    assert file_system("/var/task a/src", mounts) == "fuse.grpcfuse"
    assert file_system("/var/task abc", mounts) == "overlay"
    assert file_system("/home", mounts) == "ext4"


def test_files_written_by_tools_do_not_cause_a_reload() -> None:
    roots = ["/p/.venv/project"]
    counting = ["app.py", "data/rates.json", ".env", "templates/a.html"]
    ignored = [".git/index", "a/__pycache__/x.py", "app.pyc", ".app.py.swp", "x/node_modules/y.js"]
    assert [one for one in counting + ignored if counts(f"{roots[0]}/{one}", roots)] == counting


def test_a_folder_of_tools_does_not_count_when_it_is_made() -> None:
    assert not counts("/p/node_modules", ["/p"])
    assert not counts("/p/a/__pycache__", ["/p"])


def test_excluded_files_do_not_count() -> None:
    exclude = ["*.json", "data/*"]
    excluded = ["out.json", "a/out.json", "data/rates.csv"]
    counting = ["app.py", "other/rates.csv"]
    assert [it for it in excluded + counting if counts(f"/p/{it}", ["/p"], exclude)] == counting


def test_a_handler_that_writes_excluded_files_is_not_restarted(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "count = 0\n"
        "def handler(event, context):\n"
        "    global count\n"
        "    count += 1\n"
        "    open('out.json', 'w').write(str(count))\n"
        "    return count\n"
    )
    arguments = ("app.handler", "--port", "0", "--reload", "--reload-exclude", "*.json")
    with running_command(*arguments, cwd=tmp_path) as command:
        assert [command.invoke().payload for _ in range(2)] == [1, 2]
        (tmp_path / "other.py").touch()
        command.wait_for(r"other\.py changed: restarting")
        assert "out.json" not in command.log
        assert command.invoke().payload == 1


def test_data_that_a_handler_writes_beside_itself_does_not_restart_it(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "count = 0\n"
        "def handler(event, context):\n"
        "    global count\n"
        "    count += 1\n"
        "    open('out.json', 'w').write(str(count))\n"
        "    return count\n"
    )
    with running_command("app.handler", "--port", "0", "--reload", cwd=tmp_path) as command:
        assert [command.invoke().payload for _ in range(2)] == [1, 2]
        (tmp_path / "other.py").touch()
        command.wait_for(r"other\.py changed: restarting\nready\n")
        assert "out.json" not in command.log
        seen = len(command.log)
        (tmp_path / "rates.json").write_text("{}")  # the developer's, as no invocation runs
        command.wait_for(r"rates\.json changed: restarting\nready\n", seen)


def test_the_running_invocation_finishes(tmp_path: Path) -> None:
    _write(tmp_path, "old")
    with running_command("app.handler", "--port", "0", "--reload", cwd=tmp_path) as command:
        results: list[str] = []
        invoke = threading.Thread(
            target=lambda: results.append(command.invoke({"until": "go"}).payload[0])
        )
        invoke.start()
        command.wait_for("begun")
        _write(tmp_path, "new")
        command.wait_for(r"app\.py changed: restarting")
        assert command.invoke().payload[0] == "new"
        assert not results
        (tmp_path / "go").touch()
        invoke.join()
        assert results == ["old"]


def test_a_mistake_is_shown_at_once_and_mended_by_the_next_save(tmp_path: Path) -> None:
    _write(tmp_path, "old")
    with running_command("app.handler", "--port", "0", "--reload", cwd=tmp_path) as command:
        command.invoke()
        (tmp_path / "app.py").write_text("def handler(:\n")
        command.wait_for(r"Runtime.UserCodeSyntaxError")
        result = command.invoke()
        assert result.function_error == "Unhandled"
        assert result.payload["errorType"] == "Runtime.UserCodeSyntaxError"
        seen = len(command.log)
        _write(tmp_path, "new")
        command.wait_for(r"app\.py changed", seen)
        assert command.invoke().payload[0] == "new"


def test_a_changed_env_file_is_read_again(tmp_path: Path) -> None:
    _write(tmp_path, "one")
    (tmp_path / ".env").write_text("COLOUR=red\n")
    arguments = ("app.handler", "--port", "0", "--reload", "--env-file", ".env")
    with running_command(*arguments, cwd=tmp_path) as command:
        assert command.invoke().payload[1] == "red"
        (tmp_path / ".env").write_text("COLOUR\n=\n")
        command.wait_for(r"--env-file \.env, line 2: write it as NAME=VALUE")
        seen = len(command.log)
        (tmp_path / ".env").write_text("COLOUR=blue\n")
        command.wait_for(r"\.env changed", seen)
        assert command.invoke().payload[1] == "blue"


def test_a_directory_to_watch_must_be_there(tmp_path: Path) -> None:
    done = run_here("app.handler", "--reload-dir", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "lambda-ric run: --reload-dir nowhere: there is no such directory\n"
