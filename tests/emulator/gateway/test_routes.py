"""Routes as API Gateway understands them."""

from __future__ import annotations

import pytest

from lambda_ric.emulator.gateway.routes import Routes, parse_route

ROUTES = Routes(
    [
        parse_route(text)
        for text in (
            "ANY /{proxy+}=greedy",
            "GET /items/{id}=item",
            "ANY /items/{id}=any-item",
            "GET /items/new=new",
            "/files/{path+}=files",
            "$default=rest",
        )
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "function", "parameters"),
    [
        ("GET", "/items/new", "new", {}),
        ("GET", "/items/7", "item", {"id": "7"}),
        ("PUT", "/items/7", "any-item", {"id": "7"}),
        ("GET", "/items/7/parts", "greedy", {"proxy": "items/7/parts"}),
        ("GET", "/files/a/b.txt", "files", {"path": "a/b.txt"}),
        ("GET", "/items/a%2Fb", "item", {"id": "a%2Fb"}),
        ("GET", "/", "rest", {}),
        ("GET", "/files/", "greedy", {"proxy": "files/"}),
    ],
)
def test_the_most_specific_route_is_taken(
    method: str, path: str, function: str, parameters: dict[str, str]
) -> None:
    match = ROUTES.find(method, path)
    assert match is not None
    assert (match.route.function, match.parameters) == (function, parameters)


def test_a_rest_api_chooses_the_resource_before_the_method() -> None:
    routes = Routes([parse_route("GET /a"), parse_route("ANY /{proxy+}")])
    assert routes.find("POST", "/a", resource_first=True) is None
    assert routes.find("POST", "/a") is not None


def test_there_may_be_no_route() -> None:
    assert Routes([parse_route("GET /a")]).find("GET", "/b") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("GET", "not a path"),
        ("", "not a path"),
        ("GET a", "not a path"),
        ("FETCH /a", "not a method"),
        ("GET /{a", "not a parameter"),
        ("GET /x{a}", "not a parameter"),
        ("GET /{a+}/b", "must come last"),
    ],
)
def test_an_invalid_route_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_route(text)
