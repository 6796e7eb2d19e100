from __future__ import annotations


def test_hooks_run_around_the_snapshot(lambda_emulator):
    emulator = lambda_emulator("app.handler", snap_start=True)
    result = emulator.invoke({"number": 12})
    assert (result.payload["square"], result.payload["answer"]) == (144, 42)


def test_each_copy_is_an_environment_of_its_own(lambda_emulator):
    ids = {
        lambda_emulator("app.handler", snap_start=True).invoke({"number": 1}).payload["environment"]
        for _ in range(2)
    }
    assert len(ids) == 2
