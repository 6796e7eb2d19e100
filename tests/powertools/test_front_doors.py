"""The events of the HTTP front doors, judged by Powertools' models."""

from __future__ import annotations

from typing import Any

import pytest
from aws_lambda_powertools.utilities.parser import models

from tests.emulator.gateway.front import front
from tests.support.service import scenario


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("function-url", models.LambdaFunctionUrlModel),
        ("http-api", models.APIGatewayProxyEventV2Model),
        ("http-api-1.0", models.APIGatewayProxyEventModel),
        ("rest-api", models.APIGatewayProxyEventModel),
        ("alb", models.AlbModel),
    ],
)
@scenario
async def test_powertools_accepts_each_event(kind: str, model: Any) -> None:
    async with front(kind, "front.reflect") as served:
        response = await served.client.post(
            "a/b?x=1&x=2", content=b"{}", headers={"Content-Type": "application/json"}
        )
        assert model.model_validate(response.json())
