"""CORS as a function URL or an HTTP API is set to it: no function is asked.

Source: "Cross-origin resource sharing" under "Invoking Lambda function URLs" in the Lambda
developer guide. What is set replaces the fields that a function sends.
"""

from __future__ import annotations

from lambda_ric.emulator.gateway.answers import Answer, Fields
from lambda_ric.emulator.gateway.settings import Cors
from lambda_ric.emulator.http.exchange import Exchange

_PREFIX = "access-control-"


def is_preflight(exchange: Exchange) -> bool:
    """Return whether a browser asks what a page may do."""
    return (
        exchange.request.method == b"OPTIONS"
        and b"origin" in exchange.fields
        and b"access-control-request-method" in exchange.fields
    )


def preflight(cors: Cors, exchange: Exchange) -> Answer:
    """Return the answer to a preflight; an origin that is not allowed learns nothing."""
    fields = _allowed_origin(cors, exchange)
    if fields:
        wanted = exchange.field(b"access-control-request-headers")
        methods = "*" if "*" in cors.methods else ",".join(cors.methods)
        headers = ",".join(cors.headers) if "*" not in cors.headers else wanted or "*"
        fields += [
            ("Access-Control-Allow-Methods", methods),
            ("Access-Control-Allow-Headers", headers),
        ]
        if cors.max_age is not None:
            fields.append(("Access-Control-Max-Age", str(cors.max_age)))
    return Answer(200, fields)


def with_cors(cors: Cors, exchange: Exchange, fields: Fields) -> Fields:
    """Return the fields of a response with those that the page needs, and no others for it."""
    own = [field for field in fields if not field[0].lower().startswith(_PREFIX)]
    allowed = _allowed_origin(cors, exchange)
    if allowed and cors.exposed:
        allowed.append(("Access-Control-Expose-Headers", ",".join(cors.exposed)))
    return own + allowed


def _allowed_origin(cors: Cors, exchange: Exchange) -> Fields:
    origin = exchange.field(b"origin")
    if not origin or not ("*" in cors.origins or origin in cors.origins):
        return []
    fields = [("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]
    if cors.credentials:
        fields.append(("Access-Control-Allow-Credentials", "true"))
    return fields
