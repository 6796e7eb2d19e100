"""A function with boto3 and pydantic that keeps its last results for a while.

What an invocation makes outlives the collections of young objects, so full collections are due.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import boto3
from pydantic import BaseModel

table = boto3.client("dynamodb", region_name="us-east-1")
kept: deque[list[dict[str, Any]]] = deque(maxlen=10)


class Item(BaseModel):
    """What an event is read as."""

    id: int
    name: str
    tags: list[str]
    active: bool


def handler(event: dict[str, Any], context: object) -> int:
    row = Item(**event).model_dump()
    kept.append([row.copy() for _ in range(2500)])  # as rows of a query
    return len(kept)
