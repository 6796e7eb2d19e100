"""Server-sent events with the time of each, and a page that reads them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from lambda_ric import HttpPrelude

PAGE = """<!doctype html><title>Ticker</title><script>
const delays = []
const source = new EventSource("/ticks" + location.search)
source.onmessage = (event) => {
  delays.push(performance.timeOrigin + performance.now() - Number(event.data))
}
source.onerror = () => { source.close(); document.title = "done" }
</script>"""


def handler(event: Any, context: Any) -> Iterator[Any]:
    if event["rawPath"] != "/ticks":
        yield HttpPrelude(200, headers={"content-type": "text/html"})
        yield PAGE
        return
    yield HttpPrelude(200, headers={"content-type": "text/event-stream"})
    try:
        for _ in range(int(event["queryStringParameters"]["ticks"])):
            yield f"data: {1_000 * time.time():.3f}\n\n"
            time.sleep(0.02)
    finally:
        print("generator closed", flush=True)
