"""What Python compiles while modules run, made ahead: regular expressions and generated source.

The modules that an import runs have bytecode. But `re` makes programs of regular expressions in
Python code, and some modules of Python generate source and compile it: `dataclasses` does for each
class, and `typing` for each annotation that is a string. The outcome is the same at each start, so
a bundle has it. That saves 10 % of the CPU of an import of boto3, and more of one of FastAPI.
"""

from __future__ import annotations

import os
import sys

from lambda_ric.ondemand.replacements import Replacements
from lambda_ric.runtime.import_hook import forget_import, on_import

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from re import Pattern
    from types import CodeType, ModuleType
    from typing import Any, TypeAlias

    Programs: TypeAlias = "dict[tuple[str | bytes, int], tuple[Any, ...]]"
    """What `_sre.compile` takes after the expression, by the expression and the flags given."""

    Sources: TypeAlias = "dict[str, dict[str, CodeType]]"
    """Code by the module that generates the source, and the source."""

COMPILER = "re._compiler" if sys.version_info >= (3, 11) else "sre_compile"
"""The module of `re` that makes programs."""

GENERATORS = {
    "annotationlib" if sys.version_info >= (3, 14) else "typing": "compile",
    "collections": "eval",
    "dataclasses": "exec",
}
"""Modules that generate source, and the only built-in function to which each of them gives it."""


class Precompiled:
    """Stands between these modules and Python's compilers, from `install` until `close`.

    What is not known is compiled, and known then. So an empty one records what a function needs.
    """

    def __init__(self, of_text: Programs, of_bytes: Programs, sources: Sources) -> None:
        # Apart, because a comparison of text with bytes is an error under `python -bb`.
        self._programs: dict[type, Programs] = {str: of_text, bytes: of_bytes}
        self.sources = {
            name: _Codes(function, sources.get(name, {})) for name, function in GENERATORS.items()
        }
        self._replacements = Replacements()

    def install(self) -> None:
        """Stand in now for what is imported, and for the rest once it is."""
        on_import(COMPILER, self._replace_compiler)
        for name in GENERATORS:
            on_import(name, _calling(self._replace_function, name))

    def close(self) -> None:
        """Leave the modules as they were, except where somebody else has replaced a function."""
        for name in (COMPILER, *GENERATORS):
            forget_import(name)
        self._replacements.undo()

    def _replace_compiler(self) -> None:
        compiler: Any = sys.modules[COMPILER]
        compile, take = compiler.compile, compiler._sre.compile

        def compile_expression(p: Any, flags: int = 0) -> Pattern[Any]:
            programs = self._programs.get(type(p))
            program = programs.pop((p, flags), None) if programs else None
            pattern: Pattern[Any]
            if program is None:
                pattern = compile(p, flags)
                return pattern
            pattern = take(p, *program)
            return pattern

        self._replace(compiler, "compile", compile_expression)

    def _replace_function(self, module: str) -> None:
        name = GENERATORS[module]
        self._replace(sys.modules[module], name, _STAND_INS[name](self.sources[module]))

    def _replace(self, module: ModuleType, name: str, ours: object) -> None:
        standard_library = os.path.dirname(os.__file__) + os.sep
        if not str(module.__file__).startswith(standard_library):
            return  # the function has a module of that name
        self._replacements.make(module, name, ours)


class _Codes(dict[str, "CodeType"]):
    """Code by its source; unknown source is compiled."""

    def __init__(self, function: str, known: dict[str, CodeType]) -> None:
        super().__init__(known)
        self._mode = "exec" if function == "exec" else "eval"

    def __missing__(self, source: str) -> CodeType:
        # Nothing inherited: neither do the modules import anything from `__future__`.
        code: CodeType = compile(source, "<string>", self._mode, 0, dont_inherit=True)
        self[source] = code
        return code


def _exec_of(codes: _Codes) -> Callable[..., object]:
    def run(source: str, globals: dict[str, Any], locals: dict[str, Any]) -> None:
        exec(codes[source], globals, locals)

    return run


def _eval_of(codes: _Codes) -> Callable[..., object]:
    def evaluate(source: str, globals: dict[str, Any]) -> object:
        return eval(codes[source], globals)

    return evaluate


def _compile_of(codes: _Codes) -> Callable[..., object]:
    def compile_annotation(source: str, filename: str, mode: str) -> CodeType:
        return codes[source]

    return compile_annotation


_STAND_INS = {"compile": _compile_of, "eval": _eval_of, "exec": _exec_of}


def _calling(function: Callable[[str], None], argument: str) -> Callable[[], None]:
    return lambda: function(argument)
