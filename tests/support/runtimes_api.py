"""A server with the operations of customer-managed runtimes, which botocore's own model judges.

Requests and answers are validated with the model of the service: paths, members, required ones,
lengths, patterns and enumerations.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote

import botocore.session
from botocore.model import OperationModel, Shape
from botocore.validate import ParamValidator

ARN = "arn:aws:lambda:eu-west-1:123456789012:runtime/"
NOW = "2026-11-24T18:00:00Z"
DIGEST = "sha256:" + "a" * 64
ARCHITECTURES = ["x86_64", "arm64"]

Resource = dict[str, Any]


@cache
def _model() -> Any:
    return botocore.session.get_session().get_service_model("lambda-core")


class Refusal(Exception):
    """An error of the API: its shape's name, and a message."""


class RuntimesApi:
    """The resources, what was called, and errors that wait for the next calls of an operation."""

    def __init__(self) -> None:
        self.model = _model()
        self.runtimes: dict[str, Resource] = {}
        self.versions: dict[str, Resource] = {}
        self.aliases: dict[str, Resource] = {}
        self.calls: list[tuple[str, Resource]] = []
        self.errors: dict[str, list[str]] = {}
        self.final_state = "ACTIVE"
        self.is_slow = False  # a new version is not ready when it is first read
        self.url = ""

    def operations_called(self) -> list[str]:
        """The operations that were called to change something, in their order."""
        return [name for name, _ in self.calls if not name.startswith("Get")]

    def call(self, operation: str, given: Resource) -> Resource:
        self.calls.append((operation, given))
        if self.errors.get(operation):
            raise Refusal(self.errors[operation].pop(0), "as the test wants it")
        answer: Resource = getattr(self, f"_{operation}")(**given)
        return answer

    def _CreateRuntime(self, Name: str, **members: Any) -> Resource:
        _refuse_contradiction(members)
        return _new(self.runtimes, Name, State="ACTIVE", Arn=ARN + Name, **members)

    def _GetRuntime(self, RuntimeName: str) -> Resource:
        return _as_read(_there(self.runtimes, RuntimeName))

    def _UpdateRuntime(self, RuntimeName: str, **members: Any) -> Resource:
        _refuse_contradiction(members)
        runtime = _there(self.runtimes, RuntimeName)
        for name in ("Description", "LicenseInfo", "ReleaseLifecycle"):
            runtime.pop(name, None)
        runtime.update(members)
        return runtime

    def _CreateRuntimeVersion(
        self, RuntimeName: str, Name: str, ImageUri: str, DryRun: bool = False, **members: Any
    ) -> Resource:
        _there(self.runtimes, RuntimeName)
        version = {
            "Arn": f"{ARN}{RuntimeName}/version/{Name}",
            "ResolvedUri": ImageUri
            if "@" in ImageUri
            else f"{ImageUri.rsplit(':', 1)[0]}@{DIGEST}",
            "State": "CREATING",
            "Platforms": [
                {"Architecture": architecture, "Os": "linux", "Digest": DIGEST}
                for architecture in ARCHITECTURES
            ],
            "Compatibility": {
                "IntegrationModels": ["RuntimeAPI"],
                "Architectures": ARCHITECTURES,
                "ManagedInstances": "Supported",
            },
            **members,
        }
        return _new({} if DryRun else self.versions, Name, **version)

    def _GetRuntimeVersion(self, RuntimeName: str, Name: str) -> Resource:
        version = _there(self.versions, Name)
        before = dict(version)
        if version["State"] == "CREATING":
            version["State"] = self.final_state
        return before if self.is_slow else version

    def _UpdateRuntimeVersion(self, RuntimeName: str, Name: str, ReleaseNotes: str) -> Resource:
        version = _there(self.versions, Name)
        version["ReleaseNotes"] = ReleaseNotes
        return version

    def _CreateRuntimeAlias(
        self, RuntimeName: str, Name: str, RuntimeVersion: str, **members: Any
    ) -> Resource:
        _refuse_contradiction(members)
        pointing = self._pointing(RuntimeName, RuntimeVersion)
        arn = f"{ARN}{RuntimeName}/alias/{Name}"
        return _new(self.aliases, Name, State="ACTIVE", Arn=arn, **pointing, **members)

    def _GetRuntimeAlias(self, RuntimeName: str, Name: str) -> Resource:
        inherited = _there(self.runtimes, RuntimeName).get("ReleaseLifecycle")
        shown = {"ReleaseLifecycle": inherited} if inherited else {}
        return _as_read({**shown, **_there(self.aliases, Name)})

    def _UpdateRuntimeAlias(
        self, RuntimeName: str, Name: str, RuntimeVersion: str, **members: Any
    ) -> Resource:
        _refuse_contradiction(members)
        alias = _there(self.aliases, Name)
        for name in ("Description", "ReleaseLifecycle"):
            alias.pop(name, None)
        alias.update(self._pointing(RuntimeName, RuntimeVersion), **members)
        return {**alias, "RuntimeName": RuntimeName}

    def _pointing(self, runtime: str, version: str) -> Resource:
        arn = _there(self.versions, version)["Arn"]
        return {"RuntimeVersion": version, "RuntimeVersionArn": arn}


def _new(place: dict[str, Resource], name: str, **members: Any) -> Resource:
    if name in place:
        raise Refusal("ResourceConflictException", f"{name} exists")
    place[name] = {"Name": name, "Created": NOW, "LastModified": NOW, **members}
    return place[name]


def _as_read(resource: Resource) -> Resource:
    """Report DEPRECATED once the date has come, as the model says of RuntimeReleaseLifecycle."""
    lifecycle = resource.get("ReleaseLifecycle", {})
    if not _has_come(lifecycle.get("DeprecationDate")):
        return resource
    return {**resource, "ReleaseLifecycle": {**lifecycle, "ReleaseState": "DEPRECATED"}}


def _refuse_contradiction(members: Resource) -> None:
    lifecycle = members.get("ReleaseLifecycle", {})
    state = lifecycle.get("ReleaseState")
    if state and (state == "DEPRECATED") != _has_come(lifecycle.get("DeprecationDate")):
        raise Refusal("InvalidParameterValueException", f"{state} contradicts the date")


def _has_come(day: str | None) -> bool:
    return day is not None and day <= datetime.now(timezone.utc).date().isoformat()


def _there(place: Mapping[str, Resource], name: str) -> Resource:
    if name not in place:
        raise Refusal("ResourceNotFoundException", f"there is no {name}")
    return place[name]


@contextmanager
def runtimes_api() -> Iterator[RuntimesApi]:
    """Serve on a free port of the loopback interface."""
    api = RuntimesApi()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, answer = respond(api, self.command, self.path, body)
            payload = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(payload))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = do_PATCH = _answer

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        api.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()


def respond(
    api: RuntimesApi, method: str, path: str, body: bytes
) -> tuple[int, dict[str, str], Resource]:
    """Answer one request, or refuse it as the model says."""
    operation, given = _operation(api, method, path)
    try:
        given |= json.loads(body or b"{}")
        found_wrong = list(problems(operation.input_shape, given))
        if found_wrong:
            raise Refusal("InvalidParameterValueException", "; ".join(found_wrong))
        found = api.call(operation.name, given)
        answer = {name: found[name] for name in operation.output_shape.members if name in found}
    except Refusal as refusal:
        name, message = refusal.args
        shape = next(shape for shape in operation.error_shapes if shape.name == name)
        status = shape.metadata["error"]["httpStatusCode"]
        return status, {"x-amzn-ErrorType": name}, {"message": message}
    assert not list(problems(operation.output_shape, answer)), answer
    return operation.http["responseCode"], {}, answer


def _operation(api: RuntimesApi, method: str, path: str) -> tuple[OperationModel, Resource]:
    for name in api.model.operation_names:
        operation = api.model.operation_model(name)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", operation.http["requestUri"])
        found = re.fullmatch(pattern, path)
        if found and operation.http["method"] == method:
            return operation, {key: unquote(value) for key, value in found.groupdict().items()}
    raise AssertionError(f"the service has no operation {method} {path}")


def problems(shape: Shape, value: Any) -> Iterator[str]:
    """What botocore's validator finds, and what it leaves to the service."""
    report = ParamValidator().validate(value, shape)
    if report.has_errors():
        yield report.generate_report()
        return
    if shape.type_name == "structure":
        for name, member in value.items():
            if name not in shape.members:
                yield f"{shape.name} has no member {name}"
            else:
                yield from problems(shape.members[name], member)
    elif shape.type_name == "list":
        for item in value:
            yield from problems(shape.member, item)
    elif shape.type_name == "string":
        pattern = shape.metadata.get("pattern", "").replace(r"[^\p{C}]", ".")
        if pattern and not re.fullmatch(pattern, value):
            yield f"{value!r} is no {shape.name}"
        if shape.enum and value not in shape.enum:
            yield f"{value!r} is not one of {shape.enum}"
