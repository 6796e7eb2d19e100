"""A FastAPI application as a handler, through `asgi` and through mangum."""

from __future__ import annotations

from fastapi import FastAPI
from mangum import Mangum

from lambda_ric import asgi

app = FastAPI()


@app.get("/items/{number}")
async def item(number: int, tag: str) -> dict[str, object]:
    return {"number": number, "tag": tag}


# A lifespan would make the runtime register an extension, which the scripted Runtime API lacks.
ours = asgi(app, lifespan="off")
mangum = Mangum(app)
mangum_without_lifespan = Mangum(app, lifespan="off")
