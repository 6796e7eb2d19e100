from __future__ import annotations

import subprocess
import sys

from lambda_ric.cli.examine.import_times import Import, read_imports, slowest

TEXT = """\
what the handler has written
import time:       100 |        100 |     a.inner
import time:       300 |        400 |   a
import time:       500 |        500 |   b
import time:        50 |        950 | app
import time:         7 |          7 | late
"""


def test_each_line_closes_the_imports_before_it() -> None:
    app, late = read_imports(TEXT.splitlines())
    assert app == Import(
        "app",
        0.00095,
        [Import("a", 0.0004, [Import("a.inner", 0.0001)]), Import("b", 0.0005)],
    )
    assert late == Import("late", 0.000007)


def test_the_slowest_imports_are_of_packages_that_own_modules_import() -> None:
    found = slowest(read_imports(TEXT.splitlines()), lambda name: name in ("app", "a"), 2)
    assert [entry.module for entry in found] == ["b", "a.inner"]


def test_it_reads_the_output_of_python() -> None:
    command = [sys.executable, "-X", "importtime", "-c", "import xml.dom.minidom"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    imports = read_imports(done.stderr.splitlines())

    def total(entries: list[Import]) -> int:
        return sum(1 + total(entry.inner) for entry in entries)

    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert total(imports) == len(lines) - 1  # the heading
    assert "xml.dom.minidom" in [entry.module for entry in imports]
