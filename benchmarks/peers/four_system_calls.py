"""The least that a Python process can do for an invoke: send, receive, send, receive.

No runtime: it calls no function, answers `null`, and reads of what it receives nothing but the
request id, which its answer must name.
"""

import os
from _socket import AF_INET, SOCK_STREAM, socket

INVOCATION = b"/2018-06-01/runtime/invocation/"
POLL = b"GET %bnext HTTP/1.1\r\nHost: lambda\r\n\r\n" % INVOCATION
HEAD = b"POST %b%%b/response HTTP/1.1\r\nHost: lambda\r\nContent-Length: 4\r\n\r\n" % INVOCATION
ANSWER = HEAD + b"null"
NAME = b"Lambda-Runtime-Aws-Request-Id: "
ID_LENGTH = 36

host, _, port = os.environ["AWS_LAMBDA_RUNTIME_API"].partition(":")
api = socket(AF_INET, SOCK_STREAM)
api.connect((host, int(port)))
while True:
    api.send(POLL)
    invocation = api.recv(4096)
    start = invocation.find(NAME) + len(NAME)
    api.send(ANSWER % invocation[start : start + ID_LENGTH])
    api.recv(4096)
