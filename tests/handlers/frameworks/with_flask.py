"""Flask."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request, url_for

from frameworks import PIECES, set_cookies

app = Flask(__name__)


@app.get("/api/greet/<name>")
def greet(name):
    return jsonify(name=name, tag=request.args["tag"])


@app.post("/api/echo")
def echo():
    return Response(request.get_data(), mimetype="text/plain")


@app.get("/api/cookies")
def cookies():
    return set_cookies(jsonify(request.cookies))


@app.post("/api/upload")
def upload():
    return jsonify(size=len(request.files["file"].read()))


@app.get("/api/link")
def link():
    return Response(url_for("greet", name="Ada", _external=True))


@app.get("/api/fail")
def fail():
    raise ValueError("on purpose")


@app.get("/api/pieces")
def pieces():
    return Response(iter(PIECES), mimetype="text/plain")
