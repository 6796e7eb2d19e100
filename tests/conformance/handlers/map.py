"""Suite 9: maps."""

from aws_durable_execution_sdk_python.concurrency.models import (
    BatchItem,
    BatchItemStatus,
    BatchResult,
    CompletionReason,
)
from aws_durable_execution_sdk_python.config import MapConfig, NestingType
from batches import COUNTS, QUARTER, TWO_SUCCEED, projection, tolerated
from suite import SECOND, Encoded, Suite, fail

handler = Suite()

GOOD = "ok"
BAD = "fail"


def same(context, item, index, items):
    return item


def upper(context, item, index, items):
    return item.upper()


def checked(context, item, index, items):
    return fail() if item == BAD else item


def run(context, items, function, name=None, completion=None, **options):
    """Run a function for each item, one at a time unless the options say something else."""
    if completion is not None:
        options["completion_config"] = completion
    config = MapConfig(**{"max_concurrency": 1, **options})
    return context.map(items, function, name=name, config=config)


@handler.requirement("9-1")
def basic(event, context):
    def greet(child, item, index, items):
        return child.step(lambda _: f"Hello, {item}!")

    return run(context, event, greet, "map").get_results()


@handler.requirement("9-2")
def unnamed(event, context):
    return run(context, event, lambda child, item, index, items: 2 * item).get_results()


@handler.requirement("9-3")
def indexed(event, context):
    def add(child, item, index, items):
        return item + index

    return run(context, event, add, "indexed").get_results()


@handler.requirement("9-4")
def empty(event, context):
    return run(context, event, same, "empty").get_results()


@handler.requirement("9-5")
def fails_fast(event, context):
    return projection(run(context, [GOOD, BAD, GOOD], checked, "failfast", tolerated(0)))


@handler.requirement("9-6")
def rethrows(event, context):
    run(context, [BAD, GOOD], checked, "throwing", tolerated(0)).throw_if_error()


@handler.requirement("9-7")
def enough_succeed(event, context):
    result = run(context, ["a", "b", "c", "d"], same, "min-successful", TWO_SUCCEED)
    return projection(result, "completionReason", "successCount", "totalCount")


@handler.requirement("9-8")
def tolerates_failure(event, context):
    return projection(run(context, [GOOD, BAD, GOOD], checked, "tolerated", tolerated(1)))


@handler.requirement("9-9")
def too_many_failures(event, context):
    result = run(context, [BAD, BAD, GOOD], checked, "tolerated-exceeded", tolerated(1))
    return projection(result, *COUNTS)


@handler.requirement("9-10")
def too_large_a_share_fails(event, context):
    result = run(context, [BAD, BAD, GOOD, GOOD], checked, "tolerated-pct", QUARTER)
    return projection(result, *COUNTS)


@handler.requirement("9-11")
def concurrent(event, context):
    return run(context, ["r0", "r1", "r2"], same, "concurrent", max_concurrency=2).get_results()


@handler.requirement("9-12")
def flat(event, context):
    def step(child, item, index, items):
        return child.step(lambda _: item)

    return run(context, ["fa", "fb"], step, "flat", nesting_type=NestingType.FLAT).get_results()


@handler.requirement("9-13")
def named_items(event, context):
    def ten_times(child, item, index, items):
        return 10 * item

    return run(
        context, event, ten_times, "named-items", item_namer=lambda item, index: f"item-{item}"
    ).get_results()


@handler.requirement("9-14")
def own_item_serializer(event, context):
    serdes = Encoded(lambda text: f"wrapped:{text}", lambda data: data.removeprefix("wrapped:"))
    return run(context, ["x", "y"], upper, "serdes", item_serdes=serdes).get_results()


@handler.requirement("9-15")
def suspends(event, context):
    def work(child, item, index, items):
        if index == 1:
            child.wait(SECOND)
        return child.step(lambda _: item)

    return run(context, ["r0", "r1"], work, "suspend").get_results()


@handler.requirement("9-16")
def large_results(event, context):
    def produce(child, item, index, items):
        return item * 70_000

    result = run(context, ["a", "b", "c", "d"], produce, "large")
    return projection(result, "successCount", "totalCount")


@handler.requirement("9-17")
def then_wait(event, context):
    result = run(context, ["a", "b"], upper, "then-wait")
    context.wait(SECOND)
    return result.get_results()


@handler.requirement("9-18")
def failure_then_wait(event, context):
    result = run(context, [GOOD, BAD], checked, "fail-then-wait", tolerated(1))
    context.wait(SECOND)
    return projection(result)


def write_results(result):
    return "OPSERDE:" + ",".join(result.get_results())


def read_results(data):
    items = [
        BatchItem(index, BatchItemStatus.SUCCEEDED, result=text)
        for index, text in enumerate(data.removeprefix("OPSERDE:").split(","))
    ]
    return BatchResult(items, CompletionReason.ALL_COMPLETED)


WHOLE_RESULT = Encoded(write_results, read_results)


@handler.requirement("9-19")
def own_serializer(event, context):
    # With a serializer of the whole alone, the SDK would use it for the items too.
    return run(
        context, ["x", "y"], upper, "op-serde", serdes=WHOLE_RESULT, item_serdes=Encoded(str, str)
    ).get_results()


@handler.requirement("9-20")
def own_serializer_then_wait(event, context):
    result = run(
        context,
        ["x", "y"],
        upper,
        "op-serde-replay",
        serdes=WHOLE_RESULT,
        item_serdes=Encoded(str, str),
    )
    context.wait(SECOND)
    return result.get_results()
