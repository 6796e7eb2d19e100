"""The life of one execution environment: a pure state machine, written as a table.

Rule 1. An environment has one runtime process and at most one invocation. An invocation that was
taken is settled exactly once, by whatever comes first: its answer, its error, the death of the
process, its timeout, too much memory, the end of the environment. This is true because only the
phases with an invocation have rows that settle, and each of these leads to a phase without one.

Rule 2. What the runtime asks and has no row here is refused with 403, as Lambda does; anything
else without a row means nothing in that phase.

Rule 3. The machine neither waits nor looks at a clock. It says until when a phase may last, and
whoever drives it says EXPIRED when that time has come (`expired` tells).

`step` takes the life so far and an event, and returns the life from now on and the effects that
must be carried out, in their order. Processes, sockets and timers are `environment`'s.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple


class _Name(Enum):
    """An Enum that hashes as fast as what it is, an object that exists once."""

    __hash__ = object.__hash__


class Phase(_Name):
    """Where an environment stands."""

    INIT = "init"  # the runtime loads; nobody waits for this environment in particular
    INIT_IN_INVOKE = "init in invoke"  # the same, within the time of an invocation
    IDLE = "idle"  # the runtime waits in `next`
    RUNNING = "running"  # the runtime has the invocation
    ANSWERING = "answering"  # its response is on the way
    RETURNING = "returning"  # the invocation is over, the runtime not back in `next`
    STOPPING = "stopping"  # the process was told to end, or said that it would
    DEAD = "dead"


class Event(_Name):
    """What can happen to an environment."""

    INVOKE = auto()  # it gets an invocation
    NEXT = auto()  # the runtime asks for the next invocation
    NEXT_LOST = auto()  # the connection on which it waited is gone
    RESPONSE_BEGINS = auto()
    RESPONSE_ENDS = auto()
    RESPONSE_BREAKS = auto()  # the connection is gone in the middle of it
    RESPONSE_TOO_LARGE = auto()
    ERROR = auto()  # the runtime posts an error of the invocation
    INIT_ERROR = auto()
    RESTORE_NEXT = auto()  # SnapStart: the runtime is ready for its snapshot
    RESTORE_ERROR = auto()
    STRAY_POST = auto()  # a response or error for an invocation that was never here
    LATE_POST = auto()  # … for one that is settled
    EXPIRED = auto()  # the phase has lasted as long as it may
    OUT_OF_MEMORY = auto()
    STOP = auto()  # the environment shall end
    EXIT = auto()  # the process has ended


class Effect(_Name):
    """What has to be done. The settling ones end the invocation, each in its way."""

    ACCEPT = auto()  # answer the runtime's post with 202
    RELEASE_RESTORE = auto()
    REFUSE_STATE = auto()
    REFUSE_ID = auto()
    REFUSE_LATE = auto()
    REFUSE_SIZE = auto()
    REJECT = auto()  # the invocation was not taken
    REPORT_INIT = auto()  # the runtime has loaded
    READY = auto()  # an invocation may come
    DELIVER = auto()  # give the runtime its invocation
    OPEN_RESPONSE = auto()
    FAIL_INIT_ERROR = auto()  # the runtime said why it cannot load; no invocation was taken
    FAIL_INIT_TIMEOUT = auto()
    FAIL_INIT_EXIT = auto()
    SETTLE_RESPONSE = auto()
    SETTLE_ERROR = auto()
    SETTLE_INIT_ERROR = auto()
    SETTLE_TRUNCATED = auto()
    SETTLE_TOO_LARGE = auto()
    SETTLE_TIMEOUT = auto()
    SETTLE_OUT_OF_MEMORY = auto()
    SETTLE_EXIT = auto()
    SETTLE_STOPPED = auto()
    TERMINATE = auto()  # ask the process to end, where it would listen
    KILL = auto()
    ENDED = auto()  # nothing is left of the process


SETTLING = frozenset(effect for effect in Effect if effect.name.startswith("SETTLE_"))

SETTLED_BY_RUNTIME = (Effect.SETTLE_RESPONSE, Effect.SETTLE_ERROR, Effect.SETTLE_INIT_ERROR)


class Limits(NamedTuple):
    """How long phases may last, in seconds."""

    init: float = 10.0
    restore: float = 10.0  # from the snapshot on
    invoke: float = 300.0
    returning: float = 10.0  # without an invocation whose time would count
    stopping: float = 0.5


class Life(NamedTuple):
    """One moment of the life of an environment. Times are those of a monotonic clock."""

    limits: Limits
    phase: Phase
    deadline: float | None
    request_id: str | None = None
    settled_id: str | None = None


class _Time(Enum):
    """What becomes of the deadline."""

    KEPT = auto()
    NONE = auto()
    INVOKE = auto()
    RESTORE = auto()
    RETURNING = auto()
    STOPPING = auto()


class _Row(NamedTuple):
    phase: Phase
    effects: tuple[Effect, ...]
    time: _Time = _Time.KEPT
    takes: bool = False  # an invocation
    settles: bool = False  # the invocation


def _rows() -> dict[tuple[Phase, Event], _Row]:
    P, E, D, T = Phase, Event, Effect, _Time
    table = {
        (P.INIT, E.NEXT): _Row(P.IDLE, (D.REPORT_INIT, D.READY), T.NONE),
        (P.INIT, E.INVOKE): _Row(P.INIT_IN_INVOKE, (), T.INVOKE),
        (P.INIT, E.RESTORE_NEXT): _Row(P.INIT, (D.RELEASE_RESTORE,), T.RESTORE),
        (P.INIT, E.INIT_ERROR): _Row(P.STOPPING, (D.ACCEPT, D.FAIL_INIT_ERROR), T.STOPPING),
        (P.INIT, E.EXPIRED): _Row(P.STOPPING, (D.KILL, D.FAIL_INIT_TIMEOUT), T.STOPPING),
        (P.INIT, E.OUT_OF_MEMORY): _Row(P.STOPPING, (D.KILL, D.FAIL_INIT_EXIT), T.STOPPING),
        (P.INIT, E.STOP): _Row(P.STOPPING, (D.TERMINATE,), T.STOPPING),
        (P.INIT, E.EXIT): _Row(P.DEAD, (D.FAIL_INIT_EXIT, D.ENDED), T.NONE),
        (P.INIT_IN_INVOKE, E.NEXT): _Row(P.RUNNING, (D.REPORT_INIT, D.DELIVER)),
        (P.INIT_IN_INVOKE, E.RESTORE_NEXT): _Row(P.INIT_IN_INVOKE, (D.RELEASE_RESTORE,)),
        (P.INIT_IN_INVOKE, E.INIT_ERROR): _Row(
            P.STOPPING, (D.SETTLE_INIT_ERROR, D.ACCEPT), T.STOPPING
        ),
        (P.IDLE, E.INVOKE): _Row(P.RUNNING, (D.DELIVER,), T.INVOKE),
        (P.IDLE, E.NEXT): _Row(P.IDLE, ()),
        (P.IDLE, E.NEXT_LOST): _Row(P.RETURNING, (), T.RETURNING),
        (P.IDLE, E.STOP): _Row(P.STOPPING, (D.TERMINATE,), T.STOPPING),
        (P.IDLE, E.EXIT): _Row(P.DEAD, (D.ENDED,), T.NONE),
        (P.RUNNING, E.NEXT): _Row(P.RUNNING, (D.DELIVER,)),
        (P.RUNNING, E.RESPONSE_BEGINS): _Row(P.ANSWERING, (D.OPEN_RESPONSE,)),
        (P.RUNNING, E.ERROR): _Row(P.RETURNING, (D.SETTLE_ERROR, D.ACCEPT)),
        (P.ANSWERING, E.RESPONSE_ENDS): _Row(P.RETURNING, (D.SETTLE_RESPONSE, D.ACCEPT)),
        (P.ANSWERING, E.RESPONSE_BREAKS): _Row(P.RETURNING, (D.SETTLE_TRUNCATED,)),
        (P.ANSWERING, E.RESPONSE_TOO_LARGE): _Row(P.RETURNING, (D.REFUSE_SIZE, D.SETTLE_TOO_LARGE)),
        (P.RETURNING, E.NEXT): _Row(P.IDLE, (D.READY,), T.NONE),
        (P.RETURNING, E.EXPIRED): _Row(P.STOPPING, (D.KILL,), T.STOPPING),
        (P.RETURNING, E.OUT_OF_MEMORY): _Row(P.STOPPING, (D.KILL,), T.STOPPING),
        (P.RETURNING, E.STOP): _Row(P.STOPPING, (D.TERMINATE,), T.STOPPING),
        (P.RETURNING, E.EXIT): _Row(P.DEAD, (D.ENDED,), T.NONE),
        (P.STOPPING, E.EXPIRED): _Row(P.STOPPING, (D.KILL,), T.STOPPING),
        (P.STOPPING, E.EXIT): _Row(P.DEAD, (D.ENDED,), T.NONE),
        (P.STOPPING, E.RESPONSE_ENDS): _Row(P.STOPPING, (D.REFUSE_LATE,)),
        (P.STOPPING, E.LATE_POST): _Row(P.STOPPING, (D.REFUSE_LATE,)),
    }
    for phase in (P.INIT, P.INIT_IN_INVOKE):
        table[phase, E.RESTORE_ERROR] = table[phase, E.INIT_ERROR]
    for phase in (P.INIT_IN_INVOKE, P.RUNNING, P.ANSWERING):
        table |= {
            (phase, E.EXPIRED): _Row(P.STOPPING, (D.KILL, D.SETTLE_TIMEOUT), T.STOPPING),
            (phase, E.OUT_OF_MEMORY): _Row(
                P.STOPPING, (D.KILL, D.SETTLE_OUT_OF_MEMORY), T.STOPPING
            ),
            (phase, E.STOP): _Row(P.STOPPING, (D.TERMINATE, D.SETTLE_STOPPED), T.STOPPING),
            (phase, E.EXIT): _Row(P.DEAD, (D.SETTLE_EXIT, D.ENDED), T.NONE),
        }
    for phase in P:
        table.setdefault((phase, E.STRAY_POST), _Row(phase, (D.REFUSE_ID,)))
        table.setdefault((phase, E.INVOKE), _Row(phase, (D.REJECT,)))
        for request in _REQUESTS:
            table.setdefault((phase, request), _Row(phase, (D.REFUSE_STATE,)))
    return {
        (phase, event): row._replace(
            takes=event is E.INVOKE and row.effects != (D.REJECT,),
            settles=not SETTLING.isdisjoint(row.effects),
        )
        for (phase, event), row in table.items()
    }


_REQUESTS = (
    Event.NEXT,
    Event.RESPONSE_BEGINS,
    Event.RESPONSE_ENDS,
    Event.RESPONSE_TOO_LARGE,
    Event.ERROR,
    Event.INIT_ERROR,
    Event.RESTORE_NEXT,
    Event.RESTORE_ERROR,
    Event.LATE_POST,
)

TABLE = _rows()
"""For each phase and event: the phase that follows, the effects, what becomes of the deadline."""


def begin(limits: Limits, now: float) -> Life:
    """Return the life of an environment whose process starts now."""
    return Life(limits, Phase.INIT, now + limits.init)


def expired(life: Life, now: float) -> bool:
    """Tell whether EXPIRED is to be said."""
    return life.deadline is not None and now >= life.deadline


def step(
    life: Life, event: Event, now: float, request_id: str | None = None
) -> tuple[Life, tuple[Effect, ...]]:
    """Return what follows from an event.

    `request_id` names the invocation that an INVOKE, RESPONSE_BEGINS or ERROR is about.
    """
    if event in (Event.RESPONSE_BEGINS, Event.ERROR) and request_id != life.request_id:
        event = Event.LATE_POST if request_id == life.settled_id else Event.STRAY_POST
    row = TABLE.get((life.phase, event))
    if row is None:
        return life, ()
    phase, effects, time, takes, settles = row
    limits, _, deadline, running, settled = life
    if takes:
        running = request_id
    elif settles:
        running, settled = None, running
    if time is not _Time.KEPT:
        deadline = None if time is _Time.NONE else now + _duration(limits, time)
    return Life(limits, phase, deadline, running, settled), effects


def _duration(limits: Limits, time: _Time) -> float:
    duration: float = getattr(limits, time.name.lower())
    return duration
