"""The options about where the emulator listens, and which callers it answers."""

from __future__ import annotations

import argparse
import os

from lambda_ric.caller.default_endpoint import DEFAULT_PORT
from lambda_ric.cli.argument_types import address, port
from lambda_ric.emulator import Listening

_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")


def add_addresses(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    where = parser.add_argument_group("addresses")
    add = where.add_argument
    add("--host", help="address (default: 127.0.0.1; in a container, all interfaces)")
    add("--port", type=port, help=f"port; 0 for any free port (default: {DEFAULT_PORT})")
    add(
        "--runtime-interface-emulator-address",
        type=address,
        metavar="HOST:PORT",
        help="host and port in one option, as for aws-lambda-rie",
    )
    add(
        "--runtime-api-address",
        type=address,
        metavar="HOST:PORT",
        help="address of the first environment's Runtime API (default: a free port)",
    )
    add(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="also answer callers that reach the emulator by this name; repeatable",
    )
    add(
        "--cors",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let web pages from this origin invoke; '*' allows any origin; repeatable",
    )


def in_container() -> bool:
    """Return whether this is a container; nobody outside can reach its loopback interface."""
    return any(os.path.exists(mark) for mark in _CONTAINER_MARKS)


def chosen_address(options: argparse.Namespace) -> Listening:
    """Return where to listen; the newer options come before those of AWS's emulator."""
    host = "0.0.0.0" if in_container() else "127.0.0.1"
    listening = Listening(host, DEFAULT_PORT, tuple(options.cors), tuple(options.allow_host))
    if options.runtime_interface_emulator_address is not None:
        host, port = options.runtime_interface_emulator_address
        listening = listening._replace(host=host, port=port)
    if options.host is not None:
        listening = listening._replace(host=options.host)
    if options.port is not None:
        listening = listening._replace(port=options.port)
    return listening
