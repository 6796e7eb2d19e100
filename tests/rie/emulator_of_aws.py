"""AWS's Runtime Interface Emulator with our runtime under it: as one process, and as LMI has it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.images.standins import emulator_of_aws

ROOT = Path(__file__).parents[2]
FUNCTIONS = Path(__file__).with_name("functions")
PATIENCE = 30.0

_IN_A_ROOT_OF_ITS_OWN = """
mount -t tmpfs -o mode=755 none /var
mkdir /var/python /var/project /var/task /var/runtime
mount --bind "$1" /var/python
mount --bind "$2" /var/project
cp /var/project/tests/rie/functions/*.py /var/task
cat > /var/task/bootstrap <<END
#!/bin/sh
export PYTHONPATH=/var/project PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8 $3
export LD_LIBRARY_PATH=/var/python/lib  # for a Python that is a shared library
exec /var/python/bin/python3 -m lambda_ric $4
END
chmod 755 /var/task/bootstrap
shift 4
exec "$@"
"""
"""In LMI's mode the emulator runs /var/task/bootstrap as a user of its own.

The mounts are those of a mount namespace, and vanish with the emulator.
"""


@dataclass
class Answer:
    """What an invoke gave."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the value of the JSON body."""
        return json.loads(self.body)


class Served:
    """A running emulator."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: IO[bytes]) -> None:
        self.process = process
        self._port = port
        self._log = log

    @property
    def log(self) -> str:
        """What the emulator and the function have written so far."""
        return os.pread(self._log.fileno(), 1 << 24, 0).decode("utf-8", "replace")

    def invoke(self, event: object) -> Answer:
        """Invoke the function, and return the answer, whatever it is."""
        url = f"http://127.0.0.1:{self._port}/2015-03-31/functions/function/invocations"
        headers = {"Content-Type": "application/json"}  # LMI's passes it on to the runtime
        request = urllib.request.Request(url, json.dumps(event).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return Answer(response.status, dict(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())

    def invoke_when_idle(self, event: object) -> Answer:
        """Invoke the function once one of its loops waits: until then LMI's emulator refuses."""
        limit = time.monotonic() + PATIENCE
        while (answer := self.invoke(event)).headers.get("Error-Type") == "Runtime.Unavailable":
            if time.monotonic() > limit:
                raise TimeoutError(self.log)
            time.sleep(0.02)
        return answer

    def until_it_listens(self) -> None:
        """Wait until the emulator accepts connections."""
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port)).close()
            except OSError:
                if time.monotonic() > limit or self.process.poll() is not None:
                    raise TimeoutError(self.log) from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> str:
        """Let the emulator shut its execution environment down, and return the log."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        return self.log


@contextmanager
def rie(handler: str) -> Iterator[Served]:
    """The classic emulator."""
    command = [str(emulator_of_aws()), *_addresses(), sys.executable, "-m", "lambda_ric", handler]
    with _started(command) as served:
        yield served


@contextmanager
def lmi(handler: str, concurrency: int, mode: str) -> Iterator[Served]:
    """The emulator as Lambda Managed Instances have it; it needs root."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "aws-lambda-rie")
        copy.write_bytes(emulator_of_aws().read_bytes())  # /var, where it lies, is covered
        copy.chmod(0o755)
        variable = f"AWS_LAMBDA_CONCURRENCY_MODE={mode}" if mode else ""
        arguments = [sys.base_prefix, str(ROOT), variable, handler]
        script = ["sh", "-euc", _IN_A_ROOT_OF_ITS_OWN, "sh", *arguments]
        namespace = ["unshare", "--mount", "--propagation", "private"]
        command = [*namespace, *script, str(copy), *_addresses()]
        with _started(command, AWS_LAMBDA_MAX_CONCURRENCY=str(concurrency)) as served:
            yield served


def _addresses() -> list[str]:
    flags = ("--runtime-interface-emulator-address", "--runtime-api-address")
    return [word for flag in flags for word in (flag, f"127.0.0.1:{_free_port()}")]


def _free_port() -> int:
    """The emulator cannot tell which port it has got, so it must be told one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _started(command: list[str], **environ: str) -> Iterator[Served]:
    flag = command.index("--runtime-interface-emulator-address")
    port = int(command[flag + 1].rpartition(":")[2])
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            command,
            cwd=FUNCTIONS,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",
                "AWS_LAMBDA_FUNCTION_TIMEOUT": "20",
                **environ,
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        served = Served(process, port, log)
        try:
            served.until_it_listens()
            yield served
        finally:
            process.kill()
