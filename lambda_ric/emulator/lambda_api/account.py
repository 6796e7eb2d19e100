"""The limits and the usage of the account that local functions belong to.

Source: "Lambda quotas" in the AWS Lambda developer guide: the values of a new account.
"""

from __future__ import annotations

from collections.abc import Sequence

from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.lambda_api.configuration import Description, concurrency_of

GIBIBYTE = 1_073_741_824
CONCURRENT_EXECUTIONS = 1_000


def account_settings(functions: Sequence[FunctionConfig]) -> Description:
    """Return the settings; sizes are in bytes."""
    reserved = sum(
        concurrency_of(function).get("ReservedConcurrentExecutions", 0) for function in functions
    )
    return {
        "AccountLimit": {
            "TotalCodeSize": 75 * GIBIBYTE,
            "CodeSizeUnzipped": 262_144_000,
            "CodeSizeZipped": 52_428_800,
            "ConcurrentExecutions": CONCURRENT_EXECUTIONS,
            "UnreservedConcurrentExecutions": max(0, CONCURRENT_EXECUTIONS - reserved),
        },
        "AccountUsage": {"TotalCodeSize": 0, "FunctionCount": len(functions)},
    }
