"""What is the same of two outcomes, and what is not."""

from __future__ import annotations

import re

from lambda_ric.testing import RecordedRequest
from lambda_ric.wire.log_frames import FrameReader
from tests.parity.runtimes import Outcome

TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
PATHS = re.compile(r'"paths": \[(.*)\]\}$')  # a set: in any order

OWN_FRAMES = re.compile(
    rb'  File "(<frozen runpy>|[^"\n]*/(awslambdaric|lambda_ric)/[^"\n]*|[^"\n]*/runpy\.py)", '
    rb"line \d+, in \S+\n(    .*\n)*"
)
"""Frames of the runtimes themselves, in the tracebacks that Python and `logging` write."""

STACK_ENDS = re.compile(rb"Stack overflow \(used \d+ kB\)|maximum recursion depth exceeded")
"""Row `stack-depth`. Since Python 3.14 C code stops before the stack ends, and reports its size."""

DIFFERENT_BY_DESIGN = {
    "host": "the two runtimes have a Runtime API each",
    "user-agent": "row `user-agent`",
    "accept": "row `no-idle-fields`",
    "accept-encoding": "row `no-idle-fields`",
}
"""Header fields that are not compared."""


def differences(theirs: Outcome | None, ours: Outcome | None) -> dict[str, str]:
    """Return what differs, by aspect, in words that show both sides."""
    if theirs is None or ours is None:
        return {} if theirs is ours else {"exit code": f"reached: {theirs!r}\nours: {ours!r}"}
    return {
        aspect: f"{aspect}:\n  theirs {one!r}\n  ours   {other!r}"
        for aspect, one, other in [
            ("exit code", theirs.exit_code, ours.exit_code),
            ("posts", _posts(theirs), _posts(ours)),
            ("headers", _headers(theirs), _headers(ours)),
            ("stdout", _log(theirs.stdout), _log(ours.stdout)),
            ("stderr", _log(theirs.stderr), _log(ours.stderr)),
            ("frames", _frames(theirs.frames), _frames(ours.frames)),
        ]
        if one != other
    }


def _posts(outcome: Outcome) -> list[tuple[str, bytes]]:
    return [(post.target, _at_any_depth(post.body)) for post in outcome.posts]


def _headers(outcome: Outcome) -> list[list[tuple[str, str]]]:
    return [_fields(post) for post in outcome.posts]


def _fields(post: RecordedRequest) -> list[tuple[str, str]]:
    fields = [
        (name.decode().lower(), _at_any_depth(value).decode("utf-8")) for name, value in post.fields
    ]
    return sorted(
        (name, PATHS.sub(_sort_paths, value) if "xray" in name else value)
        for name, value in fields
        if name not in DIFFERENT_BY_DESIGN and name != "content-length"
    )


def _sort_paths(match: re.Match[str]) -> str:
    return f'"paths": [{", ".join(sorted(match[1].split(", ")))}]}}'


def _at_any_depth(text: bytes) -> bytes:
    return STACK_ENDS.sub(b"<the stack ends>", text)


def _log(output: bytes) -> bytes:
    output = _at_any_depth(OWN_FRAMES.sub(b"", output))
    return TIME.sub(lambda match: b"<time with ms>" if match[1] else b"<time>", output)


def _frames(data: bytes) -> list[tuple[int, int, bytes]]:
    return [(frame.format, frame.level, _log(frame.message)) for frame in FrameReader().feed(data)]
