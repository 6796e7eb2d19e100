"""An external extension that prints its events and does what its words say.

A run of the tests starts a hundred of them, so it imports no more than it needs: with `http.client`
and `json` each would take three times as long to start.
"""

from __future__ import annotations

import os
import sys
import time

from light_http import Connection

name, *words = sys.argv[1:]


def call(method: str, path: str, body: str = "", **fields: str) -> tuple[int, dict[str, str], str]:
    path = path if path.startswith("/") else f"/2020-01-01/extension/{path}"
    return api.request(method, path, body, **fields)


if "dies" in words:
    sys.exit(7)
api = Connection(os.environ["AWS_LAMBDA_RUNTIME_API"])
status, answer, text = call(
    "POST",
    "register",
    '{"events": []}' if "deaf" in words else '{"events": ["INVOKE", "SHUTDOWN"]}',
    Lambda_Extension_Name=name,
    Lambda_Extension_Accept_Feature="accountId",
)
known = {"Lambda_Extension_Identifier": answer["lambda-extension-identifier"]}
print(f"{name} registered {status} {text}", flush=True)
if "variables" in words:
    import json

    print(f"{name} has {json.dumps(dict(os.environ))}", flush=True)
if "init-error" in words:
    error = {**known, "Lambda_Extension_Function_Error_Type": "Mine.Broken"}
    print(f"{name} failed {call('POST', 'init/error', '{}', **error)[2]!r}", flush=True)
    sys.exit(1)
if "SUBSCRIBE" in os.environ and name == os.environ.get("SUBSCRIBER", name):
    import json

    for path, request in json.loads(os.environ["SUBSCRIBE"]):
        status, _, text = call("PUT", path, json.dumps(request), **known)
        print(f"{name} subscribed {status} {text}", flush=True)
if "detaches" in words:
    import subprocess

    stray = subprocess.Popen(["sleep", "60"], start_new_session=True)
    print(f"{name} detached {stray.pid}", flush=True)
if "late" in words:
    time.sleep(1)
    print(f"{name} ready", flush=True)
taken = 0
while True:
    text = call("GET", "event/next", **known)[2]
    taken += 1
    print(f"{name} got {text}", flush=True)
    if '"SHUTDOWN"' in text:
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
