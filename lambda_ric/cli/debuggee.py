"""The function's process under `--debug`: `python -m lambda_ric.cli.debuggee HOST:PORT HANDLER`.

It listens for a debugger, and is then the runtime. It waits for none: one may attach at any time.
"""

from __future__ import annotations

import socket
import sys
import time

import debugpy

from lambda_ric.runtime.bootstrap import run

FREE_SECONDS = 5.0
"""How long the debugger of the previous process, ended by a reload, may hold the port."""


def main(address: str, handler: str) -> None:
    """Listen, then serve invocations."""
    host, _, port = address.rpartition(":")
    _wait_until_free(host, int(port))
    debugpy.listen((host, int(port)))
    sys.stderr.write(f"this process listens for a debugger at {address}\n")
    sys.argv = [sys.argv[0], handler]
    run([handler])


def _wait_until_free(host: str, port: int) -> None:
    """Wait for a port: debugpy itself can be asked to listen only once."""
    deadline = time.monotonic() + FREE_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                time.sleep(0.05)
            else:
                return


if __name__ == "__main__":
    main(*sys.argv[1:])
