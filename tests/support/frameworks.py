"""The applications of `tests/handlers/frameworks`, by the name of their framework."""

from __future__ import annotations

import importlib.util

from tests.conftest import Require

APPLICATIONS = {
    "starlette": "frameworks.with_starlette:app",
    "fastapi": "frameworks.with_fastapi:app",
    "flask": "frameworks.with_flask:app",
    "django_asgi": "frameworks.with_django:asgi_app",
    "django_wsgi": "frameworks.with_django:wsgi_app",
}


def require_frameworks(require: Require) -> None:
    """Require all frameworks at once, so that none is left out unnoticed."""
    for name in ("starlette", "fastapi", "flask", "django"):
        require(importlib.util.find_spec(name), f"{name} is not installed")
