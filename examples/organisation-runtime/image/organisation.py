"""What the organisation gives to each of its functions. It is part of the runtime's image."""

import os


def runtime() -> str:
    """The release of the runtime, as its image was built; Lambda's own runtimes have none."""
    return os.environ.get("ORGANISATION_RUNTIME", "none")
