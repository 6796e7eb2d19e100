"""serverless-offline, the most used local API Gateway, from npm.

Its current releases are plugins of Serverless 4, which runs only with an account; osls is the free
continuation of Serverless 3, and runs the same plugin.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.child import ENVIRONMENT
from benchmarks.emulators import await_listening, free_ports
from benchmarks.environments import CACHE_OF_ALL
from benchmarks.peers import FUNCTIONS, OURS, python_of
from benchmarks.scripted_api import LIMIT_SECONDS

REQUIREMENTS = ("osls@4.3.1", "serverless-offline@14.8.2")

_PREFIX = CACHE_OF_ALL / "serverless-offline"
_PROGRAM = _PREFIX / "node_modules" / ".bin" / "osls"
_SETTINGS = """\
service: benchmark
frameworkVersion: "*"
provider: {name: aws, runtime: python3.13, region: us-east-1}
plugins: [serverless-offline]
functions:
  function: {handler: http_ok.handler, events: [{httpApi: "GET /items/{id}"}]}
"""


@functools.cache
def missing() -> str:
    """Tell what is missing to run it; install it at the first call."""
    absent = [program for program in ("node", "npm") if not shutil.which(program)]
    if absent:
        return f"not installed: {', '.join(absent)}"
    if _PROGRAM.exists():
        return ""
    install = ("npm", "install", "--no-fund", "--no-audit", "--legacy-peer-deps")
    command = (*install, "--prefix", str(_PREFIX), *REQUIREMENTS)
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=600)
    except subprocess.TimeoutExpired:
        return "npm takes more than 10 minutes to install serverless-offline"
    return f"`{' '.join(command)}` fails" if done.returncode else ""


@contextmanager
def serving() -> Iterator[int]:
    """Serve functions/http_ok.py behind an HTTP API, and yield the port."""
    port, invoke_port = free_ports(2)
    # It looks for `python3` in the PATH.
    path = f"{python_of(OURS).parent}:{Path(str(shutil.which('node'))).parent}"
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryFile() as log:
        folder = Path(name)
        (folder / "serverless.yml").write_text(_SETTINGS)
        (folder / "node_modules").symlink_to(_PREFIX / "node_modules")
        shutil.copy(FUNCTIONS / "http_ok.py", folder)
        ports = ("--httpPort", str(port), "--lambdaPort", str(invoke_port))
        process = subprocess.Popen(
            [str(_PROGRAM), "offline", "--host", "127.0.0.1", *ports],
            cwd=folder,
            env={**ENVIRONMENT, "HOME": name, "PATH": f"{path}:{ENVIRONMENT['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            await_listening(port)
            yield port
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait(LIMIT_SECONDS)
