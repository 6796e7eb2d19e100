"""Loads a handler in a separate process, and writes what it found to a file, for the doctor.

Before the handler is loaded only the runtime's own modules are: an import that the handler makes
must cost here what it costs in Lambda. All else is imported afterwards.
"""

from __future__ import annotations

import os
import sys
import time

from lambda_ric.runtime import handler as handlers

MARK = "lambda-ric doctor: the handler's imports begin or end here"
"""Stands in the list of imports before and after those of the handler."""


def main(name: str, output: str) -> None:
    """Load a handler and write the findings to a file, as JSON."""
    sys.path.insert(0, os.getcwd())
    error: BaseException | None = None
    function: object = None
    loaded_before = set(sys.modules)
    print(MARK, file=sys.stderr, flush=True)
    started = time.perf_counter()
    try:
        function = handlers.load(name)
    except (Exception, SystemExit) as failure:
        error = failure
    seconds = time.perf_counter() - started
    print(MARK, file=sys.stderr, flush=True)
    places = _places()

    import json

    from lambda_ric.cli.examine.handler_kind import describe_error, describe_function

    found = {
        "seconds": seconds,
        "modules": {name: place for name, place in places.items() if name not in loaded_before},
        "handler": None if error else describe_function(function),
        "error": describe_error(error, name) if error else None,
    }
    with open(output, "w", encoding="utf-8") as file:
        json.dump(found, file)


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
