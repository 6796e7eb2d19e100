"""`python -m lambda_ric app.handler`: the runtime in Lambda, a local Lambda anywhere else."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Serve invocations where there is a Runtime API, or HTTP if asked; else read the command line.

    In Lambda, the command line is neither parsed nor imported: every millisecond is the user's.
    """
    if os.environ.get("AWS_LAMBDA_RUNTIME_API") or os.environ.get("AWS_LAMBDA_HTTP_ENDPOINT"):
        from lambda_ric.runtime.bootstrap import run

        run(sys.argv[1:])
    else:
        from lambda_ric.cli.main import main as command_line

        sys.exit(command_line(sys.argv[1:], owns_process=True))


if __name__ == "__main__":
    main()
