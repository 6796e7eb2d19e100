"""A FastAPI application behind a function URL, with no line of Lambda code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, str]]:
    yield {"greeting": "Hello"}  # once in an execution environment


app = FastAPI(lifespan=lifespan)


@app.get("/greetings/{name}")
async def greet(request: Request, name: str, loud: bool = False) -> dict[str, str]:
    greeting = f"{request.state.greeting}, {name}!"
    return {"greeting": greeting.upper() if loud else greeting}


@app.get("/countdown")
async def countdown(start: int = 3, seconds: float = 0.1) -> StreamingResponse:
    """Stream server-sent events, for `new EventSource("/countdown")` in a browser."""

    async def numbers() -> AsyncIterator[str]:
        for number in range(start, 0, -1):
            yield f"data: {number}\n\n"
            await asyncio.sleep(seconds)

    return StreamingResponse(numbers(), media_type="text/event-stream")
