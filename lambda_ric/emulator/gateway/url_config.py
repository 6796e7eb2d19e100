"""How the Lambda API describes a function URL."""

from __future__ import annotations

from typing import Any

from lambda_ric.emulator.gateway.settings import Cors, HttpListening


def url_config(settings: HttpListening, url: str) -> dict[str, Any]:
    """Return the members that depend on the front door, which is reached at `url`."""
    described: dict[str, Any] = {
        "FunctionUrl": url,
        "AuthType": "NONE",
        "InvokeMode": settings.invoke_mode,
    }
    if settings.cors is not None:
        described["Cors"] = _described(settings.cors)
    return described


def _described(cors: Cors) -> dict[str, Any]:
    described: dict[str, Any] = {
        "AllowCredentials": cors.credentials,
        "AllowHeaders": list(cors.headers),
        "AllowMethods": list(cors.methods),
        "AllowOrigins": list(cors.origins),
        "ExposeHeaders": list(cors.exposed),
    }
    if cors.max_age is not None:
        described["MaxAge"] = cors.max_age
    return described
