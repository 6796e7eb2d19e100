"""The life of one execution environment: a pure state machine, written as a table.

Rule 1. An environment has one runtime process and at most one invoke. An invoke that was taken is
settled exactly once, by whichever comes first: its response, its error, the death of the process,
its timeout, too much memory, the end of the environment, a fault of the emulator. This is true
because only the phases with an invoke have rows that settle, and each of these rows leads to a
phase without one.

Rule 2. A request of the runtime that has no row is refused with 403, as Lambda does; any other
event without a row changes nothing.

Rule 3. The machine neither waits nor reads a clock. It states the deadline of a phase, and its
driver reports EXPIRED when that moment has come.

Rule 4. All protocol state is here: which polls wait, which connection was given the invoke. The
machine holds exchanges and invokes without looking into them; tests give it numbers instead.

`step` takes the life so far and an event, and returns the life from now on with the effects to
carry out, in their order (`life` has the values). Effects for the scheduler (`OWNER`) come last:
whatever they cause begins when this step is over. Processes, sockets and timers belong to
`environment`.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from lambda_ric.emulator.life import Cause, Do, Effect, Event, Kind, Life, Limits, Phase


class _Time(Enum):
    """What happens to the deadline."""

    KEPT = auto()
    NONE = auto()
    INVOKE = auto()
    RESTORE = auto()
    RETURNING = auto()
    STOPPING = auto()


class _Row(NamedTuple):
    phase: Phase
    effects: tuple[tuple[Do, Cause | None], ...]
    time: _Time = _Time.KEPT
    settles: bool = False


def _row(phase: Phase, *effects: Do | tuple[Do, Cause], time: _Time = _Time.KEPT) -> _Row:
    """Return a row; effects for the owner come last in it."""
    pairs = tuple((effect, None) if isinstance(effect, Do) else effect for effect in effects)
    return _Row(phase, pairs, time, any(do is Do.SETTLE for do, _ in pairs))


def _settle(cause: Cause) -> tuple[Do, Cause]:
    return Do.SETTLE, cause


def _refuse(cause: Cause) -> tuple[Do, Cause]:
    return Do.REFUSE, cause


def _fail_init(cause: Cause) -> tuple[Do, Cause]:
    return Do.FAIL_INIT, cause


def _rows() -> dict[tuple[Phase, Kind], _Row]:
    """Return the rows of single phases."""
    P, K, D, C, T = Phase, Kind, Do, Cause, _Time
    ended = _row(P.DEAD, D.END, time=T.NONE)
    terminated = _row(P.STOPPING, D.TERMINATE, time=T.STOPPING)
    killed = _row(P.STOPPING, D.KILL, time=T.STOPPING)
    init_failed = _row(P.STOPPING, D.ACCEPT, _fail_init(C.ERROR), time=T.STOPPING)
    settled_by_init = _row(P.STOPPING, _settle(C.ERROR), D.ACCEPT, time=T.STOPPING)
    return {
        (P.INIT, K.NEXT): _row(P.IDLE, D.REPORT_INIT, D.READY, time=T.NONE),
        (P.INIT, K.INVOKE): _row(P.INIT_IN_INVOKE, D.BEGIN, time=T.INVOKE),
        (P.INIT, K.RESTORE_NEXT): _row(P.INIT, D.RELEASE_RESTORE, time=T.RESTORE),
        (P.INIT, K.INIT_ERROR): init_failed,
        (P.INIT, K.RESTORE_ERROR): init_failed,
        (P.INIT, K.EXPIRED): _row(P.STOPPING, D.KILL, _fail_init(C.TIMEOUT), time=T.STOPPING),
        (P.INIT, K.OUT_OF_MEMORY): _row(
            P.STOPPING, D.KILL, _fail_init(C.OUT_OF_MEMORY), time=T.STOPPING
        ),
        (P.INIT, K.FAULT): _row(P.STOPPING, D.KILL, _fail_init(C.FAULT), time=T.STOPPING),
        (P.INIT, K.EXTENSION_FAILED): _row(P.STOPPING, D.KILL, _fail_init(C.EXIT), time=T.STOPPING),
        (P.INIT, K.STOP): terminated,
        (P.INIT, K.EXIT): _row(P.DEAD, _fail_init(C.EXIT), D.END, time=T.NONE),
        (P.INIT_IN_INVOKE, K.NEXT): _row(P.RUNNING, D.REPORT_INIT, D.DELIVER),
        (P.INIT_IN_INVOKE, K.RESTORE_NEXT): _row(P.INIT_IN_INVOKE, D.RELEASE_RESTORE),
        (P.INIT_IN_INVOKE, K.INIT_ERROR): settled_by_init,
        (P.INIT_IN_INVOKE, K.RESTORE_ERROR): settled_by_init,
        (P.IDLE, K.INVOKE): _row(P.RUNNING, D.DELIVER, time=T.INVOKE),
        (P.IDLE, K.NEXT): _row(P.IDLE),
        (P.IDLE, K.NEXT_LOST): _row(P.RETURNING, time=T.RETURNING),  # if that was the only poll
        (P.IDLE, K.FAULT): killed,
        (P.IDLE, K.EXTENSION_FAILED): killed,
        (P.IDLE, K.STOP): terminated,
        (P.IDLE, K.EXIT): ended,
        (P.RUNNING, K.NEXT): _row(P.RUNNING, D.DELIVER),
        (P.RUNNING, K.RESPONSE): _row(P.RETURNING, _settle(C.RESPONSE), D.ACCEPT),
        (P.RUNNING, K.RESPONSE_BEGINS): _row(P.ANSWERING, D.OPEN_RESPONSE),
        (P.RUNNING, K.ERROR): _row(P.RETURNING, _settle(C.ERROR), D.ACCEPT),
        (P.ANSWERING, K.RESPONSE_ENDS): _row(P.RETURNING, _settle(C.RESPONSE), D.ACCEPT),
        (P.ANSWERING, K.RESPONSE_BREAKS): _row(P.RETURNING, _settle(C.TRUNCATED)),
        (P.ANSWERING, K.RESPONSE_TOO_LARGE): _row(
            P.RETURNING, _refuse(C.TOO_LARGE), _settle(C.TOO_LARGE)
        ),
        (P.RETURNING, K.NEXT): _row(P.IDLE, D.READY, time=T.NONE),
        (P.RETURNING, K.EXPIRED): killed,
        (P.RETURNING, K.OUT_OF_MEMORY): killed,
        (P.RETURNING, K.FAULT): killed,
        (P.RETURNING, K.EXTENSION_FAILED): killed,
        (P.RETURNING, K.STOP): terminated,
        (P.RETURNING, K.EXIT): ended,
        (P.STOPPING, K.EXPIRED): killed,
        (P.STOPPING, K.FAULT): killed,
        (P.STOPPING, K.EXIT): ended,
        (P.STOPPING, K.RESPONSE_ENDS): _row(P.STOPPING, _refuse(C.LATE)),
        (P.STOPPING, K.LATE_POST): _row(P.STOPPING, _refuse(C.LATE)),
    }


def _table() -> dict[tuple[Phase, Kind], _Row]:
    """Return all rows: those of single phases, then those that several phases share."""
    P, K, D, C, T = Phase, Kind, Do, Cause, _Time
    table = _rows()
    for phase in (P.INIT_IN_INVOKE, P.RUNNING, P.ANSWERING):
        table |= {
            (phase, K.EXPIRED): _row(P.STOPPING, D.KILL, _settle(C.TIMEOUT), time=T.STOPPING),
            (phase, K.OUT_OF_MEMORY): _row(
                P.STOPPING, D.KILL, _settle(C.OUT_OF_MEMORY), time=T.STOPPING
            ),
            (phase, K.FAULT): _row(P.STOPPING, D.KILL, _settle(C.FAULT), time=T.STOPPING),
            (phase, K.EXTENSION_FAILED): _row(P.STOPPING, D.KILL, _settle(C.EXIT), time=T.STOPPING),
            (phase, K.STOP): _row(P.STOPPING, D.TERMINATE, _settle(C.STOPPED), time=T.STOPPING),
            (phase, K.EXIT): _row(P.DEAD, _settle(C.EXIT), D.END, time=T.NONE),
        }
    for phase in P:
        table.setdefault((phase, K.STRAY_POST), _row(phase, _refuse(C.REQUEST_ID)))
        table.setdefault((phase, K.INVOKE), _row(phase, D.REJECT))
        for request in _REQUESTS:
            table.setdefault((phase, request), _row(phase, _refuse(C.STATE)))
    return table


_REQUESTS = (
    Kind.NEXT,
    Kind.RESPONSE,
    Kind.RESPONSE_BEGINS,
    Kind.RESPONSE_ENDS,
    Kind.RESPONSE_TOO_LARGE,
    Kind.ERROR,
    Kind.INIT_ERROR,
    Kind.RESTORE_NEXT,
    Kind.RESTORE_ERROR,
    Kind.LATE_POST,
)

_ABOUT_AN_INVOCATION = (Kind.RESPONSE, Kind.RESPONSE_BEGINS, Kind.ERROR)

TABLE = _table()
"""For each phase and kind of event: the phase that follows, the effects, and the deadline."""

_BACK_AGAIN = TABLE[Phase.RETURNING, Kind.NEXT]


def begin(limits: Limits, now: float) -> Life:
    """Return the life of an environment whose process starts now."""
    return Life(limits, Phase.INIT, now + limits.init)


def step(life: Life, event: Event, now: float) -> tuple[Life, list[Effect]]:
    """Return what follows from an event at the moment `now`."""
    limits, phase, deadline, invoke, request_id, settled_id, polls, holder = life
    kind, exchange, about, new_invoke, detail, connection, holder_alive, _ = event
    if kind is Kind.NEXT:
        polls = (*polls, (exchange, connection))
        if phase is Phase.RUNNING and holder_alive and connection is not holder:
            return life._replace(polls=polls), []  # another worker of the runtime has the invoke
    elif kind is Kind.NEXT_LOST:
        polls = tuple(poll for poll in polls if poll[0] != exchange)
        if polls or phase is not Phase.IDLE:
            return life._replace(polls=polls), []
    elif kind in _ABOUT_AN_INVOCATION and about != request_id:
        kind = Kind.LATE_POST if about == settled_id else Kind.STRAY_POST

    row = TABLE.get((phase, kind))
    if row is None:
        return life, []
    next_phase, wanted, time, settles = row
    if kind is Kind.INVOKE and next_phase is not phase:
        invoke, request_id = new_invoke, about

    effects = []
    for do, cause in wanted:
        answered, concerned = exchange, invoke
        if do is Do.DELIVER:
            poll, polls = polls[-1], polls[:-1]
            answered, holder = poll
        elif do is Do.REFUSE and kind is Kind.NEXT:
            polls = polls[:-1]
        elif do is Do.REJECT:
            concerned = new_invoke
        effects.append(Effect(do, cause, answered, concerned, detail, phase))

    if settles:
        invoke, request_id, settled_id, holder = None, None, request_id, None
    if time is _Time.NONE:
        deadline = None
    elif time is not _Time.KEPT:
        deadline = now + _seconds(time, limits)
    phase = next_phase
    if phase is Phase.RETURNING and polls:  # a worker of the runtime is back already
        phase, deadline = _BACK_AGAIN.phase, None
        effects.append(Effect(Do.READY, None, None, None, None, Phase.RETURNING))
    return Life(limits, phase, deadline, invoke, request_id, settled_id, polls, holder), effects


def _seconds(time: _Time, limits: Limits) -> float:
    if time is _Time.INVOKE:
        return limits.invoke
    if time is _Time.RETURNING:
        return limits.returning
    return limits.restore if time is _Time.RESTORE else limits.stopping
