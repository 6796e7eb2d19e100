"""What callers get who invoke a function and wait for its answer."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import re

import pytest

from lambda_ric.emulator.invoke import new_request_id, new_trace_id
from tests.support.service import INVOKE, function, running_service, scenario


def test_ids_neither_follow_nor_disturb_the_random_numbers_of_the_process() -> None:
    random.seed(7)
    before = random.getstate()
    ids = [new_request_id(), new_trace_id()]
    assert random.getstate() == before
    random.seed(7)
    assert not {new_request_id(), new_trace_id()} & set(ids)


@scenario
async def test_a_result_comes_with_the_headers_of_the_service() -> None:
    async with running_service() as served:
        response = await served.invoke({"keep": "é"})
        assert response.status_code == 200
        assert response.json()["event"] == {"keep": "é"}
        assert response.headers["content-type"] == "application/json"
        assert response.headers["x-amz-executed-version"] == "$LATEST"
        assert response.headers["x-amzn-requestid"] == response.json()["request_id"]
        assert response.headers["x-amzn-trace-id"].startswith("Root=1-")
        assert "x-amz-function-error" not in response.headers


@scenario
async def test_start_end_and_report_stand_around_the_output() -> None:
    async with running_service() as served:
        response = await served.invoke({"write": "one\ntwo"})
        request_id = response.json()["request_id"]
        assert re.fullmatch(
            f"START RequestId: {request_id} Version: \\$LATEST\n"
            "one\ntwo\n"
            f"END RequestId: {request_id}\n"
            f"REPORT RequestId: {request_id}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\t"
            "Memory Size: 3008 MB\tMax Memory Used: [1-9]\\d* MB\tInit Duration: [\\d.]+ ms\t\n",
            served.text,
        )


@scenario
async def test_only_the_first_report_tells_the_init_duration() -> None:
    async with running_service() as served:
        await served.invoke({})
        await served.invoke({})
        assert served.text.count("REPORT") == 2
        assert served.text.count("Init Duration") == 1


@scenario
async def test_an_error_of_the_function_is_marked() -> None:
    async with running_service() as served:
        response = await served.invoke({"fail": "boom"})
        assert response.status_code == 200
        assert response.headers["x-amz-function-error"] == "Unhandled"
        assert response.json()["errorType"] == "ValueError"
        assert response.json()["errorMessage"] == "boom"
        assert "Traceback (most recent call last):\n" in served.text


@scenario
async def test_any_client_can_invoke_without_special_headers() -> None:
    """As `curl -d '{}'` does, which says that it sends a form."""
    async with running_service() as served:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = await served.client.post(INVOKE, content=b'{"keep": 1}', headers=headers)
        assert response.json()["event"] == {"keep": 1}


@scenario
async def test_an_empty_payload_is_an_empty_object() -> None:
    async with running_service() as served:
        assert (await served.client.post(INVOKE)).json()["event"] == {}


@scenario
async def test_parallel_invokes_run_in_parallel_environments() -> None:
    async with running_service(function(concurrency=3)) as served:
        responses = await asyncio.gather(*[served.invoke({"sleep": 1}) for _ in range(3)])
        assert len({response.json()["pid"] for response in responses}) == 3
        again = await served.invoke({})
        assert again.json()["pid"] in {response.json()["pid"] for response in responses}


@scenario
async def test_invokes_beyond_the_concurrency_wait() -> None:
    async with running_service(function(concurrency=1)) as served:
        responses = await asyncio.gather(*[served.invoke({"keep": n}) for n in range(5)])
        assert [response.json()["event"] for response in responses] == [
            {"keep": n} for n in range(5)
        ]
        assert len({response.json()["pid"] for response in responses}) == 1


@scenario
async def test_invokes_beyond_the_concurrency_are_refused_on_request() -> None:
    async with running_service(function(concurrency=1, throttle=True)) as served:
        await served.invoke({})
        first = asyncio.ensure_future(served.invoke({"write": "here\n", "sleep": 1}))
        await served.log.wait_for("here")
        second = await served.invoke({})
        assert second.status_code == 429
        assert second.headers["x-amzn-errortype"] == "TooManyRequestsException"
        assert second.headers["retry-after"]
        assert second.json()["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
        assert (await first).status_code == 200


@scenario
async def test_a_dry_run_runs_nothing() -> None:
    async with running_service() as served:
        response = await served.invoke({"fail": "never"}, X_Amz_Invocation_Type="DryRun")
        assert (response.status_code, response.content) == (204, b"")
        await served.invoke({})
        assert served.text.count("START") == 1


@scenario
async def test_the_end_of_the_log_comes_on_request() -> None:
    async with running_service() as served:
        response = await served.invoke({"write": "x" * 5_000 + "é\n"}, X_Amz_Log_Type="Tail")
        tail = base64.b64decode(response.headers["x-amz-log-result"])
        assert len(tail) == 4_096
        assert b"x\xc3\xa9\nEND RequestId: " in tail
        assert tail.endswith(b" ms\t\n")
        assert b"REPORT" in tail
        response = await served.invoke({"write": "short\n"}, X_Amz_Log_Type="Tail")
        tail = base64.b64decode(response.headers["x-amz-log-result"])
        assert tail.startswith(b"START RequestId: ")
        assert b"\nshort\nEND" in tail


@scenario
async def test_what_the_caller_says_of_himself_reaches_the_function() -> None:
    context = base64.b64encode(json.dumps({"custom": {"a": "b"}}).encode()).decode()
    trace_id = "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=1"
    async with running_service(function("app.describe", name="described")) as served:
        response = await served.invoke(
            {},
            "/2015-03-31/functions/described:live/invocations",
            X_Amz_Client_Context=context,
            X_Amz_Tenant_Id="tenant-1",
            X_Amzn_Trace_Id=trace_id,
        )
        seen = response.json()
        assert 299_000 < seen.pop("remaining") <= 300_000
        assert seen == {
            "arn": "arn:aws:lambda:us-east-1:012345678912:function:described:live",
            "custom": {"a": "b"},
            "trace_id": trace_id,
            "tenant_id": "tenant-1",
        }
        assert response.headers["x-amzn-trace-id"] == trace_id


@pytest.mark.parametrize(
    ("path", "headers", "content", "status", "error_type", "words"),
    [
        ("", {}, b"{", 400, "InvalidRequestContentException", "Could not parse request body"),
        ("", {}, b"\xff", 400, "InvalidRequestContentException", "Could not parse request body"),
        ("", {}, b"[" * 99_999, 400, "InvalidRequestContentException", "Could not parse"),
        (
            "",
            {"X-Amz-Client-Context": "?"},
            b"{}",
            400,
            "InvalidRequestContentException",
            "Client context must be a valid Base64-encoded JSON object.",
        ),
        ("", {"X-Amz-Invocation-Type": "Odd"}, b"{}", 400, "InvalidParameterValue", "'Odd'"),
        ("", {"X-Amz-Log-Type": "Odd"}, b"{}", 400, "InvalidParameterValue", "'Odd'"),
        ("", {"X-Amz-Tenant-Id": "?"}, b"{}", 400, "InvalidParameterValue", "tenant"),
        ("", {}, b" " * 6_291_457, 413, "RequestTooLarge", "6291457 byte payload is too large"),
        (
            "",
            {"X-Amz-Invocation-Type": "Event"},
            b" " * 1_048_577,
            413,
            "RequestTooLarge",
            "for the Event invocation type",
        ),
        ("/2015-03-31/functions/a%20b/invocations", {}, b"", 400, "InvalidParameter", "'a b'"),
        ("/2015-03-31/functions/f:1/invocations?Qualifier=2", {}, b"", 400, "Invalid", "qualifier"),
        ("/2015-03-31/functions//invocations", {}, b"", 404, "UnknownOperation", "invocations"),
        ("/nothing", {}, b"", 404, "UnknownOperationException", "/nothing"),
    ],
)
@scenario
async def test_what_cannot_be_invoked_is_refused_in_the_words_of_the_service(
    path: str,
    headers: dict[str, str],
    content: bytes,
    status: int,
    error_type: str,
    words: str,
) -> None:
    async with running_service() as served:
        response = await served.client.post(path or INVOKE, content=content, headers=headers)
        assert response.status_code == status
        assert response.headers["x-amzn-errortype"].startswith(error_type)
        assert response.headers["x-amzn-requestid"]
        body = response.json()
        assert body["Type"] == "User"
        assert words in (body.get("message") or body["Message"])
        assert "START" not in served.text


@scenario
async def test_an_event_of_the_largest_size_passes() -> None:
    async with running_service(function("app.size")) as served:
        content = b'"' + b"x" * (6 * 1_048_576 - 2) + b'"'
        assert (await served.client.post(INVOKE, content=content)).json() == len(content) - 2


@scenario
async def test_only_post_invokes() -> None:
    async with running_service() as served:
        response = await served.client.get(INVOKE)
        assert response.status_code == 405
        assert response.headers["allow"] == "POST"


@scenario
async def test_several_functions_are_told_apart_by_name() -> None:
    functions = [function(name="one"), function("app.describe", name="two")]
    async with running_service(*functions) as served:
        first = await served.invoke({"keep": 1}, "/2015-03-31/functions/one/invocations")
        assert first.json()["event"] == {"keep": 1}
        second = await served.invoke({}, "/2015-03-31/functions/two/invocations")
        assert second.json()["arn"].endswith(":two")
        unknown = await served.invoke({}, "/2015-03-31/functions/three/invocations")
        assert unknown.status_code == 404
        assert unknown.headers["x-amzn-errortype"] == "ResourceNotFoundException"
        assert unknown.json()["Message"] == (
            "Function not found: arn:aws:lambda:us-east-1:012345678912:function:three:$LATEST "
            "(served here: one, two)"
        )


@scenario
async def test_the_process_sees_the_variables_of_lambda() -> None:
    one = function(
        "app.environment", name="named", memory=512, environment={"AWS_REGION": "eu-west-1"}
    )
    async with running_service(one) as served:
        seen = (await served.invoke({})).json()
        expected = {
            "_HANDLER": "app.environment",
            "AWS_LAMBDA_FUNCTION_NAME": "named",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/named",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL_LAMBDA": served.service.url,
            "POWERTOOLS_TRACE_DISABLED": "true",
        }
        assert expected.items() <= seen.items()
        stream = seen["AWS_LAMBDA_LOG_STREAM_NAME"]
        assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
        assert "AWS_SAM_LOCAL" not in seen


@scenario
async def test_a_service_can_be_invoked_in_process() -> None:
    async with running_service() as served:
        outcome = await served.service.invoke(b'{"keep": 1}')
        assert json.loads(outcome.payload)["event"] == {"keep": 1}
        assert outcome.error_type is None
        assert outcome.log_tail.startswith(b"START")


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@scenario
async def test_a_control_character_in_a_client_context_reaches_the_function() -> None:
    context = encoded('{"custom":{"a":"\x7f"}}')
    async with running_service(function("app.describe", concurrency=1)) as served:
        for _ in range(2):  # a cold environment, and a warm one
            response = await served.invoke({}, X_Amz_Client_Context=context)
            assert response.status_code == 200
            assert response.json()["custom"] == {"a": "\x7f"}


@pytest.mark.parametrize("context", ["3", "[1]", "null", '{"a":NaN}', "{"])
@scenario
async def test_a_client_context_that_is_not_an_object_is_refused(context: str) -> None:
    async with running_service() as served:
        response = await served.invoke({}, X_Amz_Client_Context=encoded(context))
        assert response.status_code == 400
        assert "JSON object" in response.text


@pytest.mark.parametrize("payload", [b"NaN", b"[Infinity]", b'{"a":-Infinity}'])
@scenario
async def test_numbers_that_json_does_not_have_are_refused(payload: bytes) -> None:
    async with running_service() as served:
        response = await served.client.post(INVOKE, content=payload)
        assert response.status_code == 400
        assert "START" not in served.text


@scenario
async def test_nothing_is_lost_without_an_answer_while_the_emulator_stops() -> None:
    """The shutdown hook of the function keeps the emulator stopping for a while."""
    async with running_service(function("slow_to_end.handler", concurrency=1)) as served:
        await served.invoke({})
        stopping = asyncio.ensure_future(served.service.stop())
        await served.log.wait_for("ending")
        event = await served.invoke({}, X_Amz_Invocation_Type="Event")
        assert event.status_code == 503
        answer = await served.invoke({})
        assert answer.json()["errorType"] == "Sandbox.Failure"
        await stopping


@pytest.mark.parametrize("kind", ["Event", "DryRun"])
def test_only_an_invoke_that_waits_names_the_version_that_ran(kind: str) -> None:
    @scenario
    async def named() -> None:
        async with running_service() as served:
            assert "X-Amz-Executed-Version" in (await served.invoke({})).headers
            unheard = await served.invoke({}, X_Amz_Invocation_Type=kind)
            assert "X-Amz-Executed-Version" not in unheard.headers

    named()


@scenario
async def test_a_function_finds_the_addresses_of_tracing_and_a_trace_while_it_loads() -> None:
    async with running_service(function("app.environment_at_load")) as served:
        variables = (await served.invoke({})).json()
        assert variables["_X_AMZN_TRACE_ID"].startswith("Root=1-")
        assert variables["_AWS_XRAY_DAEMON_ADDRESS"] == "127.0.0.1"
        assert variables["_AWS_XRAY_DAEMON_PORT"] == "2000"
