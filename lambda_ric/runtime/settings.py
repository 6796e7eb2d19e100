"""The settings in the environment variables and on the command line, read once and in one place."""

from __future__ import annotations

from lambda_ric.runtime.errors import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableMapping

DEFAULT_PORT = 80


class Settings:
    """The settings of this process.

    The handler is the first argument, else `_HANDLER`, which AWS's base images set. Raises
    SettingsError when something is missing or cannot be understood.

    Source: "Defined runtime environment variables" in the AWS Lambda developer guide, and
    AWS's runtime interface clients for the variables that begin with an underscore.
    """

    __slots__ = (
        "api_host",
        "api_name",
        "api_path",
        "api_port",
        "bundle",
        "exec_wrapper",
        "execution_env",
        "handler",
        "http_endpoint",
        "json_logs",
        "log_level",
        "log_socket",
        "max_concurrency",
        "pauses_collector",
        "snap_start",
        "telemetry_fd",
    )

    def __init__(self, arguments: list[str], environ: MutableMapping[str, str]) -> None:
        self.handler = arguments[0] if arguments else environ.get("_HANDLER", "")
        if not self.handler:
            raise SettingsError(
                "no handler is given: name it as in `python -m lambda_ric app.handler`, "
                "in the image's CMD, or in _HANDLER"
            )
        self.http_endpoint = environ.get("AWS_LAMBDA_HTTP_ENDPOINT", "")
        self._read_address(environ.get("AWS_LAMBDA_RUNTIME_API", ""))
        self.json_logs = environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
        level = environ.get("AWS_LAMBDA_LOG_LEVEL", "")
        self.log_level = "DEBUG" if level == "TRACE" else level.upper()
        self.execution_env = environ.get("AWS_EXECUTION_ENV", "")
        self.snap_start = environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start"
        self.exec_wrapper = environ.get("AWS_LAMBDA_EXEC_WRAPPER", "")
        self.max_concurrency = self._read_concurrency(environ.get("AWS_LAMBDA_MAX_CONCURRENCY"))
        self.pauses_collector = self._read_collector(environ.get("LAMBDA_RIC_GC", ""))
        self.bundle = environ.get("LAMBDA_RIC_BUNDLE", "")
        self.log_socket = environ.get("_LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET", "")
        # The pipe is the runtime's alone: processes that the function starts must not find it.
        self.telemetry_fd = self._read_fd(environ.pop("_LAMBDA_TELEMETRY_LOG_FD", None))

    def _read_address(self, address: str) -> None:
        """Split `host:port`, which some emulators write as a URL, and with a path.

        An HTTP server needs no Runtime API: whoever tries it out has none.
        """
        name, _, path = address.removeprefix("http://").partition("/")
        host, colon, port = name.rpartition(":")
        if not colon or port.endswith("]"):
            host, port = name, str(DEFAULT_PORT)
        if not (host or self.http_endpoint) or not port.isdecimal():
            raise SettingsError(f"AWS_LAMBDA_RUNTIME_API is not host:port but {address!r}")
        self.api_name = name
        self.api_host = host.strip("[]")
        self.api_port = int(port)
        self.api_path = "/" + path.strip("/") if path.strip("/") else ""

    @staticmethod
    def _read_concurrency(value: str | None) -> int | None:
        if value is None:
            return None
        if not value.isdecimal() or int(value) < 1:
            raise SettingsError(f"AWS_LAMBDA_MAX_CONCURRENCY is not a number but {value!r}")
        return int(value)

    @staticmethod
    def _read_collector(value: str) -> bool:
        if value not in ("", "python"):
            raise SettingsError(f"LAMBDA_RIC_GC is not `python` but {value!r}")
        return not value

    @staticmethod
    def _read_fd(value: str | None) -> int | None:
        if value is None:
            return None
        if not value.isdecimal():
            raise SettingsError(f"_LAMBDA_TELEMETRY_LOG_FD is not a number but {value!r}")
        return int(value)
