"""Names at the top of a module that nothing uses any more, and variables without a noun."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

from tests.architecture.source import MODULES, PACKAGE, parse, violations
from tests.support.paths import ROOT


def words_of(*paths: Path) -> Counter[str]:
    """Return how often each word stands in files; some handlers of tests are not UTF-8."""
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in paths)
    return Counter(word for text in texts for word in re.findall(r"\w+", text))


EVERYWHERE = words_of(
    *(
        path
        for folder in (PACKAGE, ROOT / "tests", ROOT / "benchmarks", ROOT / "docs")
        for ending in ("*.py", "*.md")
        for path in folder.rglob(ending)
    )
)


def names_of(module: ast.Module) -> set[str]:
    """Return what the top level of a module defines."""
    names = set()
    for node in module.body:
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                names.add(name)
            case ast.Assign(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def dead_names(path: Path) -> set[str]:
    here = words_of(path)
    return {
        name
        for name in names_of(parse(path))
        if not name.startswith("__") and (here if name.startswith("_") else EVERYWHERE)[name] == 1
    }


def test_every_name_is_used() -> None:
    assert not violations(MODULES, dead_names)


PRONOUNS = {"one", "it", "ones", "them"}
"""What a local variable is not called: its name is the noun for what it holds."""


def pronouns(path: Path) -> set[str]:
    nodes = ast.walk(parse(path))
    names = (node for node in nodes if isinstance(node, ast.Name))
    return PRONOUNS & {node.id for node in names if isinstance(node.ctx, ast.Store)}


def test_variables_are_named_with_nouns() -> None:
    assert not violations(MODULES, pronouns)
