"""The plainest handlers, in the shapes that users give them."""

from functools import partial


def handler(event, context):
    return event


def _with_first(first, event, context):
    return [first, event]


class Callable:
    def __call__(self, event, context):
        return {"called": event}


class Class:
    def __init__(self, event, context):
        self.event = event

    def method(self, event, context):
        return event


instance = Callable()
bound = Class(None, None).method
partial_handler = partial(_with_first, "first")
anonymous = lambda event, context: event  # noqa: E731
not_callable = 42
nothing = None


def takes_one(event):
    return event


def defaults(event=None, context=None, more="x"):
    return [event, more]


def everything(*arguments, **keywords):
    return [len(arguments), keywords]


def __getattr__(name):
    if name == "dynamic":
        return lambda event, context: "dynamic"
    if name == "explosive":
        raise KeyError(name)
    raise AttributeError(name)
