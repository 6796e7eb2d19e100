"""Where an emulator is reached that was started without options."""

from __future__ import annotations

DEFAULT_PORT = 8080
DEFAULT_ENDPOINT = f"http://localhost:{DEFAULT_PORT}"
