"""HTTP for functions and extensions of the tests, which start much faster without `http.client`."""

from __future__ import annotations

from socket import create_connection


class Connection:
    """A connection that is kept alive, to an address such as 127.0.0.1:9001."""

    def __init__(self, address: str) -> None:
        host, _, port = address.partition(":")
        self._host = address
        self._file = create_connection((host, int(port))).makefile("rwb")

    def request(
        self, method: str, path: str, body: str = "", **fields: str
    ) -> tuple[int, dict[str, str], str]:
        """Return the status, the headers and the body of the response, all of them text."""
        content = body.encode()
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._host}"]
        head += [f"Content-Length: {len(content)}"]
        head += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        self._file.write("\r\n".join([*head, "", ""]).encode() + content)
        self._file.flush()
        status = int(self._file.readline().split()[1])
        headers = {}
        while line := self._file.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return status, headers, self._file.read(int(headers["content-length"])).decode()
