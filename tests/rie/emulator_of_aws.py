"""Our runtime under AWS's Runtime Interface Emulator: as one process, and as LMI has it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import MappingProxyType

from tests.images.standins import emulator_of_aws
from tests.support.paths import ROOT
from tests.support.processes import environment
from tests.support.rie import RunningRie, running_rie

HANDLERS = Path(__file__).with_name("handlers")
ENVIRONMENT = environment(AWS_LAMBDA_FUNCTION_TIMEOUT="20")

_IN_A_ROOT_OF_ITS_OWN = """
mount -t tmpfs -o mode=755 none /var
mkdir /var/python /var/project /var/task /var/runtime
mount --bind "$1" /var/python
mount --bind "$2" /var/project
cp /var/project/tests/rie/handlers/*.py /var/task
cat > /var/task/bootstrap <<END
#!/bin/sh
export PYTHONPATH=/var/project PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8 $3
export LD_LIBRARY_PATH=/var/python/lib  # for a Python that is a shared library
exec /var/python/bin/python3 -m lambda_ric $4
END
chmod 755 /var/task/bootstrap
if [ "$5" ]; then
  mount -t tmpfs -o mode=755 none /opt
  mkdir /opt/extensions
  cp "$5" "${5%/*}/light_http.py" /var/task
  cat > /opt/extensions/ears <<END
#!/bin/sh
export LD_LIBRARY_PATH=/var/python/lib
exec /var/python/bin/python3 /var/task/${5##*/} ears deaf
END
  chmod 755 /opt/extensions/ears
fi
shift 5
exec "$@"
"""
"""In LMI's mode the emulator runs /var/task/bootstrap as a user of its own.

The mounts are those of a mount namespace, and vanish with the emulator.
"""


def rie(handler: str) -> AbstractContextManager[RunningRie]:
    """The classic emulator."""
    command = [sys.executable, "-m", "lambda_ric", handler]
    return running_rie(emulator_of_aws(), command, HANDLERS, ENVIRONMENT)


@contextmanager
def lmi(
    handler: str,
    concurrency: int,
    mode: str,
    *,
    extension: Path | None = None,
    env: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[RunningRie]:
    """The emulator as Lambda Managed Instances have it; it needs root.

    The extension, a Python script, gets no INVOKE events, which Managed Instances do not have.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "aws-lambda-rie")
        copy.write_bytes(emulator_of_aws().read_bytes())  # /var, where it lies, is covered
        copy.chmod(0o755)
        variable = f"AWS_LAMBDA_CONCURRENCY_MODE={mode}" if mode else ""
        namespace = ["unshare", "--mount", "--propagation", "private"]
        script = ["sh", "-euc", _IN_A_ROOT_OF_ITS_OWN, "sh"]
        before = [*namespace, *script, sys.base_prefix, str(ROOT), variable, handler]
        before.append(str(extension or ""))
        variables = {**ENVIRONMENT, **env, "AWS_LAMBDA_MAX_CONCURRENCY": str(concurrency)}
        with running_rie(copy, [], HANDLERS, variables, before) as running:
            yield running
