"""What a Host field means."""

from __future__ import annotations

import pytest

from lambda_ric.emulator.http.hosts import MALFORMED, parse_host


@pytest.mark.parametrize(
    "field",
    [
        "localhost",
        "LOCALHOST:8080",
        "localhost.",
        "localhost.:8080",
        "alpha.localhost:3000",
        "127.0.0.1:1",
        "127.8.9.10",
        "[::1]:8080",
        "host.docker.internal:9000",
    ],
)
def test_names_and_addresses_of_this_machine(field: str) -> None:
    assert parse_host(field.encode()).is_this_machine


@pytest.mark.parametrize(
    "field",
    [
        "",
        "evil@localhost",
        "evil.com\\@localhost",
        "localhost/evil.com",
        "[::1].evil.com",
        "[::1%25evil.com]",
        "[localhost]",
        "localhost:port",
        "localhost:123456",
        "local host",
    ],
)
def test_malformed_fields_mean_nothing(field: str) -> None:
    assert parse_host(field.encode()) == MALFORMED


@pytest.mark.parametrize(
    ("field", "public"),
    [
        ("example.org", True),
        ("localhost.example.org", True),
        ("internal.example.org:80", True),
        ("function", False),
        ("function.local", False),
        ("function.svc.cluster.local:8080", False),
        ("10.0.0.7", False),
        ("[fd00::1]:80", False),
    ],
)
def test_a_public_name_is_one_that_anybody_can_own(field: str, public: bool) -> None:
    host = parse_host(field.encode())
    assert not host.is_this_machine
    assert host.is_public == public
