"""Answers each invocation with the ids, traces and deadlines of all so far, or to the first one."""

import http.client
import json
import os
import sys

INVOCATION = "/2018-06-01/runtime/invocation/"
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
seen: list[list[str]] = []
while sys.argv[1] != "ends":
    api.request("GET", INVOCATION + "next")
    invocation = api.getresponse()
    invocation.read()
    names = ("Aws-Request-Id", "Trace-Id", "Deadline-Ms")
    seen.append([invocation.headers["Lambda-Runtime-" + name] for name in names])
    answered = seen[0] if sys.argv[1] == "answers the first" else seen[-1]
    api.request("POST", f"{INVOCATION}{answered[0]}/response", json.dumps(seen).encode())
    api.getresponse().read()
