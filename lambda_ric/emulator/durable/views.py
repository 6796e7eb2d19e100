"""What is said of an execution to somebody who asks for it."""

from __future__ import annotations

from typing import Any

from lambda_ric.emulator.durable.execution import Execution
from lambda_ric.emulator.durable.operation import given, in_seconds


def describe(execution: Execution, *, with_data: bool) -> dict[str, Any]:
    """Return the answer to GetDurableExecution; without the user's data if that is not wanted."""
    origin, ending, pause = execution.origin, execution.ending, execution.pause
    ended = ending if not execution.open else None
    answer = given(
        DurableExecutionArn=origin.arn,
        DurableExecutionName=origin.name,
        FunctionArn=origin.arn.partition("/durable-execution/")[0],
        Version=origin.version,
        Status=execution.status,
        StartTimestamp=in_seconds(origin.started),
        EndTimestamp=None if execution.ended is None else in_seconds(execution.ended),
        TraceHeader={"XAmznTraceId": origin.trace_id} if origin.trace_id else None,
        ExecutionDataIncluded=with_data,
        DurableConfig={
            "RetentionPeriodInDays": origin.retention_days,
            "ExecutionTimeout": origin.timeout,
        },
    )
    if execution.open and execution.timeout_due is not None:
        answer["ExpectedExecutionTimeoutTimestamp"] = in_seconds(execution.timeout_due)
    if pause is not None:
        answer["PauseDetails"] = given(
            PauseRequestTimestamp=in_seconds(pause.requested),
            Reason=pause.reason,
            ExecutionTimeoutPaused=pause.remaining is not None,
        )
    if with_data:
        answer["InputPayload"] = origin.input
        if ended is not None:
            answer |= given(Result=ended.result, Error=ended.error)
    return answer
