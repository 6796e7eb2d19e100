"""Errors of every kind: the event names one."""

import json


class CustomError(Exception):
    pass


class Outer:
    class InnerError(ValueError):
        pass


class BadText(Exception):
    def __str__(self):
        return "from __str__"


class EmptyText(Exception):
    def __str__(self):
        return ""


class TextRaises(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class TextOfOther(Exception):
    def __str__(self):
        return 5


class Arguments(Exception):
    def __init__(self, a, b):
        super().__init__(a, b)


def value_error():
    raise ValueError("boom")


def no_message():
    raise ValueError


def helper(depth):
    if depth:
        helper(depth - 1)
    else:
        value_error()


def nested():
    helper(3)


def multiline():
    raise ValueError("one\ntwo\r\nthree\rfour")


def unicode():
    raise ValueError("ünïcödé 😀 \u2028")


def surrogate():
    raise ValueError("lone \ud800 one")


def control():
    raise ValueError("nul \x00 escape \x1b tab \t")


def key_error():
    {}["missing"]


def zero():
    return 1 / 0


def attribute():
    return None.nothing


def name():
    return there_is_no_such_name  # noqa: F821


def index():
    return [][1]


def type_error():
    return 1 + "1"


def assertion():
    assert 1 == 2, "not equal"


def bare_assertion():
    assert 1 == 2


def stop_iteration():
    next(iter(()))


def recursion():
    recursion()


def memory():
    raise MemoryError("none left")


def os_error():
    open("/there/is/no/such/file")


def unicode_error():
    b"\xff".decode()


def json_error():
    json.loads("{bad")


def import_error():
    import there_is_no_such_module


def syntax_error():
    compile("a b", "<text>", "exec")


def evaluated():
    eval("1/0")


def executed():
    exec("def f():\n    raise ValueError('in exec')\nf()")


def not_implemented():
    raise NotImplementedError


def custom():
    raise CustomError("mine")


def inner():
    raise Outer.InnerError("inner")


def bad_text():
    raise BadText("arguments")


def empty_text():
    raise EmptyText("arguments")


def text_raises():
    raise TextRaises


def text_of_other():
    raise TextOfOther


def several_arguments():
    raise Arguments("one", 2)


def cause():
    try:
        value_error()
    except ValueError as error:
        raise CustomError("because") from error


def context():
    try:
        value_error()
    except ValueError:
        raise CustomError("while handling")  # noqa: B904


def suppressed():
    try:
        value_error()
    except ValueError:
        raise CustomError("alone") from None


def noted():
    error = ValueError("noted")
    if hasattr(error, "add_note"):
        error.add_note("first note")
        error.add_note("second\nnote")
    raise error


def group():
    raise ExceptionGroup("several", [ValueError("one"), TypeError("two")])  # noqa: F821


def in_a_loop():
    for number in range(3):
        if number == 2:
            raise ValueError("over several lines")


def in_a_comprehension():
    return [1 / number for number in (1, 0)]


def reraised():
    try:
        value_error()
    except ValueError:
        raise


def with_traceback():
    try:
        value_error()
    except ValueError as error:
        raise CustomError("other trace").with_traceback(error.__traceback__) from None


def cancelled():
    import asyncio  # here, since this file is loaded by a hundred processes

    raise asyncio.TimeoutError


def long_message():
    raise ValueError("x" * 100_000)


def event_raises():
    raise StopAsyncIteration("odd")


FAILURES = {name: value for name, value in list(globals().items()) if callable(value)}


def handler(event, context):
    return FAILURES[event]()
