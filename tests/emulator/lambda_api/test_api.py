"""The operations that describe functions, as SDKs, their waiters and tools use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import botocore.session
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from lambda_ric.testing import Emulator
from lambda_ric.testing.served_functions import ServedFunction
from tests.emulator.lambda_api.shapes import problems
from tests.support import web
from tests.support.paths import EMULATED_HANDLERS

MODEL = botocore.session.get_session().get_service_model("lambda")
FUNCTIONS: dict[str, str | ServedFunction] = {
    "plain": "app.handler",
    "limited": {
        "handler": "app.handler",
        "timeout": 2.5,
        "memory": 256,
        "concurrency": 3,
        "throttle": True,
        "tenant_isolation": True,
        "maximum_event_age": 120,
        "on_failure": "plain",
        "env": {"TABLE": "orders", "AWS_SECRET_ACCESS_KEY": "secret"},
    },
}
ARN = "arn:aws:lambda:eu-west-1:012345678912:function:"


@dataclass
class Served:
    emulator: Emulator
    client: Any


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    environment = {"AWS_REGION": "eu-west-1"}
    with Emulator(
        functions=FUNCTIONS, cwd=EMULATED_HANDLERS, env=environment, http="function-url"
    ) as emulator:
        client = boto3.client(
            "lambda",
            endpoint_url=emulator.url,
            region_name="eu-west-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(retries={"total_max_attempts": 1}),
        )
        yield Served(emulator, client)
        client.close()


READS: list[tuple[str, str]] = [
    ("ListFunctions", "/2015-03-31/functions"),
    ("ListFunctions", "/2015-03-31/functions/?FunctionVersion=ALL&MasterRegion=ALL"),
    ("GetFunction", "/2015-03-31/functions/limited"),
    ("GetFunctionConfiguration", "/2015-03-31/functions/plain/configuration?Qualifier=7"),
    ("GetFunctionConcurrency", "/2019-09-30/functions/limited/concurrency"),
    ("GetFunctionConcurrency", "/2019-09-30/functions/plain/concurrency"),
    ("GetAccountSettings", "/2016-08-19/account-settings"),
    ("ListTags", f"/2017-03-31/tags/{ARN}plain"),
    ("GetFunctionEventInvokeConfig", "/2019-09-25/functions/limited/event-invoke-config"),
    ("GetFunctionUrlConfig", "/2021-10-31/functions/plain/url"),
]


@pytest.mark.parametrize(("operation", "path"), READS)
def test_each_response_has_the_shape_of_the_service_model(
    served: Served, operation: str, path: str
) -> None:
    response = web.get(f"{served.emulator.url}{path}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    shape = MODEL.operation_model(operation).output_shape
    assert problems(response.json(), shape) == []


def test_a_configuration_says_what_the_function_was_started_with(served: Served) -> None:
    found = served.client.get_function_configuration(FunctionName="limited")
    assert found["FunctionArn"] == f"{ARN}limited"
    assert (found["Timeout"], found["MemorySize"]) == (3, 256)
    assert found["Environment"] == {"Variables": {"AWS_REGION": "eu-west-1", "TABLE": "orders"}}
    assert found["TenancyConfig"] == {"TenantIsolationMode": "PER_TENANT"}
    assert found["PackageType"] == "Image"
    assert found["ImageConfigResponse"]["ImageConfig"]["Command"] == ["app.handler"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000", found["LastModified"])


def test_a_function_comes_with_its_code_and_its_reserved_concurrency(served: Served) -> None:
    found = served.client.get_function(FunctionName=f"{ARN}limited")
    assert found["Code"]["Location"] == EMULATED_HANDLERS.as_uri()
    assert found["Concurrency"] == {"ReservedConcurrentExecutions": 3}
    assert "Concurrency" not in served.client.get_function(FunctionName="plain")


def test_a_qualifier_reaches_the_arn_and_the_version(served: Served) -> None:
    for name, qualifier in (("plain:7", {}), ("plain", {"Qualifier": "7"})):
        found = served.client.get_function_configuration(FunctionName=name, **qualifier)
        assert (found["FunctionArn"], found["Version"]) == (f"{ARN}plain:7", "7")


def test_the_waiters_of_boto3_return_at_once(served: Served) -> None:
    for name in ("function_exists", "function_active_v2", "function_updated_v2"):
        served.client.get_waiter(name).wait(FunctionName="plain")
    for name in ("function_active", "function_updated"):
        served.client.get_waiter(name).wait(FunctionName="plain")
    served.client.get_waiter("published_version_active").wait(FunctionName="plain", Qualifier="1")


def test_a_restart_is_a_modification(served: Served) -> None:
    before = served.client.get_function_configuration(FunctionName="plain")
    served.emulator.restart("plain")
    after = served.client.get_function_configuration(FunctionName="plain")
    assert before["LastModified"] < after["LastModified"]
    assert before["RevisionId"] != after["RevisionId"]


def test_functions_are_listed_page_by_page(served: Served) -> None:
    pages = list(
        served.client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1})
    )
    assert [[found["FunctionName"] for found in page["Functions"]] for page in pages] == [
        ["limited"],
        ["plain"],
    ]
    assert "State" not in pages[0]["Functions"][0]
    (both,) = served.client.get_paginator("list_functions").paginate(FunctionVersion="ALL")
    assert both["Functions"][1]["FunctionArn"] == f"{ARN}plain:$LATEST"


def test_the_account_counts_what_is_reserved(served: Served) -> None:
    settings = served.client.get_account_settings()
    assert settings["AccountLimit"]["UnreservedConcurrentExecutions"] == 997
    assert settings["AccountUsage"]["FunctionCount"] == 2


def test_a_function_url_is_the_one_of_the_front_door(served: Served) -> None:
    found = served.client.get_function_url_config(FunctionName="plain")
    port = served.emulator.http_url.rsplit(":", 1)[1]
    assert found["FunctionUrl"] == f"http://plain.localhost:{port}"
    assert (found["AuthType"], found["InvokeMode"]) == ("NONE", "BUFFERED")


def test_what_was_set_for_event_invokes_is_described(served: Served) -> None:
    found = served.client.get_function_event_invoke_config(FunctionName="limited")
    assert found["FunctionArn"] == f"{ARN}limited:$LATEST"
    assert found["MaximumEventAgeInSeconds"] == 120
    assert "MaximumRetryAttempts" not in found
    assert found["DestinationConfig"] == {
        "OnFailure": {"Destination": f"{ARN}plain"},
        "OnSuccess": {},
    }


NOT_FOUND = [
    ("get_function", {"FunctionName": "x"}, f"Function not found: {ARN}x (served here: "),
    ("get_function", {"FunctionName": "x:1"}, f"Function not found: {ARN}x:1 (served here: "),
    ("get_function_concurrency", {"FunctionName": "x"}, f"Function not found: {ARN}x (served"),
    ("list_tags", {"Resource": f"{ARN}x"}, f"Function not found: {ARN}x (served here: "),
    ("invoke", {"FunctionName": "x"}, f"Function not found: {ARN}x:$LATEST (served here: "),
    (
        "get_function_event_invoke_config",
        {"FunctionName": "plain"},
        f"The function {ARN}plain:$LATEST doesn't have an EventInvokeConfig",
    ),
    (
        "get_function_url_config",
        {"FunctionName": "plain", "Qualifier": "live"},
        "The resource you requested does not exist.",
    ),
]
INVALID = [
    (
        "get_function",
        {"FunctionName": "plain:1", "Qualifier": "2"},
        "The derived qualifier from the function name does not match the specified qualifier.",
    ),
    (
        "list_tags",
        {"Resource": f"{ARN}plain:1"},
        "Tags on function aliases and versions are not supported. Please specify a function ARN.",
    ),
    ("list_functions", {"Marker": "odd"}, "Invalid marker."),
]
MALFORMED: list[tuple[str, dict[str, str], str]] = [
    (
        "list_functions",
        {"FunctionVersion": "odd"},
        "1 validation error detected: Value 'odd' at 'functionVersion' failed to satisfy "
        "constraint: Member must satisfy enum value set: [ALL]",
    ),
    ("list_tags", {"Resource": "plain"}, "1 validation error detected: Value 'plain' at"),
]


@pytest.mark.parametrize(
    ("code", "status", "operation", "parameters", "message"),
    [
        *[("ResourceNotFoundException", 404, *case) for case in NOT_FOUND],
        *[("InvalidParameterValueException", 400, *case) for case in INVALID],
        *[("ValidationException", 400, *case) for case in MALFORMED],
    ],
)
def test_refusals_have_the_names_and_words_of_the_service(
    served: Served,
    code: str,
    status: int,
    operation: str,
    parameters: dict[str, str],
    message: str,
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(served.client, operation)(**parameters)
    response = refused.value.response
    assert response["Error"]["Code"] == code
    assert response["Error"]["Message"].startswith(message)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.parametrize("text", ["0", "10001", "many", "-1"])
def test_a_page_of_an_impossible_size_is_refused(served: Served, text: str) -> None:
    response = web.get(f"{served.emulator.url}/2015-03-31/functions?MaxItems={text}")
    assert response.status_code == 400
    assert response.json()["message"] == "MaxItems must be a number between 1 and 10000."


SERVED = {operation for operation, _ in READS} | {
    "Invoke",
    "InvokeAsync",
    "InvokeWithResponseStream",
}


def test_every_other_operation_of_lambda_says_that_it_is_not_there(served: Served) -> None:
    """Those on durable executions have tests of their own."""
    others = set(MODEL.operation_names) - SERVED
    others = {name for name in others if "Durable" not in name}
    assert {"CreateFunction", "UpdateFunctionCode", "DeleteFunction", "AddPermission"} < others
    with httpx.Client(base_url=served.emulator.url, verify=False) as client:
        for operation in sorted(others):
            http = MODEL.operation_model(operation).http
            path = re.sub(r"\{\w+\}", "plain", http["requestUri"])
            response = client.request(http["method"], path, json={})
            assert response.status_code == 501, operation
            assert response.headers["x-amzn-errortype"] == "UnsupportedOperationException"
            assert f"does not support {http['method']} {path}: " in response.json()["Message"]


def test_boto3_shows_that_the_emulator_is_read_only(served: Served) -> None:
    with pytest.raises(ClientError, match=r"CreateFunction operation.* is read-only"):
        served.client.create_function(FunctionName="new", Role="r" * 20, Code={"ZipFile": b""})


def test_a_function_alone_is_described_by_any_name() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:
        base = f"{emulator.url}/2015-03-31/functions"
        found = web.get(f"{base}/whatever").json()["Configuration"]
        assert found["FunctionName"] == "test_function"
        assert found["Environment"] == {"Variables": {}}
        assert web.get(f"{emulator.url}/2021-10-31/functions/f/url").status_code == 404
        assert web.head(f"{base}/whatever").status_code == 200
        assert web.get(f"{base}/f", headers={"Host": "evil.example"}).status_code == 403
