"""`lambda-ric bundle`: put the code of all that a handler imports into one file.

Exit codes: 0 made, 1 the handler cannot be imported, 2 wrong usage.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import RawDescriptionHelpFormatter

from lambda_ric.cli.examine.lambda_environment import for_probe
from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.runtime.bootstrap import BUNDLE

_EXAMPLES = """example, at the end of a Dockerfile, before USER:
  RUN ["python", "-m", "lambda_ric", "bundle", "app.handler"]
"""


def main(arguments: list[str]) -> int:
    """Make the bundle of the handler that the command line names."""
    parser = CommandParser(
        "lambda-ric bundle",
        description="Import a handler once and write the code of all that it imports to one file, "
        "which the\nruntime reads in place of a thousand small ones. Run it where the function "
        "runs: with the\nsame Python, packages, folders and PYTHONPATH.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("handler", metavar="MODULE.HANDLER", help="such as app.handler")
    parser.add_argument(
        "-o", "--output", metavar="FILE", default=BUNDLE, help="where to write it (%(default)s)"
    )
    options = parser.parse_args(arguments)
    folder = os.path.dirname(os.path.abspath(options.output))
    if not os.access(folder, os.W_OK):
        raise UsageError(f"{folder} cannot be written to")
    if os.path.isdir(options.output):
        raise UsageError(f"{options.output} is a folder; name a file")
    return _make(options.handler, options.output)


def _make(handler: str, output: str) -> int:
    """Make the bundle beside its place, and move it there once it is whole."""
    unfinished = f"{output}.{os.getpid()}"
    flags = ["-O"] * sys.flags.optimize
    command = [sys.executable, *flags, "-m", "lambda_ric.cli.bundling.maker", handler, unfinished]
    environment = for_probe(os.environ, handler, os.getcwd())
    try:
        code = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
        ).returncode
        if code or not os.path.exists(unfinished):
            print(f"lambda-ric bundle: {handler} cannot be imported; see above", file=sys.stderr)
            return 1
        os.replace(unfinished, output)
    finally:
        if os.path.exists(unfinished):
            os.unlink(unfinished)
    print(f"{output}: {os.path.getsize(output) / 1e6:.1f} MB")
    return 0
