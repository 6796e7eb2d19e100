from __future__ import annotations

import hashlib
import json
import subprocess

import pytest

from lambda_ric.testing.events import CATALOGUE
from tests.support.command import COMMAND, run_here


def _event(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_here("event", *arguments)


def test_without_a_name_all_samples_are_listed() -> None:
    done = _event()
    assert done.returncode == 0
    lines = [f"{line} " for line in done.stdout.splitlines()]
    for sample in CATALOGUE:
        service, _, kind = sample.name.partition("/")
        (line,) = (line for line in lines if line.startswith(f"  {service:<15}{kind} "))
        assert f" {sample.title} " in line
    assert "sqs receive-message" in done.stdout


def test_a_service_and_a_type_make_an_event() -> None:
    done = _event("s3", "delete", "--set", "key=a b.txt")
    (record,) = json.loads(done.stdout)["Records"]
    assert (done.returncode, done.stderr) == (0, "")
    assert (record["eventName"], record["s3"]["object"]["key"]) == (
        "ObjectRemoved:Delete",
        "a+b.txt",
    )


def test_checksums_fit_the_settings() -> None:
    (record,) = json.loads(_event("sqs", "--set", "body=grüezi").stdout)["Records"]
    assert record["md5OfBody"] == hashlib.md5("grüezi".encode()).hexdigest()


@pytest.mark.parametrize(
    ("service", "setting"), [("sqs", "body"), ("sns", "message"), ("kinesis", "data")]
)
def test_a_repeated_setting_makes_a_batch(service: str, setting: str) -> None:
    done = _event(service, "--set", f"{setting}=1", "--set", f"{setting}=2")
    assert len(json.loads(done.stdout)["Records"]) == 2


def test_each_record_of_a_batch_has_its_own_value() -> None:
    done = _event("sqs", "--set", "body=a", "--set", "body=b", "--set", "queue=q")
    assert [record["body"] for record in json.loads(done.stdout)["Records"]] == ["a", "b"]


def test_another_setting_cannot_be_given_twice() -> None:
    done = _event("sqs", "--set", "queue=a", "--set", "queue=b")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--set queue is given twice" in done.stderr


def test_a_path_sets_a_place_in_the_event() -> None:
    places = ["--set", "Records.0.awsRegion=eu-west-1", "--set", 'Records.0.extra={"a": [1]}']
    (record,) = json.loads(_event("sqs", *places).stdout)["Records"]
    assert (record["awsRegion"], record["extra"]) == ("eu-west-1", {"a": [1]})


def test_a_place_that_holds_text_goes_on_holding_text() -> None:
    (record,) = json.loads(_event("sqs", "--set", "Records.0.body=42").stdout)["Records"]
    assert record["body"] == "42"


def test_settings_have_the_types_of_the_builder() -> None:
    settings = ["--set", "size=7", "--set", "key=12"]
    (record,) = json.loads(_event("s3", "put", *settings).stdout)["Records"]
    assert (record["s3"]["object"]["size"], record["s3"]["object"]["key"]) == (7, "12")
    event = json.loads(_event("eventbridge", "--set", 'detail={"a": 1}').stdout)
    assert event["detail"] == {"a": 1}


def test_compact_is_one_line() -> None:
    assert _event("hello", "--compact").stdout == '{"hello": "world"}\n'


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["sqqs"], "no sample event 'sqqs'; perhaps sqs"),
        (["sqs", "x"], "no sample event 'sqs/x'; perhaps sqs/message, sqs/fifo"),
        (["sqs", "--set", "nothing"], "--set nothing: write it as KEY=VALUE"),
        (["sqs", "--set", "bodi=x"], "sqs/message has no setting 'bodi'; it has: body"),
        (["sqs", "--set", "Records.7.body=x"], "--set Records.7.body: the event has no such place"),
        (["sqs", "--set", "Records.0.body.x=1"], "the event has no such place"),
        (["sqs", "--set", "fifo=maybe"], "--set fifo=maybe: the value is true or false"),
        (["s3", "--set", "size=big"], "--set size=big: the value is a whole number"),
        (["eventbridge", "--set", "detail=x"], "--set detail=x: the value is an object in JSON"),
        (["eventbridge", "--set", "detail=[1]"], "the value is an object in JSON"),
        (["function-url", "--set", "cookies=a=b"], "the value is a list in JSON"),
        (["sqs", "--sett"], "unrecognized arguments: --sett"),
    ],
)
def test_wrong_usage_is_one_clear_line(arguments: list[str], complaint: str) -> None:
    done = _event(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert done.stderr.startswith("lambda-ric event: ")
    assert done.stderr.count("\n") == 1


def test_a_closed_output_pipe_is_not_an_error() -> None:
    process = subprocess.Popen([*COMMAND, "event"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    _, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (141, b"")
