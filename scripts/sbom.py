"""Prints the software bill of materials of a wheel, in the format of CycloneDX 1.6.

The wheel has no dependencies, so its components are its own files. Equal wheels have equal bills.
"""

from __future__ import annotations

import email
import hashlib
import json
import sys
import uuid
import zipfile
from pathlib import Path
from typing import Any


def bill(wheel: Path) -> dict[str, Any]:
    """Return the bill of a wheel: its name, version, licence, digest, and every file in it."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        headers = email.message_from_bytes(archive.read(metadata))
        files = [
            {"type": "file", "name": name, "hashes": _sha256(archive.read(name))}
            for name in sorted(archive.namelist())
        ]
    required = [line for line in headers.get_all("Requires-Dist", []) if "extra ==" not in line]
    if required:
        raise SystemExit(f"{wheel.name} requires {', '.join(required)}, which the bill lacks")
    name, version = headers["Name"], headers["Version"]
    package = f"pkg:pypi/{name}@{version}"
    hashes = _sha256(wheel.read_bytes())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, hashes[0]['content'])}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": package,
                "name": name,
                "version": version,
                "description": headers["Summary"],
                "licenses": [{"license": {"id": headers["License-Expression"]}}],
                "purl": package,
                "hashes": hashes,
            }
        },
        "components": files,
        "dependencies": [{"ref": package, "dependsOn": []}],
    }


def _sha256(data: bytes) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()}]


if __name__ == "__main__":
    print(json.dumps(bill(Path(sys.argv[1])), indent=2))
