"""The life of an environment with external extensions, as a machine without processes or time."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from lambda_ric.emulator import extended_lifecycle
from lambda_ric.emulator.extended_lifecycle import ExtendedLife, step
from lambda_ric.emulator.life import OWNER, Cause, Do, Effect, Event, Kind, Limits, Phase

LIMITS = Limits(init=10, invoke=3, returning=5, stopping=0.3, shutdown=2)
NAMES = frozenset(("a", "b"))
WITH_INVOKE = (Phase.INIT_IN_INVOKE, Phase.RUNNING, Phase.ANSWERING)

Said = list[Do | tuple[Do, Cause]]


def of(kind: Kind, extension: str = "a") -> Event:
    detail = True if kind is Kind.EXTENSION_REGISTERED else None
    return Event(kind, kind.name, "1", "1", detail, connection=1, extension=extension)


def live(*events: Event | Kind) -> tuple[ExtendedLife, Said]:
    """Let events happen at moment 1; return the life and all effects."""
    life = extended_lifecycle.begin(LIMITS, 0, NAMES)
    everything: Said = []
    for event in events:
        life, effects = step(life, of(event) if isinstance(event, Kind) else event, 1)
        for effect in effects:
            everything.append((effect.do, effect.cause) if effect.cause else effect.do)
    return life, everything


REGISTERED = tuple(of(Kind.EXTENSION_REGISTERED, name) for name in "ab")
WAITING = tuple(of(Kind.EXTENSION_WAITS, name) for name in "ab")
IDLE: tuple[Event | Kind, ...] = (*REGISTERED, *WAITING, Kind.NEXT)
ENDED = tuple(of(Kind.EXTENSION_EXIT, name) for name in "ab")


def test_the_runtime_starts_when_the_last_extension_has_registered() -> None:
    assert live(REGISTERED[0])[1] == []
    assert live(*REGISTERED)[1] == [Do.START_RUNTIME]


def test_an_environment_is_ready_when_the_runtime_and_all_extensions_wait() -> None:
    ready = [Do.START_RUNTIME, Do.REPORT_INIT, Do.READY]
    life, effects = live(*REGISTERED, Kind.NEXT, WAITING[0])
    assert (life.phase, effects) == (Phase.INIT, ready[:1])
    assert live(*REGISTERED, Kind.NEXT, *WAITING) == live(*IDLE)
    assert live(*IDLE)[1] == ready


def test_an_invoke_is_over_for_the_environment_when_all_are_back() -> None:
    answered: tuple[Event | Kind, ...] = (*IDLE, Kind.INVOKE, Kind.ERROR, Kind.NEXT, WAITING[0])
    life, effects = live(*answered)
    assert life.phase is Phase.RETURNING
    assert life.deadline == 1 + LIMITS.invoke, "extensions share the time of the function"
    assert effects[-2:] == [(Do.SETTLE, Cause.ERROR), Do.ACCEPT]
    life, effects = live(*answered, WAITING[1])
    assert (life.phase, effects[-1]) == (Phase.IDLE, Do.READY)


def test_extensions_have_the_rest_of_the_time_when_the_runtime_has_ended() -> None:
    life, effects = live(*IDLE, Kind.STOP, Kind.EXIT)
    assert effects[-2:] == [Do.TERMINATE, Do.SHUT_DOWN]
    assert (life.phase, life.deadline, life.reason) == (Phase.SHUTDOWN, 3, "spindown")
    assert live(*IDLE, Kind.STOP, Kind.EXIT, Kind.EXPIRED)[1][-1] is Do.KILL_ALL
    life, effects = live(*IDLE, Kind.STOP, Kind.EXIT, *ENDED)
    assert (life.phase, effects[-1]) == (Phase.DEAD, Do.END)


def test_a_runtime_with_an_extension_inside_has_more_time_to_end() -> None:
    assert live(*IDLE, Kind.STOP)[0].deadline == 1.3
    inside = of(Kind.EXTENSION_REGISTERED, "")
    life, effects = live(*REGISTERED, inside, *WAITING, Kind.NEXT, Kind.STOP)
    assert (life.deadline, life.ends_at) == (1.5, 3)
    assert effects == live(*IDLE, Kind.STOP)[1]


def test_an_extension_that_ends_takes_the_environment_with_it() -> None:
    crash = ENDED[0]
    assert live(*IDLE, crash)[1][-1:] == [Do.KILL]
    assert live(*IDLE, Kind.INVOKE, crash)[1][-2:] == [Do.KILL, (Do.SETTLE, Cause.EXIT)]
    assert live(*REGISTERED, crash)[1][-2:] == [Do.KILL, (Do.FAIL_INIT, Cause.EXIT)]


def test_without_a_runtime_there_is_nothing_to_wait_for() -> None:
    life, effects = live(REGISTERED[0], ENDED[1])
    assert life.phase is Phase.SHUTDOWN
    assert effects == [Do.KILL, Do.SHUT_DOWN, (Do.FAIL_INIT, Cause.EXIT)]
    assert live(Kind.STOP, *ENDED)[1][-1] is Do.END


# Any events in any order.

STEPS = st.lists(
    st.tuples(st.sampled_from(Kind), st.sampled_from("ab"), st.booleans(), st.floats(0, 2)),
    max_size=60,
)
Steps = list[tuple[Kind, str, bool, float]]


class Driver:
    """Makes events of random steps, as a real environment could, and remembers what follows."""

    def __init__(self) -> None:
        self.life = extended_lifecycle.begin(LIMITS, 0, NAMES)
        self.now = 0.0
        self.number = 0
        self.effects: list[Effect] = []

    def take(self, kind: Kind, extension: str = "a", alive: bool = True) -> list[Effect]:
        if kind is Kind.EXTENSION_WAITS and extension in self.life.unregistered:
            kind = Kind.EXTENSION_REGISTERED  # only that gives it an identifier to ask with
        self.number += 1
        about: str | None = f"invoke {self.number}"
        if kind is not Kind.INVOKE:
            about = self.life.life.request_id
        invoke = about if kind is Kind.INVOKE else None
        event = Event(kind, self.number, about, invoke, alive, self.number, alive, extension)
        self.life, effects = step(self.life, event, self.now)
        self.effects += effects
        return effects

    def go(self, steps: Steps) -> None:
        for kind, extension, alive, seconds in steps:
            self.now += seconds
            self.take(kind, extension, alive)


@given(STEPS)
def test_no_invoke_is_lost_or_settled_twice(steps: Steps) -> None:
    driver, taken, settled = Driver(), [], []
    for kind, extension, alive, seconds in steps:
        driver.now += seconds
        effects = driver.take(kind, extension, alive)
        if kind is Kind.INVOKE and Do.REJECT not in [effect.do for effect in effects]:
            taken.append(f"invoke {driver.number}")
        settled += [effect.invoke for effect in effects if effect.do is Do.SETTLE]
        assert (driver.life.life.invoke is not None) == (driver.life.phase in WITH_INVOKE)
        concerns = [effect.do in OWNER for effect in effects]
        assert concerns == sorted(concerns)
    assert settled == taken[: len(settled)]
    assert len(taken) - len(settled) == (driver.life.life.invoke is not None)


@given(STEPS)
def test_only_an_idle_environment_has_no_deadline(steps: Steps) -> None:
    driver = Driver()
    for kind, extension, alive, seconds in steps:
        driver.now += seconds
        driver.take(kind, extension, alive)
        expected = driver.life.phase in (Phase.IDLE, Phase.DEAD)
        assert (driver.life.deadline is None) == expected


@given(STEPS)
def test_an_environment_ends_once_when_all_its_processes_have_ended(steps: Steps) -> None:
    driver = Driver()
    driver.go(steps)
    driver.take(Kind.STOP)
    driver.take(Kind.EXIT)
    for name in NAMES:
        driver.take(Kind.EXTENSION_EXIT, name)
    assert driver.life.phase is Phase.DEAD
    assert [effect.do for effect in driver.effects].count(Do.END) == 1


@given(STEPS)
@example(
    [(Kind.NEXT, "a", False, 0.0), *[(Kind.EXTENSION_WAITS, name, False, 0.0) for name in "ab"]]
)
def test_an_environment_is_ready_only_while_nobody_is_away(steps: Steps) -> None:
    driver = Driver()
    for kind, extension, alive, seconds in steps:
        driver.now += seconds
        effects = driver.take(kind, extension, alive)
        if Do.READY in [effect.do for effect in effects]:
            assert not driver.life.away
            assert not driver.life.unregistered
