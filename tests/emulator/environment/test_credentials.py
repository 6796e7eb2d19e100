"""What a durable function gets to reach the emulator: its URL, and placeholders where needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambda_ric.emulator.environment.credentials import PLACEHOLDERS, has_credentials
from lambda_ric.emulator.environment.variables import function_variables
from lambda_ric.emulator.function import DurableConfig, FunctionConfig


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        ("credentials", "[default]\naws_access_key_id = AKIA\n", True),
        ("config", "[default]\nregion = eu-west-1\n", False),
        ("config", "[profile x]\nsso_session = y\n", True),
        ("nothing", "", False),
    ],
)
def test_files_are_looked_at(file: str, text: str, found: bool, tmp_path: Path) -> None:
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / file).write_text(text)
    assert has_credentials({"HOME": str(tmp_path)}) is found


def test_variables_are_looked_at(tmp_path: Path) -> None:
    assert has_credentials({"HOME": str(tmp_path), "AWS_PROFILE": "dev"})


def test_only_durable_functions_without_credentials_get_placeholders(tmp_path: Path) -> None:
    def given(config: FunctionConfig, endpoint: str | None = "http://127.0.0.1:1") -> bool:
        return function_variables(config, "127.0.0.1:2", endpoint).items() >= PLACEHOLDERS.items()

    home = {"HOME": str(tmp_path)}
    assert given(FunctionConfig(environment=home, durable=DurableConfig()))
    assert not given(FunctionConfig(environment=home))
    assert not given(FunctionConfig(environment=home, durable=DurableConfig()), None)
    own = {**home, "AWS_ACCESS_KEY_ID": "mine"}
    assert not given(FunctionConfig(environment=own, durable=DurableConfig()))


def test_a_durable_function_checkpoints_in_the_emulator_that_serves_it() -> None:
    """Whatever the terminal has for `lambda-ric invoke`; what is set for the function holds."""
    name = "AWS_ENDPOINT_URL_LAMBDA"
    inherited = {name: "http://127.0.0.1:8080"}

    def given(config: FunctionConfig) -> str:
        return function_variables(config, "127.0.0.1:2", "http://127.0.0.1:1")[name]

    assert given(FunctionConfig(environment=inherited)) == inherited[name]
    assert given(FunctionConfig(environment=inherited, durable=DurableConfig())) != inherited[name]
    own = {name: "http://127.0.0.1:3"}
    config = FunctionConfig(environment=own, own_environment=own, durable=DurableConfig())
    assert given(config) == own[name]
