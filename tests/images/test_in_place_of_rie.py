"""Our emulator in AWS's image, in the place of AWS's: what AWS tests its own for, end to end.

The cases are those of the emulator's own integration tests. The entry script of the image starts
`aws-lambda-rie` with the bootstrap, and neither knows that both are ours.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.images.container import INVOCATIONS, Container, container
from tests.images.workshop import Shelf, build

FOLDER = Path(__file__).with_name("in_place_of_rie")
IMAGE = "localhost/lambda-ric/in-place-of-rie"
EMULATOR = "/usr/local/bin/aws-lambda-rie"


@pytest.fixture(scope="module")
def image(shelf: Shelf) -> str:
    return build(IMAGE, FOLDER / "Dockerfile", FOLDER, *shelf.mounts)


@pytest.fixture(scope="module")
def usual(image: str) -> Iterator[Container]:
    """The function with the default settings, but for one variable."""
    with container(image, options=("--env", "WITH_EQUAL_SIGN=4=4")) as running:
        yield running


def test_a_variable_may_hold_an_equal_sign(usual: Container) -> None:
    assert usual.invoke({"case": "variable"}) == "4=4"


def test_it_can_be_invoked_twice(usual: Container) -> None:
    assert [usual.invoke({"case": "success"}) for _ in range(2)] == ["done", "done"]


def test_the_context_has_an_arn(usual: Container) -> None:
    assert usual.invoke({"case": "arn"}).endswith(":function:test_function")


def test_an_exception_is_returned(usual: Container) -> None:
    error = usual.invoke({"case": "fail"})
    assert (error["errorMessage"], error["errorType"]) == ("Raising an exception", "Exception")
    line = (
        FOLDER.joinpath("main.py").read_text().splitlines().index("def fail(context: Any) -> None:")
    )
    assert error["stackTrace"][-1] == (
        f'  File "/var/task/main.py", line {line + 2}, in fail\n'
        '    raise Exception("Raising an exception")\n'
    )


def test_the_client_context_arrives(usual: Container) -> None:
    given = b64encode(json.dumps({"custom": {"a": "b"}}).encode()).decode()
    assert usual.invoke({"case": "client_context"}, X_Amz_Client_Context=given) == {"a": "b"}


def test_300_seconds_are_the_default(usual: Container) -> None:
    assert 298_000 < usual.invoke({"case": "remaining"}) <= 300_000


@pytest.mark.parametrize("seconds", [3, 10])
def test_the_timeout_is_what_remains(image: str, seconds: int) -> None:
    variable = f"AWS_LAMBDA_FUNCTION_TIMEOUT={seconds}"
    with container(image, options=("--env", variable)) as running:
        left = running.invoke({"case": "remaining"})
        assert 1_000 * (seconds - 2) < left <= 1_000 * seconds


def test_a_timeout_is_reported(image: str) -> None:
    with container(image, options=("--env", "AWS_LAMBDA_FUNCTION_TIMEOUT=1")) as running:
        error = running.invoke({"case": "sleep"})
        # AWS's emulator returns the bare text, the service this error around it.
        assert error["errorMessage"].endswith("Task timed out after 1.00 seconds")


def test_a_name_can_be_chosen(image: str) -> None:
    variable = "AWS_LAMBDA_FUNCTION_NAME=MyCoolName"
    with container(image, options=("--env", variable)) as running:
        assert running.invoke({"case": "name"}) == ["MyCoolName", "MyCoolName"]
        assert running.invoke({"case": "arn"}).endswith(":function:MyCoolName")


def test_a_command_is_served_at_the_address_that_follows_it(image: str) -> None:
    """The emulator is the entry point, and finds a runtime that knows no Runtime API address."""
    words = ("/lambda-entrypoint.sh", "main.handler")
    address = ("--runtime-interface-emulator-address", "0.0.0.0:8081")
    options = ("--entrypoint", EMULATOR)
    with container(image, *words, *address, options=options, port=8081) as running:
        assert running.request("POST", INVOCATIONS, b'{"case": "success"}') == (200, b'"done"')
