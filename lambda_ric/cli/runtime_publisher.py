"""Reads and changes customer-managed runtimes with botocore, which is not a dependency."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from lambda_ric.cli.parser import UsageError
from lambda_ric.cli.progress import Waiting
from lambda_ric.deploy.runtime_plan import ALIAS, VERSION, Existing, Step, Wanted

_NEEDED = (
    "it needs a botocore that knows customer-managed runtimes, 1.44 or newer: "
    "pip install 'lambda-ric[publish]'"
)
_WAITERS = {VERSION: "runtime_version_active", ALIAS: "runtime_alias_active"}
_READERS = {VERSION: "GetRuntimeVersion", ALIAS: "GetRuntimeAlias"}
_WAIT = {"Delay": 2, "MaxAttempts": 300}
_ATTEMPTS = 8


class PublishingError(Exception):
    """AWS refused a call, or could not be reached; the message says which, and why."""


class AlreadyThereError(PublishingError):
    """Another publication has created, or is changing, the same."""


class Publisher:
    """The runtimes of an account in a region.

    Calls that were throttled, or failed within AWS, are repeated. Raises UsageError without
    botocore or a region, and PublishingError from its methods.
    """

    def __init__(self, region: str | None, endpoint: str | None) -> None:
        try:
            import botocore.exceptions
            import botocore.session
            from botocore import xform_name
            from botocore.config import Config
        except ImportError:
            raise UsageError(_NEEDED) from None
        self._errors = botocore.exceptions
        self._method_name = xform_name
        config = Config(retries={"mode": "standard", "max_attempts": _ATTEMPTS})
        session = botocore.session.get_session()
        try:
            self._client = session.create_client(
                "lambda-core", region_name=region, endpoint_url=endpoint, config=config
            )
        except botocore.exceptions.UnknownServiceError:
            raise UsageError(_NEEDED) from None
        except (botocore.exceptions.BotoCoreError, ValueError) as error:
            raise UsageError(str(error)) from None

    def read(self, wanted: Wanted) -> Existing:
        """Return what there is of a wanted runtime."""
        runtime = self._get("GetRuntime", RuntimeName=wanted.name)
        if runtime is None:
            return Existing()
        named = partial(self._get, RuntimeName=wanted.name)
        version = named("GetRuntimeVersion", Name=wanted.version) if wanted.version else None
        found = {alias: named("GetRuntimeAlias", Name=alias) for alias in wanted.aliases}
        aliases = {alias: there for alias, there in found.items() if there is not None}
        return Existing(runtime, version, aliases)

    def carry_out(self, step: Step) -> dict[str, Any]:
        """Make the call of a step, wait until what it changes is active, and return the result.

        Raises AlreadyThereError when another publication has come first.
        """
        with Waiting(step.sentence):
            try:
                response = self._call(step.operation, **step.parameters)
            except PublishingError as error:
                if _code(error) == "ResourceConflictException":
                    raise AlreadyThereError(str(error)) from error
                raise
            return self._wait(step) if step.waits_for else response

    def _wait(self, step: Step) -> dict[str, Any]:
        named = {key: step.parameters[key] for key in ("RuntimeName", "Name")}
        waiter = self._client.get_waiter(_WAITERS[step.waits_for])
        try:
            self._translated(lambda: waiter.wait(**named, WaiterConfig=_WAIT))
        except self._errors.WaiterError as error:
            state = error.last_response.get("State")
            raise PublishingError(
                f"the {step.waits_for} {named['Name']} is not active: "
                + (f"its state is {state}" if state else " ".join(str(error).split()))
            ) from None
        return self._call(_READERS[step.waits_for], **named)

    def _get(self, operation: str, **parameters: Any) -> dict[str, Any] | None:
        try:
            return self._call(operation, **parameters)
        except PublishingError as error:
            if _code(error) == "ResourceNotFoundException":
                return None
            raise

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        method = getattr(self._client, self._method_name(operation))
        response: dict[str, Any] = self._translated(lambda: method(**parameters))
        return response

    def _translated(self, call: Callable[[], Any]) -> Any:
        """Make a call, and turn botocore's errors into ours; those of waiters have more to say."""
        try:
            return call()
        except self._errors.WaiterError:
            raise
        except (self._errors.ClientError, self._errors.BotoCoreError) as error:
            raise PublishingError(" ".join(str(error).split())) from error


def _code(error: PublishingError) -> str:
    """Return the name of AWS's error, "" if the error is not one of AWS's answers."""
    response: dict[str, Any] = getattr(error.__cause__, "response", {})
    return str(response.get("Error", {}).get("Code", ""))
