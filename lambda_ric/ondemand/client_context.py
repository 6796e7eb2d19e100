"""What the caller of an invocation tells of itself: client context, trace context, identity."""

from __future__ import annotations

from lambda_ric.runtime import doors
from lambda_ric.runtime.context import text_of
from lambda_ric.runtime.errors import CONTEXT_UNMARSHAL_ERROR, Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TRACE_FIELDS = ("traceparent", "tracestate", "baggage")


class Client:
    """The mobile application that invokes the function, each attribute as the AWS SDK sent it."""

    __slots__ = (  # noqa: RUF023 - the order of the text form
        "installation_id",
        "app_title",
        "app_version_name",
        "app_version_code",
        "app_package_name",
    )

    def __init__(self, values: dict[str, Any]) -> None:
        self.installation_id: str | None = values.get("installation_id")
        """The id of this installation of the application."""
        self.app_title: str | None = values.get("app_title")
        """The name of the application."""
        self.app_version_name: str | None = values.get("app_version_name")
        """Its version, as people read it."""
        self.app_version_code: str | None = values.get("app_version_code")
        """Its version, as the store counts it."""
        self.app_package_name: str | None = values.get("app_package_name")
        """The name of its package."""

    def __repr__(self) -> str:
        return text_of(self, self.__slots__)


class ClientContext:
    """What the caller sent along as client context: its own values, its environment, itself."""

    __slots__ = ("custom", "env", "client")  # noqa: RUF023 - the order of the text form

    def __init__(self, values: dict[str, Any]) -> None:
        client = values.get("client")
        self.custom: dict[str, Any] | None = values.get("custom")
        """Values that the application chose itself."""
        self.env: dict[str, Any] | None = values.get("env")
        """What the AWS SDK tells of the device: platform, locale and the like."""
        self.client: Client | None = None if client is None else Client(client)
        """The application; None when it is not told."""

    def __repr__(self) -> str:
        return text_of(self, self.__slots__)


def read_client_context(header: str) -> tuple[ClientContext | None, dict[str, str]]:
    """Return the client context of a header, and the W3C trace context, which Lambda puts there.

    Raises a Fault when the header is not JSON.
    """
    values = _parse("Client Context", header)
    trace_fields = _take_trace_fields(values)
    return (None if values is None else ClientContext(values)), trace_fields


def read_identity(header: str) -> dict[str, Any]:
    """Return the Cognito identity of a header. Raises a Fault when it is not JSON."""
    values = _parse("Cognito Identity", header)
    return {} if values is None else values


def _parse(name: str, header: str) -> Any:
    try:
        return doors.parse_json(header)  # who imports the class for its name needs no parser
    except ValueError as error:
        message = f"Unable to parse {name} JSON: {error}"
        raise Fault(CONTEXT_UNMARSHAL_ERROR, message) from None


def _take_trace_fields(client_context: Any) -> dict[str, str]:
    if not isinstance(client_context, dict):
        return {}
    fields = client_context.pop("w3c", None)
    if not isinstance(fields, dict):
        return {}
    return {name: fields[name] for name in _TRACE_FIELDS if isinstance(fields.get(name), str)}
