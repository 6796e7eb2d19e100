"""The same small application in each framework: greet, echo, cookies, upload, fail, stream."""

from __future__ import annotations

import contextlib

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path as django_path
from django.urls import reverse
from fastapi import FastAPI, Request, UploadFile
from flask import Flask, jsonify
from flask import Response as FlaskResponse
from flask import request as flask_request
from flask import url_for as flask_url_for
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route

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


# Starlette, with the routes below a mount, which depends on a correct root path.


async def starlette_greet(request):
    return JSONResponse({"name": request.path_params["name"], "tag": request.query_params["tag"]})


async def starlette_echo(request):
    return PlainTextResponse(await request.body())


async def starlette_count(request):
    return JSONResponse(note(request))


async def starlette_cookies(request):
    return set_cookies(JSONResponse(request.cookies))


async def starlette_upload(request):
    async with request.form() as form:
        return JSONResponse({"size": len(await form["file"].read())})


async def starlette_link(request):
    return PlainTextResponse(str(request.url_for("api:greet", name="Ada")))


async def starlette_fail(request):
    raise ValueError("on purpose")


async def starlette_pieces(request):
    return StreamingResponse(give_pieces(), media_type="text/plain")


starlette_routes = [
    Route("/greet/{name}", starlette_greet, name="greet"),
    Route("/echo", starlette_echo, methods=["POST"]),
    Route("/count", starlette_count),
    Route("/cookies", starlette_cookies),
    Route("/upload", starlette_upload, methods=["POST"]),
    Route("/link", starlette_link),
    Route("/fail", starlette_fail),
    Route("/pieces", starlette_pieces),
]
starlette_app = Starlette(
    routes=[Mount("/api", routes=starlette_routes, name="api")], lifespan=lifespan
)

# FastAPI, with both kinds of endpoints.

fastapi_app = FastAPI(lifespan=lifespan)


@fastapi_app.get("/api/greet/{name}")
def fastapi_greet(name: str, tag: str):
    return {"name": name, "tag": tag}


@fastapi_app.post("/api/echo")
async def fastapi_echo(request: Request):
    return PlainTextResponse(await request.body())


@fastapi_app.get("/api/count")
async def fastapi_count(request: Request):
    return note(request)


@fastapi_app.get("/api/cookies")
async def fastapi_cookies(request: Request):
    return set_cookies(JSONResponse(request.cookies))


@fastapi_app.post("/api/upload")
async def fastapi_upload(file: UploadFile):
    return {"size": len(await file.read())}


@fastapi_app.get("/api/link")
async def fastapi_link(request: Request):
    return PlainTextResponse(str(request.url_for("fastapi_greet", name="Ada")))


@fastapi_app.get("/api/fail")
async def fastapi_fail():
    raise ValueError("on purpose")


@fastapi_app.get("/api/pieces")
async def fastapi_pieces():
    return StreamingResponse(give_pieces(), media_type="text/plain")


# Flask.

flask_app = Flask(__name__)


@flask_app.get("/api/greet/<name>")
def flask_greet(name):
    return jsonify(name=name, tag=flask_request.args["tag"])


@flask_app.post("/api/echo")
def flask_echo():
    return FlaskResponse(flask_request.get_data(), mimetype="text/plain")


@flask_app.get("/api/cookies")
def flask_cookies():
    return set_cookies(jsonify(flask_request.cookies))


@flask_app.post("/api/upload")
def flask_upload():
    return jsonify(size=len(flask_request.files["file"].read()))


@flask_app.get("/api/link")
def flask_link():
    return FlaskResponse(flask_url_for("flask_greet", name="Ada", _external=True))


@flask_app.get("/api/fail")
def flask_fail():
    raise ValueError("on purpose")


@flask_app.get("/api/pieces")
def flask_pieces():
    return FlaskResponse(iter(PIECES), mimetype="text/plain")


# Django, both ways.


def django_greet(request, name):
    return JsonResponse({"name": name, "tag": request.GET["tag"]})


def django_echo(request):
    return HttpResponse(request.body, content_type="text/plain")


def django_cookies(request):
    return set_cookies(JsonResponse(request.COOKIES))


def django_upload(request):
    return JsonResponse({"size": request.FILES["file"].size})


def django_link(request):
    return HttpResponse(request.build_absolute_uri(reverse("greet", args=["Ada"])))


def django_fail(request):
    raise ValueError("on purpose")


def django_pieces(request):
    is_asgi = hasattr(request, "scope")
    return StreamingHttpResponse(
        give_pieces() if is_asgi else iter(PIECES), content_type="text/plain"
    )


class urls:
    urlpatterns = [
        django_path("api/greet/<str:name>", django_greet, name="greet"),
        django_path("api/echo", django_echo),
        django_path("api/cookies", django_cookies),
        django_path("api/upload", django_upload),
        django_path("api/link", django_link),
        django_path("api/fail", django_fail),
        django_path("api/pieces", django_pieces),
    ]


settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="test", ROOT_URLCONF=urls)
django.setup(set_prefix=False)
django_asgi_app = ASGIHandler()
django_wsgi_app = WSGIHandler()
