"""Event invokes: accepted at once, tried three times."""

from __future__ import annotations

from tests.support.service import function, running_service, scenario

EVENT = {"X_Amz_Invocation_Type": "Event"}


@scenario
async def test_an_event_is_accepted_before_it_has_run() -> None:
    async with running_service() as served:
        await served.invoke({})
        response = await served.invoke({"write": "ran\n", "sleep": 0.5}, **EVENT)
        assert (response.status_code, response.content) == (202, b"")
        assert served.text.count("REPORT") == 1
        log = await served.log.wait_for("REPORT", times=2)
        assert "ran\n" in log
        assert f"START RequestId: {response.headers['x-amzn-requestid']}" in log


@scenario
async def test_an_event_that_fails_is_tried_twice_more_and_then_logged() -> None:
    async with running_service() as served:
        response = await served.invoke({"fail": "boom"}, **EVENT)
        request_id = response.headers["x-amzn-requestid"]
        for attempt, delay in enumerate((60, 120), 1):
            await served.log.wait_for("REPORT", times=attempt)
            served.service.clock.advance(delay)
        log = await served.log.wait_for("Event dropped after 3 attempts")
        assert log.count(f"START RequestId: {request_id}") == 3
        assert '"errorMessage": "boom"' in log.splitlines()[-1]


@scenario
async def test_the_third_attempt_comes_after_twice_the_delay() -> None:
    async with running_service() as served:
        await served.invoke({"fail": "boom"}, **EVENT)
        for attempt, delay in enumerate((60, 120), 1):
            await served.log.wait_for("REPORT", times=2 * attempt - 1)  # with those of the others
            served.service.clock.advance(delay - 1)
            await served.invoke({})  # the function is free, and runs nothing else
            assert served.text.count("[ERROR] ValueError: boom") == attempt
            served.service.clock.advance(1)
            await served.log.wait_for("[ERROR] ValueError: boom", times=attempt + 1)


@scenario
async def test_an_event_that_succeeds_at_last_is_not_tried_again() -> None:
    async with running_service(function("app.third_time")) as served:
        await served.invoke({}, **EVENT)
        for attempt, delay in enumerate((60, 120), 1):
            await served.log.wait_for("REPORT", times=attempt)
            served.service.clock.advance(delay)
        await served.log.wait_for("REPORT", times=3)
        served.service.clock.advance(3_600)
        await served.invoke({})
        assert served.text.count("START") == 4
        assert "dropped" not in served.text


@scenario
async def test_events_wait_for_a_free_environment() -> None:
    async with running_service(function(concurrency=1)) as served:
        for number in range(5):
            await served.invoke({"write": f"number {number}\n"}, **EVENT)
        log = await served.log.wait_for("REPORT", times=5)
        numbers = [line for line in log.splitlines() if line.startswith("number")]
        assert numbers == [f"number {number}" for number in range(5)]


@scenario
async def test_events_are_run_where_callers_are_throttled() -> None:
    async with running_service(function(concurrency=1, throttle=True)) as served:
        for number in range(3):
            response = await served.invoke({"write": f"number {number}\n"}, **EVENT)
            assert response.status_code == 202
        await served.log.wait_for("REPORT", times=3)


@scenario
async def test_the_older_asynchronous_operation_is_the_same() -> None:
    async with running_service() as served:
        response = await served.invoke({"write": "ran\n"}, "/2014-11-13/functions/f/invoke-async/")
        assert response.status_code == 202
        await served.log.wait_for("ran\n")


@scenario
async def test_events_that_were_not_run_are_told_of_at_the_end() -> None:
    async with running_service(function(concurrency=1)) as served:
        await served.invoke({})
        await served.invoke({"write": "first\n", "sleep": 60}, **EVENT)
        await served.invoke({"write": "never\n"}, **EVENT)
        await served.log.wait_for("first\n")
        await served.service.stop()
        assert "asynchronous events that were not run: 2" in served.text
        assert "never" not in served.text
