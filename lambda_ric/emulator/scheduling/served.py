"""The functions that are served, by the names that callers use for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lambda_ric.emulator.api_errors import invalid_parameter, unknown_function
from lambda_ric.emulator.function_name import parse_name
from lambda_ric.emulator.scheduling.scheduler import Scheduler


class ServedFunctions:
    """Finds the function that a caller means.

    If there is only one, every name means it, as with AWS's emulator, unless functions are to be
    called `by_name`.
    """

    def __init__(self, schedulers: Mapping[str, Scheduler], by_name: bool) -> None:
        self.schedulers = schedulers
        alone = len(schedulers) == 1 and not by_name
        self._only = next(iter(schedulers.values())) if alone else None

    def find(
        self, text: str, qualifier: str | None, *, unqualified: str | None = None
    ) -> tuple[Scheduler, str | None]:
        """Return a function, and the qualifier of its name or of the query.

        The error for an unknown function shows the qualifier, else `unqualified`. Raises ApiError.
        """
        try:
            name, qualifier = parse_name(text, qualifier)
        except ValueError as error:
            raise invalid_parameter(str(error)) from None
        scheduler = self._only or self.schedulers.get(name)
        if scheduler is None:
            example = next(iter(self.schedulers.values())).function
            arn = replace(example, name=name).arn(qualifier or unqualified)
            raise unknown_function(arn, sorted(self.schedulers))
        return scheduler, qualifier
