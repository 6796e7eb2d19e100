"""A Flask application behind a function URL, with no line of Lambda code."""

from __future__ import annotations

import time
from collections.abc import Iterator

from flask import Flask, Response, request

app = Flask(__name__)


@app.get("/greetings/<name>")
def greet(name: str) -> dict[str, str]:
    greeting = f"Hello, {name}!"
    return {"greeting": greeting.upper() if "loud" in request.args else greeting}


@app.post("/upload")
def upload() -> dict[str, int]:
    return {name: len(file.read()) for name, file in request.files.items()}


@app.get("/report.csv")
def report() -> Response:
    """Stream a report, row by row."""

    def rows() -> Iterator[str]:
        for number in range(3):
            yield f"{number},{number**2}\n"
            time.sleep(0.01)

    return Response(rows(), mimetype="text/csv")
