"""One function serves all requirements of a suite: the name of an execution says which it is."""

from aws_durable_execution_sdk_python import durable_execution
from aws_durable_execution_sdk_python.config import Duration, StepConfig
from aws_durable_execution_sdk_python.retries import RetryDecision
from aws_durable_execution_sdk_python.serdes import SerDes


class Suite:
    """A handler that hands each execution to the handler of its requirement.

    An execution of requirement 1-2 has a name such as "1-2_a0b1". So each requirement gets exactly
    the input that it asks for, and all of them share warm execution environments.
    """

    def __init__(self):
        self._handlers = {}

    def requirement(self, name):
        """Decorate the handler of a requirement."""

        def register(function):
            self._handlers[name] = durable_execution(function)
            return function

        return register

    def __call__(self, event, context):
        execution = event["InitialExecutionState"]["Operations"][0]
        return self._handlers[execution["Name"].partition("_")[0]](event, context)


class Encoded(SerDes):
    """Values as a pair of functions writes and reads them."""

    def __init__(self, write, read):
        self._write = write
        self._read = read

    def serialize(self, value, _):
        return self._write(value)

    def deserialize(self, data, _):
        return self._read(data)


UPPER_CASE = Encoded(str.upper, str)

SECOND = Duration.from_seconds(1)
TWO_SECONDS = Duration.from_seconds(2)

NO_RETRY = StepConfig(retry_strategy=lambda error, attempt: RetryDecision.no_retry())


def retries(attempts):
    """Return the options of a step that is tried so often, a second apart."""

    def strategy(error, attempt):
        return RetryDecision.retry(SECOND) if attempt < attempts else RetryDecision.no_retry()

    return StepConfig(retry_strategy=strategy)


def fail(message="it fails on purpose"):
    """Raise an error, where a lambda must."""
    raise ValueError(message)


def fails_at_first(result):
    """Return a step that fails in its first attempt."""

    def step(context):
        return fail() if context.attempt == 1 else result

    return step
