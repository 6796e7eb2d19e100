"""The life of an environment, as a machine without processes or time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.emulator import lifecycle
from lambda_ric.emulator.life import (
    OWNER,
    Cause,
    Do,
    Effect,
    Event,
    Kind,
    Life,
    Limits,
    Phase,
)
from lambda_ric.emulator.lifecycle import step

LIMITS = Limits(init=10, invoke=3, returning=5, stopping=0.5)

WITH_INVOKE = (Phase.INIT_IN_INVOKE, Phase.RUNNING, Phase.ANSWERING)

POSTS = (
    Kind.RESPONSE,
    Kind.RESPONSE_BEGINS,
    Kind.RESPONSE_ENDS,
    Kind.ERROR,
    Kind.INIT_ERROR,
    Kind.RESTORE_NEXT,
    Kind.RESTORE_ERROR,
)

REPLIES = {Do.ACCEPT, Do.REFUSE, Do.RELEASE_RESTORE, Do.OPEN_RESPONSE}

Said = list[Do | tuple[Do, Cause]]


def of(kind: Kind) -> Event:
    """Return an event of this kind about the invocation "a", on the connection 1."""
    return Event(kind, exchange=kind.name, request_id="a", invoke="a", connection=1)


def said(effects: list[Effect]) -> Said:
    """Return what effects do and why, without their data."""
    return [(effect.do, effect.cause) if effect.cause else effect.do for effect in effects]


def live(*kinds: Kind) -> tuple[Life, Said]:
    """Let events happen at moment 1; return the life and all effects."""
    life, everything = lifecycle.begin(LIMITS, 0), []
    for kind in kinds:
        life, effects = step(life, of(kind), 1)
        everything.extend(said(effects))
    return life, everything


def test_an_invoke_is_delivered_answered_and_followed_by_the_next() -> None:
    life, effects = live(
        Kind.NEXT, Kind.INVOKE, Kind.RESPONSE_BEGINS, Kind.RESPONSE_ENDS, Kind.NEXT
    )
    assert life.phase is Phase.IDLE
    assert life.deadline is None
    assert effects == [
        Do.REPORT_INIT,
        Do.READY,
        Do.DELIVER,
        Do.OPEN_RESPONSE,
        (Do.SETTLE, Cause.RESPONSE),
        Do.ACCEPT,
        Do.READY,
    ]


def test_a_response_that_comes_in_one_piece_settles_the_invoke_at_once() -> None:
    life, effects = live(Kind.NEXT, Kind.INVOKE, Kind.RESPONSE)
    assert (life.phase, life.invoke) == (Phase.RETURNING, None)
    assert effects[2:] == [Do.DELIVER, (Do.SETTLE, Cause.RESPONSE), Do.ACCEPT]
    assert live(Kind.NEXT, Kind.INVOKE, Kind.RESPONSE_BEGINS, Kind.RESPONSE)[1][-1] == (
        Do.REFUSE,
        Cause.STATE,
    )


def test_effects_carry_what_they_need() -> None:
    life, _ = step(lifecycle.begin(LIMITS, 0), Event(Kind.NEXT, "poll", connection=1), 1)
    life, [delivery] = step(life, Event(Kind.INVOKE, request_id="a", invoke="invoke"), 1)
    assert delivery == (Do.DELIVER, None, "poll", "invoke", None, Phase.IDLE)
    life, effects = step(life, Event(Kind.ERROR, "post", "a", detail="outcome"), 1)
    assert effects == [
        (Do.SETTLE, Cause.ERROR, "post", "invoke", "outcome", Phase.RUNNING),
        (Do.ACCEPT, None, "post", "invoke", "outcome", Phase.RUNNING),
    ]
    assert life.invoke is None


@pytest.mark.parametrize(
    ("ending", "cause"),
    [
        (Kind.EXPIRED, Cause.TIMEOUT),
        (Kind.EXIT, Cause.EXIT),
        (Kind.OUT_OF_MEMORY, Cause.OUT_OF_MEMORY),
        (Kind.FAULT, Cause.FAULT),
        (Kind.STOP, Cause.STOPPED),
    ],
)
@pytest.mark.parametrize(
    "before",
    [
        (Kind.INVOKE,),
        (Kind.NEXT, Kind.INVOKE),
        (Kind.NEXT, Kind.INVOKE, Kind.RESPONSE_BEGINS),
    ],
)
def test_the_end_of_the_process_settles_the_invoke(
    before: tuple[Kind, ...], ending: Kind, cause: Cause
) -> None:
    life, effects = live(*before, ending)
    assert life.phase in (Phase.STOPPING, Phase.DEAD)
    assert [effect for effect in effects if effect == (Do.SETTLE, cause)] == [(Do.SETTLE, cause)]


def test_an_invoke_may_come_before_the_runtime_has_loaded() -> None:
    life, effects = live(Kind.INVOKE)
    assert (life.phase, effects) == (Phase.INIT_IN_INVOKE, [Do.BEGIN])
    assert life.deadline == 1 + LIMITS.invoke
    life, effects = live(Kind.INVOKE, Kind.NEXT)
    assert (life.phase, effects) == (Phase.RUNNING, [Do.BEGIN, Do.REPORT_INIT, Do.DELIVER])
    assert life.deadline == 1 + LIMITS.invoke


def test_a_runtime_that_asks_again_gets_the_same_invocation_again() -> None:
    life, effects = live(Kind.NEXT, Kind.INVOKE, Kind.NEXT)
    assert life.phase is Phase.RUNNING
    assert effects[-2:] == [Do.DELIVER, Do.DELIVER]


def poll(connection: int, *, holder_alive: bool = False) -> Event:
    return Event(Kind.NEXT, f"poll {connection}", connection=connection, holder_alive=holder_alive)


def test_another_worker_of_the_runtime_waits_while_the_first_has_the_invoke() -> None:
    life, _ = live(Kind.NEXT, Kind.INVOKE)
    life, effects = step(life, poll(2, holder_alive=True), 1)
    assert (life.phase, effects) == (Phase.RUNNING, [])
    life, effects = step(life, of(Kind.ERROR), 1)
    assert life.phase is Phase.IDLE, "the second worker is back already"
    assert said(effects) == [(Do.SETTLE, Cause.ERROR), Do.ACCEPT, Do.READY]
    life, [delivery] = step(life, of(Kind.INVOKE), 1)
    assert delivery.exchange == "poll 2"


def test_another_worker_gets_the_invoke_when_the_connection_that_had_it_is_gone() -> None:
    life, _ = live(Kind.NEXT, Kind.INVOKE)
    life, [delivery] = step(life, poll(2, holder_alive=False), 1)
    assert (delivery.do, delivery.exchange) == (Do.DELIVER, "poll 2")
    assert life.holder == 2


def test_an_environment_is_idle_as_long_as_a_worker_waits() -> None:
    life, _ = live(Kind.NEXT)
    life, _ = step(life, poll(2), 1)
    life, _ = step(life, Event(Kind.NEXT_LOST, "poll 2"), 1)
    assert life.phase is Phase.IDLE
    life, _ = step(life, Event(Kind.NEXT_LOST, Kind.NEXT.name), 1)
    assert life.phase is Phase.RETURNING


def test_a_refused_poll_is_forgotten() -> None:
    life, effects = live(Kind.NEXT, Kind.STOP, Kind.NEXT)
    assert effects[-1] == (Do.REFUSE, Cause.STATE)
    assert len(life.polls) == 1


def test_an_answer_to_a_settled_invoke_reaches_nobody() -> None:
    answered = (Kind.NEXT, Kind.INVOKE, Kind.ERROR)
    assert live(*answered, Kind.ERROR)[1][-1] == (Do.REFUSE, Cause.STATE)
    assert live(*answered, Kind.RESPONSE_BEGINS)[1][-1] == (Do.REFUSE, Cause.STATE)
    timed_out = (Kind.NEXT, Kind.INVOKE, Kind.EXPIRED)
    assert live(*timed_out, Kind.RESPONSE_BEGINS)[1][-1] == (Do.REFUSE, Cause.LATE)
    in_the_middle = (Kind.NEXT, Kind.INVOKE, Kind.RESPONSE_BEGINS, Kind.EXPIRED)
    assert live(*in_the_middle, Kind.RESPONSE_ENDS)[1][-1] == (Do.REFUSE, Cause.LATE)


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.RESPONSE, Kind.RESPONSE_BEGINS])
def test_an_answer_to_another_invoke_is_refused(kind: Kind) -> None:
    life, _ = live(Kind.NEXT, Kind.INVOKE)
    after, effects = step(life, Event(kind, request_id="b"), 1)
    assert (after, said(effects)) == (life, [(Do.REFUSE, Cause.REQUEST_ID)])


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.RESPONSE, Kind.RESPONSE_BEGINS])
def test_a_second_answer_is_refused_while_the_first_is_on_its_way(kind: Kind) -> None:
    life, _ = live(Kind.NEXT, Kind.INVOKE, Kind.RESPONSE_BEGINS)
    after, effects = step(life, of(kind), 1)
    assert (after, said(effects)) == (life, [(Do.REFUSE, Cause.STATE)])


def test_a_runtime_that_cannot_load_and_has_no_invoke_fails_its_init() -> None:
    assert live(Kind.INIT_ERROR)[1] == [Do.ACCEPT, (Do.FAIL_INIT, Cause.ERROR)]
    assert live(Kind.RESTORE_ERROR)[1] == [Do.ACCEPT, (Do.FAIL_INIT, Cause.ERROR)]
    assert live(Kind.EXPIRED)[1] == [Do.KILL, (Do.FAIL_INIT, Cause.TIMEOUT)]
    assert live(Kind.OUT_OF_MEMORY)[1] == [Do.KILL, (Do.FAIL_INIT, Cause.OUT_OF_MEMORY)]
    assert live(Kind.EXIT)[1] == [(Do.FAIL_INIT, Cause.EXIT), Do.END]


def test_a_process_that_does_not_end_is_killed_again_and_again() -> None:
    life, effects = live(Kind.NEXT, Kind.STOP, Kind.EXPIRED, Kind.EXPIRED)
    assert life.phase is Phase.STOPPING
    assert effects[-3:] == [Do.TERMINATE, Do.KILL, Do.KILL]
    assert life.deadline == 1 + LIMITS.stopping


def test_a_lost_poll_makes_the_environment_unavailable_until_the_next() -> None:
    life, _ = live(Kind.NEXT)
    life, _ = step(life, Event(Kind.NEXT_LOST, Kind.NEXT.name), 1)
    assert life.phase is Phase.RETURNING
    after, [rejection] = step(life, Event(Kind.INVOKE, request_id="b", invoke="b"), 1)
    assert (after, rejection.do, rejection.invoke) == (life, Do.REJECT, "b")
    assert said(step(life, of(Kind.NEXT), 1)[1]) == [Do.READY]


# Any events in any order.

CONNECTIONS = st.integers(1, 3)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(Kind),
        st.sampled_from(["the running one", "an older one", "a stranger"]),
        CONNECTIONS,
        st.booleans(),
        st.floats(0, 2),
    ),
    max_size=60,
)
Steps = list[tuple[Kind, str, int, bool, float]]


class Driver:
    """Makes events of random steps, as a real environment could, and remembers what follows."""

    def __init__(self) -> None:
        self.life = lifecycle.begin(LIMITS, 0)
        self.now = 0.0
        self.number = 0
        self.waiting: set[Any] = set()  # polls that were neither answered nor lost

    def take(self, kind: Kind, about: str, connection: int, alive: bool) -> list[Effect]:
        self.number += 1
        exchange: Any = self.number
        request_id: str | None = f"invoke {self.number}"
        if kind is not Kind.INVOKE:
            known = {"the running one": self.life.request_id, "an older one": self.life.settled_id}
            request_id = known.get(about)
        if kind is Kind.NEXT:
            self.waiting.add(exchange)
        elif kind is Kind.NEXT_LOST:
            exchange = min(self.waiting, default=0)
            self.waiting.discard(exchange)
        invoke = request_id if kind is Kind.INVOKE else None
        event = Event(kind, exchange, request_id, invoke, "detail", connection, alive)
        self.life, effects = step(self.life, event, self.now)
        for effect in effects:
            if effect.do is Do.DELIVER or (effect.do is Do.REFUSE and kind is Kind.NEXT):
                self.waiting.remove(effect.exchange)  # a poll is answered once
        return effects


@given(STEPS)
def test_no_invoke_is_lost_or_settled_twice(steps: Steps) -> None:
    """Each invoke that was taken is settled once, or still running."""
    driver, taken, settled = Driver(), [], []
    for kind, about, connection, alive, seconds in steps:
        driver.now += seconds
        before = driver.life
        effects = driver.take(kind, about, connection, alive)
        life = driver.life
        done = [effect.do for effect in effects]
        if kind is Kind.INVOKE and Do.REJECT not in done:
            taken.append(life.invoke)
        settled += [effect.invoke for effect in effects if effect.do is Do.SETTLE]
        assert (life.invoke is not None) == (life.phase in WITH_INVOKE)
        assert life.request_id == life.invoke
        for effect in effects:
            if effect.do in (Do.DELIVER, Do.OPEN_RESPONSE):
                assert effect.invoke == life.invoke
        if kind in POSTS and before.phase is not Phase.DEAD:
            assert len(REPLIES.intersection(done)) == 1
    assert settled == taken[: len(settled)]
    assert len(taken) - len(settled) == (driver.life.invoke is not None)


@given(STEPS)
def test_every_poll_is_answered_once_or_still_waits(steps: Steps) -> None:
    driver = Driver()
    for kind, about, connection, alive, _ in steps:
        driver.take(kind, about, connection, alive)
        assert {exchange for exchange, _ in driver.life.polls} == driver.waiting
        assert driver.life.polls or driver.life.phase is not Phase.IDLE


@given(STEPS)
def test_effects_for_the_scheduler_come_last(steps: Steps) -> None:
    """Whatever the scheduler does then finds the environment's own work done."""
    driver = Driver()
    for kind, about, connection, alive, _ in steps:
        concerns = [effect.do in OWNER for effect in driver.take(kind, about, connection, alive)]
        assert concerns == sorted(concerns)


@given(STEPS)
def test_an_environment_always_ends_after_a_stop(steps: Steps) -> None:
    """Whatever has happened before, a stop and the end of the process leave nothing."""
    driver = Driver()
    for kind, about, connection, alive, _ in steps:
        driver.take(kind, about, connection, alive)
    dead = driver.life.phase is Phase.DEAD
    driver.take(Kind.STOP, "", 1, True)
    effects = driver.take(Kind.EXIT, "", 1, True)
    assert driver.life.phase is Phase.DEAD
    assert (Do.END in [effect.do for effect in effects]) != dead


@given(STEPS)
def test_only_an_idle_environment_has_no_deadline(steps: Steps) -> None:
    """Nothing can hang: every other phase ends by itself."""
    driver = Driver()
    for kind, about, connection, alive, _ in steps:
        driver.take(kind, about, connection, alive)
        life = driver.life
        assert (life.deadline is None) == (life.phase in (Phase.IDLE, Phase.DEAD))
