"""Warnings of AWS's client, with the switches that silence them."""

from __future__ import annotations

import pytest

from lambda_ric.ondemand.notices import warn_of_init_error, warn_of_preview


@pytest.mark.parametrize(
    ("region", "documentation"),
    [("eu-west-1", "https://docs.aws.amazon.com/"), ("cn-north-1", "https://docs.amazonaws.cn/")],
)
def test_the_warning_of_a_preview_leads_to_the_documentation_of_its_partition(
    region: str,
    documentation: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    warn_of_preview()
    (record,) = caplog.records
    assert record.getMessage().startswith("LAMBDA_WARNING: This is a preview runtime version")
    assert documentation in record.getMessage()


def test_the_warning_of_a_preview_can_be_switched_off(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LAMBDA_DISABLE_PREVIEW_WARN", "1")
    warn_of_preview()
    assert caplog.records == []


def test_only_lambda_warns_that_its_runtime_may_have_been_updated(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LAMBDA_RIC_LOCAL", "1")
    warn_of_init_error()
    assert caplog.records == []
    monkeypatch.delenv("LAMBDA_RIC_LOCAL")
    warn_of_init_error()
    assert "a Lambda runtime update can cause" in caplog.text
