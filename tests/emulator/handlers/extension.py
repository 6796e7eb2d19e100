"""An external extension that prints its events and does what its words say."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time

name, *words = sys.argv[1:]
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def call(method: str, path: str, body: str = "", **fields: str) -> http.client.HTTPResponse:
    headers = {key.replace("_", "-"): value for key, value in fields.items()}
    path = path if path.startswith("/") else f"/2020-01-01/extension/{path}"
    api.request(method, path, body, headers)
    return api.getresponse()


if "dies" in words:
    sys.exit(7)
events = [] if "deaf" in words else ["INVOKE", "SHUTDOWN"]
answer = call(
    "POST",
    "register",
    json.dumps({"events": events}),
    Lambda_Extension_Name=name,
    Lambda_Extension_Accept_Feature="accountId",
)
known = {"Lambda_Extension_Identifier": answer.headers["Lambda-Extension-Identifier"]}
print(f"{name} registered {answer.status} {answer.read().decode()}", flush=True)
if "variables" in words:
    print(f"{name} has {json.dumps(dict(os.environ))}", flush=True)
if "init-error" in words:
    error = {**known, "Lambda_Extension_Function_Error_Type": "Mine.Broken"}
    print(f"{name} failed {call('POST', 'init/error', '{}', **error).read()!r}", flush=True)
    sys.exit(1)
wanted = json.loads(os.environ.get("SUBSCRIBE", "[]"))
for path, request in wanted if name == os.environ.get("SUBSCRIBER", name) else []:
    answer = call("PUT", path, json.dumps(request), **known)
    print(f"{name} subscribed {answer.status} {answer.read().decode()}", flush=True)
if "detaches" in words:
    stray = subprocess.Popen(["sleep", "60"], start_new_session=True)
    print(f"{name} detached {stray.pid}", flush=True)
if "late" in words:
    time.sleep(1)
    print(f"{name} ready", flush=True)
taken = 0
while True:
    answer = call("GET", "event/next", **known)
    text = answer.read().decode()
    taken += 1
    event = json.loads(text)
    print(f"{name} got {text}", flush=True)
    if event["eventType"] == "SHUTDOWN":
        if "stays" in words:
            time.sleep(60)
        print(f"{name} ends", flush=True)
        if "lingers" in words:
            while not os.path.exists(os.environ["LINGERS_UNTIL"]):
                time.sleep(0.01)
        sys.exit(0)
    if "slow" in words:
        time.sleep(float(os.environ.get("SLOW_SECONDS", "0.5")))
        print(f"{name} finished", flush=True)
    if "crashes" in words and taken == int(os.environ.get("CRASHES_AT", "3")):
        sys.exit(9)
    if "hangs" in words:
        mark = os.environ.get("HANGS_IF_THERE_IS", __file__)
        if os.path.exists(mark):
            if mark != __file__:
                os.remove(mark)
            time.sleep(60)
