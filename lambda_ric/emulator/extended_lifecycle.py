"""The life of an environment with external extensions: `lifecycle`, and what they change.

Extensions are processes beside the runtime. The runtime starts when all of them have registered.
The environment is initialized, and an invoke over for it, when the runtime and all extensions
wait for their next event; until then the runtime's poll is held back here, and `lifecycle` does
not see it. When the runtime has ended, extensions have the rest of the shutdown's time to end.

As in `lifecycle`, nothing here waits or looks at a clock. An environment without extensions does
not pass through this module.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lambda_ric.emulator import lifecycle
from lambda_ric.emulator.life import OWNER, Do, Effect, Event, Kind, Life, Limits, Phase

STOPPING_WITH_INTERNAL = 0.5
"""Seconds that a runtime with an extension inside has for its end, as without external ones."""

_LOADING = (Phase.INIT, Phase.INIT_IN_INVOKE)
_WITH_INVOKE = (Phase.INIT_IN_INVOKE, Phase.RUNNING, Phase.ANSWERING)
_ENDING = (Phase.STOPPING, Phase.DEAD)


class ExtendedLife(NamedTuple):
    """One moment of the life of an environment and its extensions, which are known by name."""

    life: Life  # of the runtime
    running: frozenset[str]  # the extensions whose process lives
    unregistered: frozenset[str]
    away: frozenset[str]  # those that do not wait for their next event
    subscribers: frozenset[str] = frozenset()  # those that get an INVOKE event
    held: tuple[Event, ...] = ()  # polls of the runtime that wait for the extensions
    ends_at: float | None = None  # when the shutdown must be over
    reason: str = ""  # why there is a shutdown

    @property
    def phase(self) -> Phase:
        """Where the environment stands."""
        phase = self.life.phase
        return Phase.SHUTDOWN if phase is Phase.DEAD and self.running else phase

    @property
    def deadline(self) -> float | None:
        """Until when the phase may last."""
        return self.ends_at if self.phase is Phase.SHUTDOWN else self.life.deadline

    @property
    def holder(self) -> Any:
        """The connection that was given the invoke."""
        return self.life.holder


def begin(limits: Limits, now: float, names: frozenset[str]) -> ExtendedLife:
    """Return the life of an environment whose extensions start now."""
    return ExtendedLife(lifecycle.begin(limits, now), names, names, names)


def step(state: ExtendedLife, event: Event, now: float) -> tuple[ExtendedLife, list[Effect]]:
    """Return what follows from an event at the moment `now`."""
    kind = event.kind
    if kind is Kind.EXTENSION_REGISTERED:
        return _registered(state, event)
    if kind is Kind.EXTENSION_WAITS:
        state = state._replace(away=state.away - {event.extension})
        return (state, []) if state.away else _release(state, now)
    if kind is Kind.EXTENSION_EXIT:
        return _exited(state, event, now)
    if kind is Kind.EXPIRED and state.phase is Phase.SHUTDOWN:
        return state._replace(ends_at=now + state.life.limits.stopping), [_effect(Do.KILL_ALL)]
    if kind is Kind.NEXT and _is_held(state, event):
        return state._replace(held=(*state.held, event)), []
    if kind is Kind.NEXT_LOST:
        held = tuple(poll for poll in state.held if poll.exchange != event.exchange)
        state = state._replace(held=held)
    return _step_runtime(state, event, now)


def _registered(state: ExtendedLife, event: Event) -> tuple[ExtendedLife, list[Effect]]:
    """Note the subscription; the last registration lets the runtime start.

    One inside the runtime, which has no name here, gives that more time to end.
    """
    if not event.extension:
        limits = state.life.limits._replace(stopping=STOPPING_WITH_INTERNAL)
        return state._replace(life=state.life._replace(limits=limits)), []
    unregistered = state.unregistered - {event.extension}
    starts = bool(state.unregistered) and not unregistered and state.phase in _LOADING
    subscribers = state.subscribers | ({event.extension} if event.detail else set())
    state = state._replace(unregistered=unregistered, subscribers=subscribers)
    return state, [_effect(Do.START_RUNTIME)] if starts else []


def _release(state: ExtendedLife, now: float) -> tuple[ExtendedLife, list[Effect]]:
    """Let the runtime's polls pass, now that all extensions wait."""
    held, state = state.held, state._replace(held=())
    effects: list[Effect] = []
    for poll in held:
        state, more = _step_runtime(state, poll, now)
        effects += more
    return state, effects


def _exited(state: ExtendedLife, event: Event, now: float) -> tuple[ExtendedLife, list[Effect]]:
    """Go on without an extension; only while the environment ends may it end."""
    gone = {event.extension}
    if not gone & state.running:
        return state, []
    state = state._replace(
        running=state.running - gone, away=state.away - gone, subscribers=state.subscribers - gone
    )
    if state.life.phase is Phase.DEAD:
        return state, [] if state.running else [_effect(Do.END)]
    failure = event._replace(kind=Kind.EXTENSION_FAILED)
    state, effects = _step_runtime(state, failure, now)
    return state._replace(unregistered=state.unregistered - gone), effects


def _is_held(state: ExtendedLife, event: Event) -> bool:
    """Return whether the runtime's poll has to wait for extensions."""
    if not state.away:
        return False
    other_worker = event.holder_alive and event.connection is not state.life.holder
    return state.life.phase in (*_LOADING, Phase.RETURNING) or other_worker


def _step_runtime(
    state: ExtendedLife, event: Event, now: float
) -> tuple[ExtendedLife, list[Effect]]:
    """Let `lifecycle` decide, and add what that means for extensions."""
    before = state.life
    life, effects = lifecycle.step(before, event, now)
    if life.phase is Phase.STOPPING and state.unregistered:  # there is no runtime yet
        life, more = lifecycle.step(life, Event(Kind.EXIT), now)
        effects += more
    if any(effect.do is Do.DELIVER and effect.phase is not Phase.RUNNING for effect in effects):
        state = state._replace(away=state.subscribers)
    if life.phase is Phase.RETURNING and before.phase in _WITH_INVOKE and state.away:
        life = life._replace(deadline=before.deadline)  # extensions share the function's timeout
    if life.phase in _ENDING and state.ends_at is None:
        ends_at = now + life.limits.shutdown
        state = state._replace(ends_at=ends_at, reason=_reason(event.kind), held=())
    if life.phase is Phase.DEAD and before.phase is not Phase.DEAD and state.running:
        effects = [effect for effect in effects if effect.do is not Do.END]
        shutdown = _effect(Do.SHUT_DOWN, (state.reason, state.ends_at))
        effects = sorted([*effects, shutdown], key=lambda effect: effect.do in OWNER)
    return state._replace(life=life), effects


def _reason(kind: Kind) -> str:
    """Return the reason of a shutdown as its event gives it."""
    if kind is Kind.STOP:
        return "spindown"
    return "timeout" if kind is Kind.EXPIRED else "failure"


def _effect(do: Do, detail: Any = None) -> Effect:
    return Effect(do, None, None, None, detail, Phase.SHUTDOWN)
