from __future__ import annotations

import compileall
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run_command, run_here

pytestmark = pytest.mark.slow

HANDLERS = Path(__file__).parent / "handlers"


Examine = Callable[[str], dict[str, Any]]


def doctor(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run_here("doctor", *arguments, cwd=cwd)


def examine(handler: str, cwd: Path) -> dict[str, Any]:
    done = doctor(handler, "--json", cwd=cwd)
    assert done.stderr == ""
    seen: dict[str, Any] = json.loads(done.stdout)
    errors = [finding for finding in seen["findings"] if finding["level"] == "error"]
    assert done.returncode == (1 if errors else 0)
    return seen


def copy_handlers(to: Path) -> Path:
    """Copy the handlers to where their rights are known."""
    shutil.copytree(HANDLERS, to, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [to, *to.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return to


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_handlers(tmp_path / "task")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that no test changes."""
    return copy_handlers(tmp_path_factory.mktemp("shared") / "task")


@pytest.fixture(scope="module")
def examined(shared: Path) -> Examine:
    """Examine each handler once."""
    return cache(lambda handler: examine(handler, shared))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("plain", "function"),
        ("awaited", "async function"),
        ("pieces", "generator"),
        ("async_pieces", "async generator"),
        ("decorated", "async function"),
        ("application", "generator"),
    ],
)
def test_it_names_the_kind_of_the_handler(name: str, kind: str, examined: Examine) -> None:
    seen = examined(f"kinds.{name}")
    assert (seen["handler"]["kind"], seen["error"]) == (kind, None)


@pytest.mark.parametrize(
    ("name", "kind"), [("app", "ASGI application"), ("wsgi_app", "WSGI application")]
)
def test_it_names_the_kind_of_a_web_application(name: str, kind: str, examined: Examine) -> None:
    seen = examined(f"website:{name}")
    assert (seen["handler"]["kind"], seen["error"]) == (kind, None)
    assert "website.py:" in seen["handler"]["file"]


@pytest.mark.parametrize("name", ["nope", "number"])
def test_it_names_the_web_applications_that_could_be_meant(name: str, examined: Examine) -> None:
    seen = examined(f"website:{name}")
    [finding] = [f for f in seen["findings"] if f["level"] == "error"]
    assert finding["remedy"] == "the module has: app, wsgi_app"


def test_a_colon_without_an_application_is_explained(examined: Examine) -> None:
    [finding] = [f for f in examined("website:")["findings"] if f["level"] == "error"]
    assert "main:app" in finding["remedy"]


def test_it_names_the_file_and_line_of_the_handler(examined: Examine, shared: Path) -> None:
    file, _, line = examined("kinds.plain")["handler"]["file"].rpartition(":")
    assert Path(file).samefile(shared / "kinds.py")
    assert (shared / "kinds.py").read_text().splitlines()[int(line) - 1].startswith("def plain")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("too_few", "it cannot be called with an event and a context: too many positional"),
        ("too_many", "it cannot be called with an event and a context: missing"),
        ("number", "it cannot be called: it is of type int"),
        ("Application", "it is a class: a call makes an object of it, which cannot be sent"),
    ],
)
def test_a_handler_that_lambda_could_not_call_is_an_error(
    name: str, problem: str, examined: Examine
) -> None:
    (finding,) = examined(f"kinds.{name}")["findings"]
    assert finding["level"] == "error"
    assert problem in finding["problem"]


@pytest.mark.parametrize(
    ("name", "problem", "remedy"),
    [
        ("nowhere.handler", "Runtime.ImportModuleError: Unable to import module 'nowhere'", "run"),
        ("kinds.handler", "Runtime.HandlerNotFound: Handler 'handler' missing", "plain, awaited"),
        ("handler", "Runtime.MalformedHandlerName", "module.function"),
        ("sys.exit", "Runtime.BuiltInModuleConflict", "rename the module"),
        ("leaves.handler", "SystemExit: no database", "see the stack trace"),
    ],
)
def test_errors_that_lambda_would_report_come_with_a_remedy(
    name: str, problem: str, remedy: str, examined: Examine
) -> None:
    seen = examined(name)
    (finding,) = seen["findings"]
    assert finding["problem"].startswith(problem)
    assert remedy in finding["remedy"]
    assert seen["handler"] is None


@pytest.mark.parametrize(
    ("code", "place", "line"),
    [
        ("import os\nTABLE = os.environ['TABLE']\n", 'app.py", line 2', "os.environ['TABLE']"),
        ("import sys\nsys.exit('no')\n", 'app.py", line 2', "sys.exit('no')"),
        ("\nimport nonexistent_mod\n", 'app.py", line 2', "import nonexistent_mod"),
    ],
)
def test_the_stack_trace_shows_the_line_at_fault(
    code: str, place: str, line: str, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(code)
    lines = doctor("app.handler", cwd=tmp_path).stdout.splitlines()
    stack = lines[lines.index("stack trace (most recent call last):") + 1 :]
    assert place in stack[0]
    assert line in stack[1]


def test_variables_of_the_function_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import os\nTABLE = os.environ['TABLE']\ndef handler(event, context): ...\n"
    )
    (tmp_path / "variables").write_text("TABLE=orders\n")
    done = doctor("app.handler", "--env-file", "variables", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 errors, 0 warnings" in done.stdout
    assert "2 files, " in done.stdout


def test_one_error_is_not_called_errors(folder: Path) -> None:
    assert "1 error, 0 warnings" in doctor("kinds.number", cwd=folder).stdout


def test_objects_that_are_not_functions_are_named_for_what_they_are(examined: Examine) -> None:
    assert examined("kinds.number")["handler"]["kind"] == "not callable"
    assert examined("kinds.Application")["handler"]["kind"] == "class"


def test_the_slowest_imports_are_those_that_own_modules_make(examined: Examine) -> None:
    init = examined("slow.handler")["init"]
    modules = [entry["module"] for entry in init["slowest_imports"]]
    assert "asyncio" in modules[:3]
    assert "xml.dom.minidom" in modules or "xml.dom" in modules or "xml" in modules
    assert not {"slow", "own", "own.parts"} & set(modules)
    times = [entry["seconds"] for entry in init["slowest_imports"]]
    assert times == sorted(times, reverse=True)
    assert 0 < times[0] < init["seconds"]
    assert len(times) <= 5


def test_the_imports_are_a_tree_with_their_own_times(examined: Examine) -> None:
    init = examined("slow.handler")["init"]
    waiting = list(init["imports"])
    while (asyncio := waiting.pop())["module"] != "asyncio":
        waiting += asyncio["imports"]
    inner = sum(entry["seconds"] for entry in asyncio["imports"])
    assert inner > 0
    assert asyncio["self_seconds"] == pytest.approx(asyncio["seconds"] - inner, abs=1e-5)


def test_it_counts_the_collections_that_the_runtime_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("kept = [[] for _ in range(50_000)]\ndef handler(e, c): ...\n")
    assert examine("app.handler", tmp_path)["init"]["collections"] > 5


def test_modules_without_bytecode_are_named_and_stay_without(folder: Path) -> None:
    for _ in range(2):
        init = examine("kinds.plain", folder)["init"]
        assert init["modules_without_bytecode"] == ["kinds"]
    assert not (folder / "__pycache__").exists()
    compileall.compile_dir(folder, quiet=1)
    assert examine("kinds.plain", folder)["init"]["modules_without_bytecode"] == []


def test_it_tries_out_a_bundle_where_imports_take_long(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import time\ntime.sleep(0.06)\ndef handler(e, c): ...\n")
    assert examine("app.handler", tmp_path)["init"]["bundle_saves_seconds"] >= 0
    assert "lambda-ric bundle app.handler would save" in doctor("app.handler", cwd=tmp_path).stdout


def test_a_bundle_that_is_old_is_a_warning(folder: Path) -> None:
    assert run_command("bundle", "kinds.plain", cwd=folder).returncode == 0
    assert examine("kinds.plain", folder)["findings"] == []
    with (folder / "kinds.py").open("a") as file:
        file.write("# changed\n")
    (finding,) = examine("kinds.plain", folder)["findings"]
    assert finding["level"] == "warning"
    assert "kinds.py changed since lambda-ric.bundle was made" in finding["problem"]
    (folder / "lambda-ric.bundle").write_bytes(b"")
    (finding,) = examine("kinds.plain", folder)["findings"]
    assert "lambda-ric.bundle is ignored: it does not begin with" in finding["problem"]


def test_installed_packages_are_weighed(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import certifi\ndef handler(event, context): ...\n")
    packages = examine("app.handler", tmp_path)["packages"]
    assert packages["certifi"] > 100_000
    assert len(packages) <= 5


def test_the_code_size_leaves_out_virtual_environments(folder: Path) -> None:
    before = examine("kinds.plain", folder)["task_root"]
    for environment in (".git", "__pycache__", "environment"):
        (folder / environment).mkdir(exist_ok=True)
        (folder / environment / "pyvenv.cfg").write_text("x" * 1000)
    after = examine("kinds.plain", folder)["task_root"]
    assert before["files"] == after["files"] == len([*HANDLERS.rglob("*.py")])
    assert before["size"] == after["size"]


@pytest.mark.skipif(os.name != "posix", reason="files have no such rights on Windows")
def test_files_that_another_user_cannot_read_are_an_error(folder: Path) -> None:
    (folder / "slow.py").chmod(0o600)
    (folder / "own").chmod(0o744)
    seen = examine("kinds.plain", folder)
    assert seen["task_root"]["unreadable"] == ["own", "slow.py"]
    (finding,) = seen["findings"]
    assert "cannot read own, slow.py" in finding["problem"]
    assert "chmod -R a+rX" in finding["remedy"]


def test_modules_that_hide_the_standard_library_are_a_warning(folder: Path) -> None:
    (folder / "queue.py").write_text("")
    (folder / "http").mkdir()  # without __init__.py it hides nothing
    seen = examine("kinds.plain", folder)
    (finding,) = seen["findings"]
    assert (finding["level"], seen["task_root"]["shadowing"]) == ("warning", ["queue.py"])


def test_it_reports_python_architecture_and_variables_of_lambda(examined: Examine) -> None:
    seen = examined("kinds.plain")
    assert platform.python_version() in seen["python"]
    if platform.machine() in ("x86_64", "aarch64"):
        assert seen["architecture"] == {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
    assert seen["environment"]["_HANDLER"] == "kinds.plain"
    assert seen["environment"]["LAMBDA_TASK_ROOT"] == "/var/task"


def test_a_person_reads_lines(folder: Path) -> None:
    done = run_command("doctor", "kinds.pieces", cwd=folder)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0] == (
        "handler     kinds.pieces, generator: each piece that it yields is sent at once"
    )
    topics = [line.split()[0] for line in lines if line[0] != " "]
    # A busy machine can make collections, or imports, long enough for a line about them.
    assert [topic for topic in topics if topic not in ("collector", "bundle")] == [
        "handler",
        "init",
        "bytecode",
        "code",
        "packages",
        "payloads",
        "python",
        "lambda",
        "0",
    ]
    failed = doctor("kinds.number", cwd=folder)
    assert failed.returncode == 1
    assert failed.stdout.splitlines()[-3:-1] == [
        "error: the handler: it cannot be called: it is of type int",
        "  fix: write it as def handler(event, context)",
    ]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "the following arguments are required: MODULE.HANDLER"),
        (["vanishes.handler"], "the import of vanishes.handler ended the process"),
    ],
)
def test_wrong_usage_is_one_clear_line(arguments: list[str], complaint: str, folder: Path) -> None:
    done = run_command("doctor", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
