"""Which handler answers which path."""

from __future__ import annotations

import pytest

from lambda_ric.emulator.http.routes import RouteTable, allowed


def table() -> RouteTable:
    routes = RouteTable()
    for method, template in (
        ("GET", "/functions/{name}"),
        ("DELETE", "/functions/{name}"),
        ("GET", "/functions/{name}/versions/{version}"),
        ("GET", "/functions/all"),
    ):
        routes.add(method, template, lambda *_: None)
    return routes


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/functions/f", ["f"]),
        ("/functions/arn%3Aaws%3Af%2Fx", ["arn:aws:f/x"]),
        ("/functions/f/versions/1", ["f", "1"]),
        ("/functions/f%20g/versions/%24LATEST", ["f g", "$LATEST"]),
    ],
)
def test_parameters_are_segments_decoded_after_the_cut(path: str, parameters: list[str]) -> None:
    found = table().find(path)
    assert found is not None
    assert found[1] == parameters


@pytest.mark.parametrize("path", ["", "/", "/functions", "/functions/", "/functions/f/", "//f"])
def test_other_paths_have_no_route(path: str) -> None:
    assert table().find(path) is None


def test_a_path_knows_its_methods() -> None:
    found = table().find("/functions/f")
    assert found is not None
    assert allowed(found[0]) == "DELETE, GET"


def test_the_route_that_was_added_first_is_tried_first() -> None:
    found = table().find("/functions/all")
    assert found is not None
    assert found[1] == ["all"]
