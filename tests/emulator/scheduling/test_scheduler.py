"""When an invoke gets another environment."""

from __future__ import annotations

import pytest

from lambda_ric.emulator.scheduling.scheduler import Choice, choose


@pytest.mark.parametrize(
    ("starting", "alive", "waiting", "throttle", "choice"),
    [
        (1, 1, 0, False, Choice.QUEUE),
        (1, 1, 1, False, Choice.SPAWN),
        (0, 2, 0, False, Choice.SPAWN),
        (0, 3, 0, False, Choice.QUEUE),
        (0, 3, 5, False, Choice.QUEUE),
        (0, 3, 0, True, Choice.THROTTLE),
        (1, 3, 0, True, Choice.QUEUE),
        (1, 3, 1, True, Choice.THROTTLE),
    ],
)
def test_an_invoke_without_an_idle_environment_waits_or_starts_another(
    starting: int, alive: int, waiting: int, throttle: bool, choice: Choice
) -> None:
    chosen = choose(starting=starting, alive=alive, waiting=waiting, limit=3, throttle=throttle)
    assert chosen is choice
