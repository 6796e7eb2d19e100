"""A FastAPI application behind a function URL or an API Gateway, through Mangum."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()


@app.get("/greetings/{name}")
async def greet(name: str, loud: bool = False) -> dict[str, str]:
    greeting = f"Hello, {name}!"
    return {"greeting": greeting.upper() if loud else greeting}


asyncio.set_event_loop(asyncio.new_event_loop())  # Mangum needs one, and Python 3.14 makes none
handler = Mangum(app, lifespan="off")
