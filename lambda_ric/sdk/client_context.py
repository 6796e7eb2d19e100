"""The client context: information that the caller of an invocation sent about itself."""

from __future__ import annotations

from lambda_ric.runtime.context import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
        """Its version name, for people."""
        self.app_version_code: str | None = values.get("app_version_code")
        """Its version code, as the app store counts it."""
        self.app_package_name: str | None = values.get("app_package_name")
        """The name of its package."""

    def __repr__(self) -> str:
        return text_of(self, self.__slots__)


class ClientContext:
    """The client context: the caller's own values, its environment, and its application."""

    __slots__ = ("custom", "env", "client")  # noqa: RUF023 - the order of the text form

    def __init__(self, values: dict[str, Any]) -> None:
        client = values.get("client")
        self.custom: dict[str, Any] | None = values.get("custom")
        """Values that the application chose itself."""
        self.env: dict[str, Any] | None = values.get("env")
        """The AWS SDK's information about the device: platform, locale and the like."""
        self.client: Client | None = None if client is None else Client(client)
        """The application; None if it was not sent."""

    def __repr__(self) -> str:
        return text_of(self, self.__slots__)
