"""The same small application in each framework: greet, echo, cookies, upload, fail, stream."""

from __future__ import annotations

import contextlib

PIECES = ["one ", "two ", "three"]


@contextlib.asynccontextmanager
async def lifespan(app):
    yield {"seen": []}


def note(request):
    request.state.seen.append(1)
    request.state.own = getattr(request.state, "own", 0) + 1
    return {"seen": len(request.state.seen), "own": request.state.own}


async def give_pieces():
    for piece in PIECES:
        yield piece


def set_cookies(response):
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", httponly=True)
    return response
