"""Loads a handler in a separate process, and writes what it found to a file, for the doctor.

Before the handler is loaded only the runtime's own modules are: an import that the handler makes
must cost here what it costs in Lambda. All else is imported afterwards.
"""

from __future__ import annotations

import gc
import os
import sys
import time

from lambda_ric.runtime import handler as handlers

MARK = "lambda-ric doctor: the handler's imports begin or end here"
"""Stands in the list of imports before and after those of the handler."""


def main(name: str, output: str) -> None:
    """Load a handler and write the findings to a file, as JSON."""
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    path = list(sys.path)
    error: BaseException | None = None
    function: object = None
    loaded_before = set(sys.modules)
    print(MARK, file=sys.stderr, flush=True)
    collections = _Collections()
    gc.callbacks.append(collections.note)
    started = time.perf_counter()
    try:
        function = handlers.load(name)
    except (Exception, SystemExit) as failure:
        error = failure
    seconds = time.perf_counter() - started
    gc.callbacks.remove(collections.note)
    print(MARK, file=sys.stderr, flush=True)
    places = _places()
    compiled = _compiled(loaded_before)

    import json

    from lambda_ric.cli.examine.handler_kind import describe_error, describe_function

    found = {
        "seconds": seconds,
        "collections": collections.count,
        "collecting": collections.seconds,
        "compiled": compiled,
        "bundle": _problem_of_bundle(path),
        "modules": {name: place for name, place in places.items() if name not in loaded_before},
        "handler": None if error else describe_function(function),
        "error": describe_error(error, name) if error else None,
    }
    with open(output, "w", encoding="utf-8") as file:
        json.dump(found, file)


class _Collections:
    """Counts the collections of garbage, and the seconds that they take."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self._started = 0.0

    def note(self, phase: str, _: object) -> None:
        """Note the begin or the end of a collection, as `gc.callbacks` reports it."""
        if phase == "start":
            self._started = time.perf_counter()
        else:
            self.count += 1
            self.seconds += time.perf_counter() - self._started


def _compiled(loaded_before: set[str]) -> list[str]:
    """Return the function's modules without bytecode, which had to be compiled."""
    modules = [sys.modules[name] for name in list(sys.modules) if name not in loaded_before]
    specs = [getattr(module, "__spec__", None) for module in modules]
    return [
        spec.name
        for spec in specs
        if spec is not None
        and spec.has_location
        and spec.cached
        and not os.path.exists(spec.cached)
    ]


def _problem_of_bundle(path: list[str]) -> str | None:
    """Return what is wrong with the bundle beside the function, if there is one.

    `path` is `sys.path` as it was before the function could change it.
    """
    from lambda_ric.ondemand.bundle import Bundle, is_unchanged
    from lambda_ric.runtime.bootstrap import BUNDLE

    sys.path[:] = path
    name = os.environ.get("LAMBDA_RIC_BUNDLE") or BUNDLE
    if name == "off" or not os.path.exists(name):
        return None
    try:
        bundle = Bundle(name)
    except (OSError, ValueError) as error:
        return f"{name} is ignored: {error}"
    changed = [file for file, seen in bundle.files() if not is_unchanged(file, seen)]
    bundle.close()
    if not changed:
        return None
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"{changed[0]}{more} changed since {name} was made"


def _places() -> dict[str, str]:
    """Return the files that the loaded modules come from."""
    places = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str):
            places[name] = os.path.abspath(file)
    return places


if __name__ == "__main__":
    main(*sys.argv[1:])
