"""The program that an exec wrapper starts: the runtime, with the handler that `_HANDLER` names."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    if sys.path[0] == os.path.dirname(__file__):  # where the function's folder has to be
        sys.path[0] = os.getcwd()
    from lambda_ric.runtime.bootstrap import run

    run([])
