"""`awslambdaric.lambda_concurrency_hooks`, which AWS's client has in its newest images."""

from __future__ import annotations

from lambda_ric.sdk.hooks import before_fork as register_pre_fork

__all__ = ["register_pre_fork"]
