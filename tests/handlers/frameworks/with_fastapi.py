"""FastAPI, with both kinds of endpoints."""

from __future__ import annotations

from fastapi import FastAPI, Request, UploadFile
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse

from frameworks import give_pieces, lifespan, note, set_cookies

app = FastAPI(lifespan=lifespan)


@app.get("/api/greet/{name}")
def greet(name: str, tag: str):
    return {"name": name, "tag": tag}


@app.post("/api/echo")
async def echo(request: Request):
    return PlainTextResponse(await request.body())


@app.get("/api/count")
async def count(request: Request):
    return note(request)


@app.get("/api/cookies")
async def cookies(request: Request):
    return set_cookies(JSONResponse(request.cookies))


@app.post("/api/upload")
async def upload(file: UploadFile):
    return {"size": len(await file.read())}


@app.get("/api/link")
async def link(request: Request):
    return PlainTextResponse(str(request.url_for("greet", name="Ada")))


@app.get("/api/fail")
async def fail():
    raise ValueError("on purpose")


@app.get("/api/pieces")
async def pieces():
    return StreamingResponse(give_pieces(), media_type="text/plain")
