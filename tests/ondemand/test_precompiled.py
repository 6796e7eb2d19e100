"""What a bundle has compiled ahead: the same as what Python compiles itself."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, ForwardRef

import pytest

from lambda_ric.cli.bundling.programs import programs
from lambda_ric.ondemand.precompiled import COMPILER, GENERATORS, Precompiled
from tests.support.paths import ROOT
from tests.support.processes import environment

EXPRESSIONS: list[tuple[str | bytes, int]] = [
    ("a", 0),
    (r"(?P<year>\d{4})-(?P<month>\d\d)?", 0),
    (r"(?P<year>\d{4})-(?P<month>\d\d)?", re.ASCII),
    (r"^ [ ]* (x|yy|zzz)+? # three", re.VERBOSE | re.MULTILINE),
    (r"(?i:straße)[^\W\d_]+|[\u0100-\u2fff\U0001f600]", re.UNICODE),
    (r"(?<=a)b(?!c)(?:d)*.{3,}\Z", re.DOTALL | re.IGNORECASE),
    (r"(a)?b(?(1)c|d)\1", 0),
    (rb"[\x00-\x1f\x7f-\xff]+", 0),
    (rb"(?P<word>\w+)", re.LOCALE | re.IGNORECASE),
    ("same", 0),
    (b"same", 0),
]
SUBJECTS = ["a", "2026-11", "2026-", "  x", "STRASSEé\u0100", "abddd\n", "bd", "abcd", "same"]


@pytest.fixture(scope="module")
def known() -> Any:
    """Return the programs of the expressions."""
    re.purge()
    for expression, flags in EXPRESSIONS:
        re.compile(expression, flags)
    with pytest.warns(FutureWarning):
        re.compile("[[a]")
    return programs()


@contextmanager
def installed(known: Any = ({}, {}), sources: Any = None) -> Iterator[Precompiled]:
    re.purge()
    of_text, of_bytes = ({**programs} for programs in known)
    precompiled = Precompiled(of_text, of_bytes, sources or {})
    precompiled.install()
    try:
        yield precompiled
    finally:
        precompiled.close()


def behaviour(pattern: re.Pattern[Any]) -> list[object]:
    """Return everything that a pattern shows."""
    is_text = isinstance(pattern.pattern, str)
    subjects: list[Any] = SUBJECTS if is_text else [text.encode() for text in SUBJECTS]
    found = [[match.groupdict(), match.regs] for s in subjects for match in pattern.finditer(s)]
    attributes = [pattern.pattern, pattern.flags, pattern.groups, dict(pattern.groupindex)]
    return [*attributes, repr(pattern), found]


@pytest.mark.parametrize(("expression", "flags"), EXPRESSIONS)
def test_a_pattern_equals_the_one_that_python_compiles(
    expression: Any, flags: int, known: Any
) -> None:
    re.purge()
    compiled = re.compile(expression, flags)
    with installed(known):
        ours = re.compile(expression, flags)
    assert ours is not compiled
    assert ours == compiled
    assert behaviour(ours) == behaviour(compiled)


def test_each_program_serves_once_and_the_cache_of_re_after_that(known: Any) -> None:
    with installed(known):
        first = re.compile("a")
        assert re.compile("a") is first
        re.purge()
        assert re.compile("a") is not first
        assert re.compile("a") == first
        assert re.compile("unknown").fullmatch("unknown")


def test_an_expression_that_python_warns_of_is_left_to_python(known: Any) -> None:
    with installed(known), pytest.warns(FutureWarning, match="nested set"):
        re.compile("[[a]")


@pytest.mark.parametrize("wrong", ["(", "[z-a]", "(?P<a>.)(?P<a>.)", 3, None])
def test_errors_are_those_of_python(wrong: Any, known: Any) -> None:
    with installed(known), pytest.raises((re.error, TypeError)) as ours:
        re.compile(wrong)
    with pytest.raises((re.error, TypeError)) as plain:
        re.compile(wrong)
    assert (ours.type, str(ours.value)) == (plain.type, str(plain.value))


def test_afterwards_python_compiles_again(known: Any) -> None:
    compiler: Any = import_module(COMPILER)
    before = compiler.compile
    with installed(known):
        assert compiler.compile != before
    assert compiler.compile is before


def test_a_compiler_that_somebody_else_has_put_in_place_stays(known: Any) -> None:
    compiler: Any = import_module(COMPILER)
    before = compiler.compile

    def theirs(p: Any, flags: int = 0) -> Any:
        return before(p, flags)

    with installed(known):
        compiler.compile = theirs
    try:
        assert compiler.compile is theirs
    finally:
        compiler.compile = before


def test_texts_and_bytes_are_never_compared() -> None:
    program = (
        "import re; re.compile('same'); re.compile(b'same')\n"
        "from lambda_ric.cli.bundling.programs import programs\n"
        "from lambda_ric.ondemand.precompiled import Precompiled\n"
        "Precompiled(*programs(), {}).install(); re.purge()\n"
        "assert re.compile(b'same').match(b'same') and re.compile('same').match('same')\n"
    )
    done = subprocess.run([sys.executable, "-bb", "-c", program], cwd=ROOT, check=False)
    assert done.returncode == 0


@dataclasses.dataclass
class Plain:
    """What the tests below make again."""

    number: int = 0


def make_classes() -> list[Any]:
    """Make classes for which Python generates source."""
    fields: Any = [
        ("a", int),
        ("b", list, dataclasses.field(default_factory=list)),
        ("c", Plain, None),
    ]
    made: Any = dataclasses.make_dataclass("Made", fields, order=True, frozen=True)
    return [
        made,
        namedtuple("Pair", ["left", "right"], defaults=[2]),
        ForwardRef("dict[str, Plain]"),
    ]


def describe(made: Any, pair: Any, reference: Any) -> list[object]:
    """Return what the classes do, and how it looks from inside."""
    methods = [getattr(made, name) for name in ("__init__", "__repr__", "__eq__", "__lt__")]
    codes = [method.__code__ for method in methods if hasattr(method, "__code__")]
    inside = [(c.co_filename, c.co_name, c.co_varnames, c.co_flags, c.co_code) for c in codes]
    values = [repr(made(1)), made(1) == made(1), made(1) < made(2), made(1).b is made(1).b]
    tuples = [repr(pair(1)), pair.__new__.__defaults__, pair.__new__.__code__.co_varnames]
    code = reference.__forward_code__
    return [inside, values, made.__init__.__annotations__, tuples, code.co_code, code.co_filename]


def test_generated_source_is_recorded_and_gives_the_same_classes() -> None:
    plain = describe(*make_classes())
    with installed() as recorded:
        recording = describe(*make_classes())
    sources = {module: dict(codes) for module, codes in recorded.sources.items()}
    assert all(sources[name] for name in GENERATORS)
    with installed(sources=sources) as precompiled:
        serving = describe(*make_classes())
    assert plain == recording == serving
    assert {module: dict(codes) for module, codes in precompiled.sources.items()} == sources


def test_a_module_that_is_imported_later_is_served_too() -> None:
    program = (
        "from lambda_ric.ondemand.precompiled import Precompiled\n"
        "precompiled = Precompiled({}, {}, {}); precompiled.install()\n"
        "import sys; assert 'dataclasses' not in sys.modules\n"
        "import dataclasses; made = dataclasses.make_dataclass('Made', 'ab')\n"
        "assert precompiled.sources['dataclasses'] and made(1, 2).b == 2\n"
        "assert type(dataclasses.__loader__).__name__ == 'SourceFileLoader'\n"
        "precompiled.close(); assert 'exec' not in vars(dataclasses)\n"
    )
    # Without `site`, which starts coverage.py where it measures, and that imports dataclasses.
    done = subprocess.run([sys.executable, "-S", "-c", program], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_annotations_that_are_no_expressions_are_reported_the_same() -> None:
    with installed(), pytest.raises(SyntaxError) as ours:
        ForwardRef("not an expression").__forward_code__  # noqa: B018
    with pytest.raises(SyntaxError) as plain:
        ForwardRef("not an expression").__forward_code__  # noqa: B018
    assert str(ours.value) == str(plain.value)


def test_nothing_is_left_in_the_modules_of_python() -> None:
    with installed():
        assert "exec" in vars(dataclasses)
    for name, function in GENERATORS.items():
        assert function not in vars(sys.modules.get(name, re))


def test_a_module_of_the_function_with_such_a_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "dataclasses.py").write_text("VALUE = 1\n")
    program = (
        "from lambda_ric.ondemand.precompiled import Precompiled\n"
        "precompiled = Precompiled({}, {}, {}); precompiled.install()\n"
        "import dataclasses; assert dataclasses.VALUE and not hasattr(dataclasses, 'exec')\n"
        "precompiled.close()\n"
    )
    environ = environment(PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    done = subprocess.run([sys.executable, "-c", program], env=environ, check=False)
    assert done.returncode == 0
