"""Checks a wheel: for any Python 3, small, and without other packages' files."""

from __future__ import annotations

import email
import sys
import zipfile
from pathlib import Path

LARGEST = 1_400_000  # bytes, installed; awslambdaric takes 1.6 MB


def problems(wheel: Path) -> list[str]:
    """Return the problems of a wheel, one line each."""
    found = []
    if not wheel.name.endswith("-py3-none-any.whl"):
        found.append("it is not for any platform")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        size = sum(entry.file_size for entry in archive.infolist())
        headers = email.message_from_bytes(archive.read(metadata))
    required = [line for line in headers.get_all("Requires-Dist", []) if "extra ==" not in line]
    if required:
        found.append(f"it requires {', '.join(required)}")
    if size > LARGEST:
        found.append(f"it takes {size:,} bytes, more than {LARGEST:,}")
    if "lambda_ric/py.typed" not in names:
        found.append("it does not say that it is typed")
    strangers = {name.split("/")[0] for name in names} - {"lambda_ric", metadata.split("/")[0]}
    if strangers:
        found.append(f"it installs {', '.join(sorted(strangers))} as well")
    print(f"{wheel.name}: {size:,} bytes installed, {len(names)} files")
    return found


def main() -> int:
    """Check the wheels named on the command line; return 1 if a wheel has a problem."""
    found = [f"{wheel}: {problem}" for wheel in sys.argv[1:] for problem in problems(Path(wheel))]
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
