"""`lambda-ric doctor`: report whether a handler is ready for Lambda, before you deploy it.

Exit codes: 0 fit, 1 something will fail in Lambda, 2 wrong usage.
"""

from __future__ import annotations

import json
from argparse import RawDescriptionHelpFormatter

from lambda_ric import __version__
from lambda_ric.cli.env_file import read_env_file
from lambda_ric.cli.examine.examination import (
    INIT_LIMIT,
    Examination,
    ProbeFailed,
    architecture,
    examine,
    python_version,
)
from lambda_ric.cli.examine.import_times import tree
from lambda_ric.cli.examine.kinds import KINDS
from lambda_ric.cli.handler_names import checked_handler
from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.cli.wording import counted
from lambda_ric.deploy.finding import Level

_EXAMPLES = """examples, in the folder that the image copies:
  lambda-ric doctor app.handler
  lambda-ric doctor app.handler --json | jq .init.slowest_imports
"""


_SHOWN_PART = 0.03
_WORTH_SAYING = 0.005
_SHOWN_ROWS = 25
_SHOWN_MODULES = 3


def main(arguments: list[str]) -> int:
    """Examine the handler that the command line names."""
    parser = CommandParser(
        "lambda-ric doctor",
        description="Load a handler as Lambda would, in a separate process, and report its kind,\n"
        "how long its imports take, and what would fail in Lambda. Exit code 1: there are errors.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("handler", metavar="MODULE.HANDLER", help="such as app.handler")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--env-file",
        action="append",
        default=[],
        metavar="FILE",
        help="variables of the function, as NAME=VALUE lines; repeatable",
    )
    options = parser.parse_args(arguments)
    variables: dict[str, str] = {}
    for path in options.env_file:
        variables |= read_env_file(path)
    try:
        examination = examine(checked_handler(options.handler), variables)
    except ProbeFailed as error:
        raise UsageError(str(error)) from None
    if options.json:
        print(json.dumps(examination.to_json(), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(examination)))
    return int(any(finding.level is Level.ERROR for finding in examination.findings))


def _lines(seen: Examination) -> list[str]:
    handler = seen.handler or {"kind": "cannot be loaded"}
    kind = handler["kind"]
    what = f"{kind}: {KINDS[kind]}" if kind in KINDS else kind
    imports = tree(seen.start.imports, least=max(seen.init_seconds * _SHOWN_PART, 0.0005))
    slow = [
        f"{'':<12}{_ms(entry.seconds):>9} {_ms(entry.self_seconds):>9}  {indent}{entry.module}"
        for depth, entry in imports[:_SHOWN_ROWS]
        for indent in ["  " * depth]
    ]
    packages = [f"{name} {_size(size)}" for name, size in seen.packages.items()]
    result = "200 MB streamed" if "generator" in kind else "6 MB"
    root = seen.task_root
    lines = [
        f"{'handler':<12}{seen.name}, {what}",
        f"{'init':<12}{_ms(seen.init_seconds)} of the {INIT_LIMIT} s that Lambda allows"
        + ("; imports, with what they import and without:" if slow else ""),
        *slow,
        *_start_lines(seen),
        f"{'code':<12}{counted(root.files, 'file')}, {_size(root.size)} in {root.path}",
        f"{'packages':<12}{', '.join(packages) or 'none loaded'}",
        f"{'payloads':<12}event 6 MB (async 1 MB), result {result}",
        f"{'python':<12}{python_version()}, {architecture()}, lambda-ric {__version__}",
        f"{'lambda sets':<12}{', '.join(seen.environment)}",
    ]
    lines += [
        f"{found.level.value}: {found.problem}\n  fix: {found.remedy}" for found in seen.findings
    ]
    lines += _stack_trace(seen)
    errors = sum(finding.level is Level.ERROR for finding in seen.findings)
    warnings = len(seen.findings) - errors
    lines.append(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")
    return lines


def _start_lines(seen: Examination) -> list[str]:
    """Return what else the start holds, and what the runtime or an image could leave out."""
    start = seen.start
    lines = []
    if start.collecting >= _WORTH_SAYING:
        collections = counted(start.collections, "collection")
        lines.append(
            f"{'collector':<12}{collections} while importing, {_ms(start.collecting)}; "
            "the runtime skips them"
        )
    if start.compiled:
        shown = ", ".join(start.compiled[:_SHOWN_MODULES])
        more = ", ..." if len(start.compiled) > _SHOWN_MODULES else ""
        lines.append(
            f"{'bytecode':<12}missing for {counted(len(start.compiled), 'module')}: {shown}{more}; "
            "in an image, run python -m compileall -q ."
        )
    if start.bundle_saves is not None:
        lines.append(
            f"{'bundle':<12}lambda-ric bundle {seen.name} would save {_ms(start.bundle_saves)} "
            "of CPU time, and more where files are read for the first time"
        )
    return lines


def _stack_trace(seen: Examination) -> list[str]:
    """Return the stack trace of the error that loading the handler raised, if there is one."""
    stack = seen.failure["stackTrace"] if seen.failure else []
    entries = [f"  {line}" for entry in stack for line in entry.splitlines()]
    return ["stack trace (most recent call last):", *entries] if entries else []


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"
