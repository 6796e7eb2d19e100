"""Suite 8: parallel branches."""

import json

from aws_durable_execution_sdk_python.config import (
    CompletionConfig,
    Duration,
    NestingType,
    ParallelBranch,
    ParallelConfig,
)
from batches import COUNTS, QUARTER, TWO_SUCCEED, projection, tolerated
from suite import Encoded, Suite, fail

handler = Suite()

GOOD = "ok"
BAD = "bad"


def returns(value):
    return lambda context: value


def steps(value):
    return lambda context: context.step(lambda _: value)


def branches(*outcomes):
    """Return branches that succeed, or fail where BAD stands."""
    return [
        (lambda context: fail()) if outcome is BAD else returns(outcome) for outcome in outcomes
    ]


def run(context, functions, name=None, completion=None, **options):
    """Run branches, one at a time unless the options say something else."""
    if completion is not None:
        options["completion_config"] = completion
    config = ParallelConfig(**{"max_concurrency": 1, **options})
    return context.parallel(functions, name=name, config=config)


@handler.requirement("8-1")
def basic(event, context):
    return run(context, [steps("task-1"), steps("task-2")], "parallel").get_results()


@handler.requirement("8-2")
def unnamed(event, context):
    return run(context, branches("alpha", "beta")).get_results()


@handler.requirement("8-3")
def named_branches(event, context):
    named = [ParallelBranch(returns("one"), "first"), ParallelBranch(returns("two"), "second")]
    return run(context, named, "named").get_results()


@handler.requirement("8-4")
def several_types(event, context):
    return run(context, branches("hello", 42, {"k": "v"}), "hetero").get_results()


@handler.requirement("8-5")
def empty(event, context):
    return run(context, [], "empty").get_results()


@handler.requirement("8-6")
def fails_fast(event, context):
    result = run(context, branches(GOOD, BAD, GOOD), "failfast", tolerated(0))
    return projection(result)


@handler.requirement("8-7")
def rethrows(event, context):
    run(context, branches(BAD, GOOD), "throwing", tolerated(0)).throw_if_error()


@handler.requirement("8-8")
def enough_succeed(event, context):
    result = run(context, branches(*"abcd"), "min-successful", TWO_SUCCEED)
    return projection(result, "completionReason", "successCount", "totalCount")


@handler.requirement("8-9")
def tolerates_failure(event, context):
    return projection(run(context, branches(GOOD, BAD, GOOD), "tolerated", tolerated(1)))


@handler.requirement("8-10")
def too_many_failures(event, context):
    result = run(context, branches(BAD, BAD, GOOD), "tolerated-exceeded", tolerated(1))
    return projection(result, *COUNTS)


@handler.requirement("8-11")
def concurrent(event, context):
    return run(context, branches("r0", "r1", "r2"), "concurrent", max_concurrency=2).get_results()


@handler.requirement("8-12")
def flat(event, context):
    functions = [steps("fa"), steps("fb")]
    return run(context, functions, "flat", nesting_type=NestingType.FLAT).get_results()


@handler.requirement("8-13")
def too_large_a_share_fails(event, context):
    result = run(context, branches(BAD, BAD, GOOD, GOOD), "tolerated-pct", QUARTER)
    return projection(result, *COUNTS)


@handler.requirement("8-14")
def suspends(event, context):
    def waits(branch):
        branch.wait(Duration.from_seconds(2))
        return "b1"

    return run(context, [steps("b0"), waits], "replay").get_results()


@handler.requirement("8-15")
def own_serializer(event, context):
    serdes = Encoded(
        lambda value: json.dumps({"wrapped": value}), lambda data: json.loads(data)["wrapped"]
    )
    return run(context, branches("x", "y"), "serde", item_serdes=serdes).get_results()


@handler.requirement("8-16")
def all_fail(event, context):
    return projection(run(context, branches(BAD, BAD, BAD), "all-fail", tolerated(3)))


@handler.requirement("8-17")
def too_few_succeed(event, context):
    three = CompletionConfig(min_successful=3)
    return projection(run(context, branches(GOOD, BAD, GOOD), "min-not-reached", three))


@handler.requirement("8-18")
def both_limits(event, context):
    both = CompletionConfig(min_successful=3, tolerated_failure_count=1)
    result = run(context, branches(BAD, BAD, GOOD, GOOD), "combined", both)
    return projection(result, *COUNTS)


@handler.requirement("8-19")
def no_concurrency(event, context):
    return run(context, branches(GOOD, GOOD), "bad-concurrency", max_concurrency=0).get_results()


@handler.requirement("8-20")
def accessors(event, context):
    result = run(context, branches(GOOD, BAD, GOOD), "accessors", tolerated(1))
    return {
        "hasFailure": result.has_failure,
        "successCount": len(result.succeeded()),
        "failureCount": len(result.failed()),
        "errorCount": len(result.get_errors()),
    }


@handler.requirement("8-21")
def nested(event, context):
    def outer(branch):
        return run(branch, [steps("i1"), steps("i2")], "inner").get_results()

    return run(context, [outer], "outer").get_results()


@handler.requirement("8-22")
def tolerated_share_fails(event, context):
    return projection(run(context, branches(BAD, GOOD, GOOD, GOOD), "pct-boundary", QUARTER))
