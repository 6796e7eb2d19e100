"""Finds executions and callbacks by what people call them, where that is unique."""

from __future__ import annotations

from collections.abc import Iterator

from lambda_ric.caller.executions import ExecutionsClient, Members
from lambda_ric.caller.invoke_api import InvokeRefused
from lambda_ric.cli.durable.operations import read_story
from lambda_ric.cli.durable.timeline import callback_name
from lambda_ric.cli.parser import UsageError

_SHOWN = 10
"""Possible meanings of a word that an error lists."""

Filters = list[tuple[str, str]]


class Finder:
    """Finds executions at an endpoint, those of one function if one is named."""

    def __init__(self, client: ExecutionsClient, function: str | None = None) -> None:
        self._client = client
        self._function = function

    def functions(self) -> list[str]:
        """Return the functions to look at. Raises UsageError if the endpoint does not list them."""
        if self._function is not None:
            return [self._function]
        try:
            return self._client.functions()
        except (InvokeRefused, KeyError):
            raise UsageError(
                "the endpoint does not say which functions it serves; name one with --function"
            ) from None

    def executions(self, filters: Filters) -> Iterator[Members]:
        """Yield the executions that the filters let through, function by function."""
        for function in self.functions():
            yield from self._client.of_function(function, filters)

    def latest(self) -> str:
        """Return the ARN of the execution that was started last. Raises UsageError if none was."""
        found = [
            next(self._client.of_function(function, [("ReverseOrder", "true")]), None)
            for function in self.functions()
        ]
        started = [execution for execution in found if execution is not None]
        if not started:
            raise UsageError("there are no executions yet; an invoke starts one")
        return str(
            max(started, key=lambda execution: execution["StartTimestamp"])["DurableExecutionArn"]
        )

    def arn(self, text: str) -> str:
        """Return the ARN that is meant by an ARN, a name, an id, or the beginning of one of those.

        Raises UsageError if nothing is meant, or several.
        """
        if not text:  # a variable of the shell that is not set; every name begins with it
            raise UsageError("the name of the execution is empty")
        if text.startswith("arn:"):
            return text
        found = [*self.executions([("DurableExecutionName", text)])]
        if not found:
            found = [candidate for candidate in self.executions([]) if _is_called(candidate, text)]
        arns = [str(execution["DurableExecutionArn"]) for execution in found]
        if not arns:
            raise UsageError(f"there is no execution {text!r}; `executions list` shows all")
        if len(arns) > 1:
            names = [arn.rsplit("/", 2)[1] for arn in arns]
            shown = arns if len(set(names)) < len(names) else names
            raise UsageError(_several(text, "executions", shown))
        return arns[0]

    def callback(self, text: str) -> str:
        """Return the id of the open callback that is meant by NAME or by EXECUTION/NAME.

        Raises UsageError if nothing is meant, or several.
        """
        execution, slash, name = text.rpartition("/")
        if slash:
            arns = [self.arn(execution)]
        else:
            going = [("Statuses", status) for status in ("RUNNING", "PAUSING", "PAUSED")]
            arns = [str(execution["DurableExecutionArn"]) for execution in self.executions(going)]
        found = [
            (f"{arn.rsplit('/', 2)[1]}/{name}", callback_id)
            for arn in arns
            for callback_id in self._open_callbacks(arn, name)
        ]
        if not found:
            raise UsageError(f"there is no open callback {text!r}; `executions show` names them")
        if len(found) > 1:
            raise UsageError(_several(text, "open callbacks", [shown for shown, _ in found]))
        return found[0][1]

    def _open_callbacks(self, arn: str, name: str) -> Iterator[str]:
        story = read_story(self._client.history(arn))
        parents = {operation.id: operation for operation in story.all_operations()}
        for operation in parents.values():
            callback_id = operation.details.get("CallbackId")
            names = (
                operation.name,
                callback_name(operation, parents.get(operation.parent_id or "")),
            )
            if callback_id and operation.status == "STARTED" and name in names:
                yield str(callback_id)


def _is_called(execution: Members, text: str) -> bool:
    name, number = str(execution["DurableExecutionArn"]).rsplit("/", 2)[1:]
    return name.startswith(text) or number.startswith(text)


def _several(text: str, what: str, found: list[str]) -> str:
    shown = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
    return f"{text!r} may be any of {len(found)} {what}: {shown}"
