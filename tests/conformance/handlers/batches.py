"""What the suites on parallel branches and on maps share."""

from aws_durable_execution_sdk_python.config import CompletionConfig


def projection(result, *members):
    """Return the members of a batch result that a requirement asks for."""
    everything = {
        "completionReason": result.completion_reason.value,
        "status": result.status.value,
        "successCount": result.success_count,
        "failureCount": result.failure_count,
        "totalCount": result.total_count,
    }
    return {name: everything[name] for name in members or everything}


COUNTS = ("completionReason", "successCount", "failureCount", "totalCount")


def tolerated(count):
    return CompletionConfig(tolerated_failure_count=count)


QUARTER = CompletionConfig(tolerated_failure_percentage=25)
TWO_SUCCEED = CompletionConfig(min_successful=2)
