"""The life of an environment, as a machine without processes or time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.emulator import lifecycle
from lambda_ric.emulator.lifecycle import SETTLING, Effect, Event, Life, Limits, Phase, step

LIMITS = Limits(init=10, invoke=3, returning=5, stopping=0.5)

WITH_INVOCATION = (Phase.INIT_IN_INVOKE, Phase.RUNNING, Phase.ANSWERING)

BY_THE_RUNTIME = (
    Event.NEXT,
    Event.RESPONSE_BEGINS,
    Event.RESPONSE_ENDS,
    Event.ERROR,
    Event.INIT_ERROR,
    Event.RESTORE_NEXT,
    Event.RESTORE_ERROR,
)

REPLIES = {
    Effect.ACCEPT,
    Effect.RELEASE_RESTORE,
    Effect.REFUSE_STATE,
    Effect.REFUSE_ID,
    Effect.REFUSE_LATE,
    Effect.REFUSE_SIZE,
    Effect.OPEN_RESPONSE,
}


def live(*events: Event) -> tuple[Life, list[Effect]]:
    """Let events happen at moment 1, with invocation "a"; return the life and all effects."""
    life = lifecycle.begin(LIMITS, 0)
    all_effects: list[Effect] = []
    for event in events:
        life, effects = step(life, event, 1, "a")
        all_effects.extend(effects)
    return life, all_effects


def test_an_invocation_is_delivered_answered_and_followed_by_the_next() -> None:
    life, effects = live(
        Event.NEXT, Event.INVOKE, Event.RESPONSE_BEGINS, Event.RESPONSE_ENDS, Event.NEXT
    )
    assert life.phase is Phase.IDLE
    assert life.deadline is None
    assert effects == [
        Effect.REPORT_INIT,
        Effect.READY,
        Effect.DELIVER,
        Effect.OPEN_RESPONSE,
        Effect.SETTLE_RESPONSE,
        Effect.ACCEPT,
        Effect.READY,
    ]


@pytest.mark.parametrize(
    ("ending", "effect"),
    [
        (Event.EXPIRED, Effect.SETTLE_TIMEOUT),
        (Event.EXIT, Effect.SETTLE_EXIT),
        (Event.OUT_OF_MEMORY, Effect.SETTLE_OUT_OF_MEMORY),
        (Event.STOP, Effect.SETTLE_STOPPED),
    ],
)
@pytest.mark.parametrize(
    "before",
    [
        (Event.INVOKE,),
        (Event.NEXT, Event.INVOKE),
        (Event.NEXT, Event.INVOKE, Event.RESPONSE_BEGINS),
    ],
)
def test_what_ends_the_process_settles_the_invocation(
    before: tuple[Event, ...], ending: Event, effect: Effect
) -> None:
    life, effects = live(*before, ending)
    assert life.phase in (Phase.STOPPING, Phase.DEAD)
    assert [one for one in effects if one in SETTLING] == [effect]


def test_an_invocation_may_come_before_the_runtime_has_loaded() -> None:
    life, effects = live(Event.INVOKE)
    assert (life.phase, effects) == (Phase.INIT_IN_INVOKE, [])
    assert life.deadline == 1 + LIMITS.invoke
    life, effects = live(Event.INVOKE, Event.NEXT)
    assert (life.phase, effects) == (Phase.RUNNING, [Effect.REPORT_INIT, Effect.DELIVER])
    assert life.deadline == 1 + LIMITS.invoke


def test_a_runtime_that_asks_again_gets_the_same_invocation_again() -> None:
    life, effects = live(Event.NEXT, Event.INVOKE, Event.NEXT)
    assert life.phase is Phase.RUNNING
    assert effects[-2:] == [Effect.DELIVER, Effect.DELIVER]


def test_an_answer_to_what_is_settled_reaches_nobody() -> None:
    answered = (Event.NEXT, Event.INVOKE, Event.ERROR)
    assert live(*answered, Event.ERROR)[1][-1] is Effect.REFUSE_STATE
    assert live(*answered, Event.RESPONSE_BEGINS)[1][-1] is Effect.REFUSE_STATE
    timed_out = (Event.NEXT, Event.INVOKE, Event.EXPIRED)
    assert live(*timed_out, Event.RESPONSE_BEGINS)[1][-1] is Effect.REFUSE_LATE
    in_the_middle = (Event.NEXT, Event.INVOKE, Event.RESPONSE_BEGINS, Event.EXPIRED)
    assert live(*in_the_middle, Event.RESPONSE_ENDS)[1][-1] is Effect.REFUSE_LATE


def test_an_answer_to_another_invocation_is_refused() -> None:
    life, _ = live(Event.NEXT, Event.INVOKE)
    assert step(life, Event.ERROR, 1, "b") == (life, (Effect.REFUSE_ID,))
    assert step(life, Event.RESPONSE_BEGINS, 1, "b") == (life, (Effect.REFUSE_ID,))


def test_a_second_answer_is_refused_while_the_first_is_on_its_way() -> None:
    life, _ = live(Event.NEXT, Event.INVOKE, Event.RESPONSE_BEGINS)
    assert step(life, Event.RESPONSE_BEGINS, 1, "a") == (life, (Effect.REFUSE_STATE,))
    assert step(life, Event.ERROR, 1, "a") == (life, (Effect.REFUSE_STATE,))


def test_a_runtime_that_cannot_load_and_has_no_invocation_fails_its_init() -> None:
    assert live(Event.INIT_ERROR)[1] == [Effect.ACCEPT, Effect.FAIL_INIT_ERROR]
    assert live(Event.RESTORE_ERROR)[1] == [Effect.ACCEPT, Effect.FAIL_INIT_ERROR]
    assert live(Event.EXPIRED)[1] == [Effect.KILL, Effect.FAIL_INIT_TIMEOUT]
    assert live(Event.EXIT)[1] == [Effect.FAIL_INIT_EXIT, Effect.ENDED]


def test_a_process_that_does_not_end_is_killed_again_and_again() -> None:
    life, effects = live(Event.NEXT, Event.STOP, Event.EXPIRED, Event.EXPIRED)
    assert life.phase is Phase.STOPPING
    assert effects[-3:] == [Effect.TERMINATE, Effect.KILL, Effect.KILL]
    assert life.deadline == 1 + LIMITS.stopping


def test_a_lost_poll_makes_the_environment_unavailable_until_the_next() -> None:
    life, _ = live(Event.NEXT, Event.NEXT_LOST)
    assert life.phase is Phase.RETURNING
    assert step(life, Event.INVOKE, 1, "a") == (life, (Effect.REJECT,))
    assert step(life, Event.NEXT, 1)[1] == (Effect.READY,)


def test_a_deadline_expires_when_it_is_reached() -> None:
    life, _ = live(Event.NEXT, Event.INVOKE)
    assert not lifecycle.expired(life, 3.999)
    assert lifecycle.expired(life, 4.0)
    assert not lifecycle.expired(live(Event.NEXT)[0], 1e9)


STEPS = st.lists(
    st.tuples(st.sampled_from(Event), st.sampled_from(["a", "b", "c"]), st.floats(0, 2)),
    max_size=60,
)


@given(STEPS)
def test_no_invocation_is_lost_or_settled_twice(steps: list[tuple[Event, str, float]]) -> None:
    """Any events, in any order: each invocation taken is settled once, or still running."""
    life, now = lifecycle.begin(LIMITS, 0), 0.0
    taken, settled, number = [], [], 0
    for event, name, seconds in steps:
        now += seconds
        request_id = name
        if event is Event.INVOKE:
            number += 1
            request_id = f"{name}{number}"
        elif life.request_id and name != "c":
            request_id = life.request_id
        before = life
        life, effects = step(life, event, now, request_id)
        if event is Event.INVOKE and Effect.REJECT not in effects:
            taken.append(request_id)
        settling = [one for one in effects if one in SETTLING]
        assert len(settling) <= 1
        settled.extend([before.request_id] * len(settling))
        assert (life.request_id is not None) == (life.phase in WITH_INVOCATION)
        if Effect.DELIVER in effects:
            assert life.request_id is not None
        if event in BY_THE_RUNTIME and before.phase is not Phase.DEAD and event is not Event.NEXT:
            assert len(REPLIES.intersection(effects)) == 1
    assert settled == taken[: len(settled)]
    assert len(taken) - len(settled) == (life.request_id is not None)


@given(STEPS)
def test_an_environment_always_ends_after_a_stop(steps: list[tuple[Event, str, float]]) -> None:
    """Whatever has happened before, a stop and the end of the process leave nothing."""
    life = lifecycle.begin(LIMITS, 0)
    for event, name, _ in steps:
        life, _ = step(life, event, 0, name)
    dead = life.phase is Phase.DEAD
    life, _ = step(life, Event.STOP, 0)
    life, effects = step(life, Event.EXIT, 0)
    assert life.phase is Phase.DEAD
    assert (Effect.ENDED in effects) != dead


@given(STEPS)
def test_only_an_idle_environment_has_no_deadline(steps: list[tuple[Event, str, float]]) -> None:
    """Nothing can hang: every other phase ends by itself."""
    life = lifecycle.begin(LIMITS, 0)
    for event, name, _ in steps:
        life, _ = step(life, event, 0, name)
        assert (life.deadline is None) == (life.phase in (Phase.IDLE, Phase.DEAD))
