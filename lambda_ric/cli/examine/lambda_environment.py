"""The environment variables that Lambda sets, with realistic values.

Source: "Defined runtime environment variables" in the AWS Lambda developer guide.
"""

from __future__ import annotations

from collections.abc import Mapping


def lambda_environment(handler: str, task_root: str) -> dict[str, str]:
    """Return the variables that a container image function has in Lambda.

    The credentials are left out: they belong to the function's role.
    """
    return {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_NAME": "test_function",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/test_function",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]00000000000000000000000000000000",
        "AWS_LAMBDA_RUNTIME_API": "169.254.100.1:9001",
        "AWS_REGION": "us-east-1",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "169.254.79.129:2000",
        "LAMBDA_TASK_ROOT": task_root,
        "TZ": ":UTC",
        "_HANDLER": handler,
    }


def for_probe(environ: Mapping[str, str], handler: str, task_root: str) -> dict[str, str]:
    """Return the environment in which to load a handler: this one, with Lambda's variables added.

    It lacks the variables that make libraries believe they run in Lambda and look for its services.
    """
    misleading = ("AWS_LAMBDA_RUNTIME_API", "AWS_XRAY_DAEMON_ADDRESS", "LAMBDA_TASK_ROOT")
    made_up = lambda_environment(handler, task_root)
    kept = {name: value for name, value in made_up.items() if name not in misleading}
    return {**kept, **environ}
