"""Where things stand in this checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
HANDLERS = ROOT / "tests" / "handlers"
"""What the runtime is tested with."""

EMULATED_HANDLERS = ROOT / "tests" / "emulator" / "handlers"
"""What the emulator is tested with."""
