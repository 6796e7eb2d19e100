from __future__ import annotations

import app


def test_it_greets_by_name(lambda_invoke):
    assert lambda_invoke(app.handler, {"name": "Ada"}).payload == {"greeting": "Hello, Ada!"}


def test_it_greets_the_world_without_one(lambda_invoke):
    assert lambda_invoke(app.handler).payload == {"greeting": "Hello, world!"}
