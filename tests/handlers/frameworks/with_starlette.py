"""Starlette, with the routes below a mount, which depends on a correct root path."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route

from frameworks import give_pieces, lifespan, note, set_cookies


async def greet(request):
    return JSONResponse({"name": request.path_params["name"], "tag": request.query_params["tag"]})


async def echo(request):
    return PlainTextResponse(await request.body())


async def count(request):
    return JSONResponse(note(request))


async def cookies(request):
    return set_cookies(JSONResponse(request.cookies))


async def upload(request):
    async with request.form() as form:
        return JSONResponse({"size": len(await form["file"].read())})


async def link(request):
    return PlainTextResponse(str(request.url_for("api:greet", name="Ada")))


async def fail(request):
    raise ValueError("on purpose")


async def pieces(request):
    return StreamingResponse(give_pieces(), media_type="text/plain")


routes = [
    Route("/greet/{name}", greet, name="greet"),
    Route("/echo", echo, methods=["POST"]),
    Route("/count", count),
    Route("/cookies", cookies),
    Route("/upload", upload, methods=["POST"]),
    Route("/link", link),
    Route("/fail", fail),
    Route("/pieces", pieces),
]
app = Starlette(routes=[Mount("/api", routes=routes, name="api")], lifespan=lifespan)
