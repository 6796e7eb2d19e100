"""A function with boto3 and pydantic that keeps its last results, so that collections are due."""

from __future__ import annotations

from collections import deque
from typing import Any

import boto3
from pydantic import BaseModel

table = boto3.client("dynamodb", region_name="us-east-1")
kept: deque[list[Item]] = deque(maxlen=50)


class Item(BaseModel):
    """What an event is read as."""

    id: int
    name: str
    tags: list[str]
    active: bool


def handler(event: dict[str, Any], context: object) -> int:
    kept.append([Item(**event) for _ in range(100)])
    return len(kept)
