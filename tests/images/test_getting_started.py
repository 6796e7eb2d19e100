"""The container of docs/getting-started.md, built from the files as the page has them."""

from __future__ import annotations

import pytest

from lambda_ric.wire.event_stream import MessageReader
from tests.docs.blocks import blocks_of
from tests.images.container import container
from tests.images.standins import SLIM
from tests.images.workshop import Shelf, build, buildah
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "getting-started.md"
STREAMED = "/2021-11-15/functions/function/response-streaming-invocations"


@pytest.fixture(scope="module")
def image(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("countdown")
    for block in blocks_of(PAGE):
        if block.title:
            (folder / block.title).write_text(block.text, encoding="utf-8")
    buildah("tag", SLIM, "localhost/python:3.13-slim")
    return build("localhost/lambda-ric/countdown", folder / "Dockerfile", folder, *shelf.mounts)


def test_the_container_streams(image: str) -> None:
    with container(image) as running:
        status, body = running.request("POST", STREAMED, b'{"count": 2}')
    reader = MessageReader()
    reader.feed(body)
    *chunks, end = iter(reader.next_message, None)
    assert status == 200
    assert b"".join(chunk.payload for chunk in chunks).endswith(b"\0" * 8 + b"2\n1\nlift-off\n")
    assert (end.event_type, end.payload) == ("InvokeComplete", b"{}")
