"""The vocabulary of an execution environment's life: phases, events and effects.

`lifecycle` defines how they follow from each other. Events and effects carry their data; exchanges,
connections and invokes are passed through without a look inside.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Any, NamedTuple


class _Name(Enum):
    """An Enum that hashes by identity, which is fast, and right for members that exist once."""

    __hash__ = object.__hash__


class Phase(_Name):
    """The phases of an environment."""

    INIT = "init"  # the runtime loads; no invoke waits for this environment in particular
    INIT_IN_INVOKE = "init in invoke"  # the same, within the time of an invoke
    IDLE = "idle"  # the runtime waits in `next`
    RUNNING = "running"  # the runtime has the invoke
    ANSWERING = "answering"  # its response is on the way
    RETURNING = "returning"  # the invoke is over, the runtime not back in `next`
    STOPPING = "stopping"  # the process was told to end, or said that it would
    SHUTDOWN = "shutdown"  # the runtime has ended, external extensions have not
    DEAD = "dead"


class Kind(_Name):
    """What can happen to an environment."""

    INVOKE = auto()  # it gets an invoke
    NEXT = auto()  # the runtime asks for the next invocation
    NEXT_LOST = auto()  # the connection on which it waited has closed
    RESPONSE = auto()  # it came in one piece
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
    FAULT = auto()  # the emulator itself failed to carry out an effect
    STOP = auto()  # the environment is to end
    EXIT = auto()  # the process has ended
    EXTENSION_REGISTERED = auto()  # the detail: does it want INVOKE? an internal one has no name
    EXTENSION_WAITS = auto()  # it asks for its next event
    EXTENSION_FAILED = auto()  # it reported an error
    EXTENSION_EXIT = auto()  # its process has ended


class Event(NamedTuple):
    """Something that happened, with the data of its kind.

    `exchange` is the request that reported it, `request_id` names the invocation it is about.
    `detail` is an outcome, a response, or the reason for an exit. For a NEXT, `holder_alive` says
    whether the connection that was given the running invoke is still open. `extension` names an
    external extension.
    """

    kind: Kind
    exchange: Any = None
    request_id: str | None = None
    invoke: Any = None
    detail: Any = None
    connection: Any = None
    holder_alive: bool = False
    extension: str = ""


class Do(_Name):
    """What the driver has to do."""

    ACCEPT = auto()  # answer the runtime's post with 202
    REFUSE = auto()  # answer it with an error; the cause says which
    RELEASE_RESTORE = auto()
    REPORT_INIT = auto()  # the runtime has loaded
    BEGIN = auto()  # the time of the invoke runs, though the runtime still loads
    DELIVER = auto()  # give the runtime its invocation
    OPEN_RESPONSE = auto()
    SETTLE = auto()  # end the invoke; the cause says why
    TERMINATE = auto()  # ask the process to end, if it listens for that
    KILL = auto()
    START_RUNTIME = auto()  # all external extensions have registered
    SHUT_DOWN = auto()  # tell extensions to end; the detail has the reason and the deadline
    KILL_ALL = auto()  # extensions too
    READY = auto()  # an invoke may come
    REJECT = auto()  # the invoke was not taken
    FAIL_INIT = auto()  # the runtime could not load, and no invoke was taken
    END = auto()  # the process and everything it started have ended


OWNER = frozenset((Do.READY, Do.REJECT, Do.FAIL_INIT, Do.END))
"""The effects that concern the scheduler."""


class Cause(_Name):
    """Why an invoke is settled, an initialization has failed, or a request is refused."""

    RESPONSE = auto()
    ERROR = auto()
    TRUNCATED = auto()
    TOO_LARGE = auto()
    TIMEOUT = auto()
    OUT_OF_MEMORY = auto()
    EXIT = auto()
    STOPPED = auto()
    FAULT = auto()
    STATE = auto()  # refused: not in this phase
    REQUEST_ID = auto()  # refused: an invocation that was never here
    LATE = auto()  # refused: its time is over


class Effect(NamedTuple):
    """Something to do, with its data.

    `exchange` is the request to answer or, for DELIVER, the poll to answer with the invocation.
    `detail` is that of the event. `phase` is the one in which the event found the environment.
    """

    do: Do
    cause: Cause | None
    exchange: Any
    invoke: Any
    detail: Any
    phase: Phase


class Limits(NamedTuple):
    """How long the phases may last, in seconds."""

    init: float = 10.0
    restore: float = 10.0  # after the snapshot
    invoke: float = 300.0
    returning: float = 10.0  # without an invocation whose time would count
    stopping: float = 0.5
    shutdown: float = 2.0  # with external extensions, from the beginning of the end


Poll = tuple[Any, Any]
"""A runtime that waits in `next`: the request, and the connection it came on."""


class Life(NamedTuple):
    """One moment of the life of an environment. Times are those of a monotonic clock."""

    limits: Limits
    phase: Phase
    deadline: float | None
    invoke: Any = None
    request_id: str | None = None
    settled_id: str | None = None
    polls: tuple[Poll, ...] = ()
    holder: Any = None  # the connection that was given the invoke
