"""A service ends in any state."""

from __future__ import annotations

import pytest

from lambda_ric.emulator import FunctionConfig, Listening, Service
from tests.support.service import running_service, scenario


@scenario
async def test_a_service_that_was_never_started_can_be_stopped() -> None:
    service = Service([FunctionConfig()])
    await service.stop()
    await service.stop()


@scenario
async def test_a_service_that_could_not_start_can_be_stopped() -> None:
    async with running_service() as served:
        taken = int(served.service.address.rpartition(":")[2])
        service = Service([FunctionConfig()], listening=Listening(port=taken))
        with pytest.raises(OSError, match="in use"):
            await service.start()
        await service.stop()


@scenario
async def test_a_service_can_be_stopped_twice() -> None:
    async with running_service() as served:
        await served.service.stop()
