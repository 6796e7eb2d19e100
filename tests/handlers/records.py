"""Log records of every kind: the event names one."""

import datetime
import decimal
import logging
import sys
import warnings

log = logging.getLogger("my.logger")
root = logging.getLogger()


class Unprintable:
    def __str__(self):
        raise ValueError("no text")

    __repr__ = __str__


class Keep(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


def levels():
    for level in (5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 100, 1, 0):
        log.log(level, "level %d", level)


def root_functions():
    logging.debug("d")
    logging.info("i")
    logging.warning("w")
    logging.error("e")
    logging.critical("c")


def arguments():
    log.error("%s and %d", "text", 5)
    log.error("%(a)s", {"a": 1})
    log.error("100%")
    log.error("percent %% %s", "done")


def multiline():
    log.error("one\ntwo\r\nthree\n")


def unicode():
    log.error("ünïcödé 😀")


def empty():
    log.error("")


def exception():
    try:
        raise ValueError("logged")
    except ValueError:
        log.exception("it failed")


def exception_chained():
    try:
        try:
            raise KeyError("first")
        except KeyError as error:
            raise ValueError("second") from error
    except ValueError:
        log.exception("it failed twice")


def exception_info_without_one():
    log.error("nothing to see", exc_info=True)


def exception_instance():
    log.warning("an instance", exc_info=ValueError("never raised"))


def stack_information():
    log.warning("where am I", stack_info=True)


def extra():
    log.warning("more", extra={"user": "ann", "count": 3, "nothing": None, "list": [1, {"a": 2}]})


def extra_reserved():
    log.warning("more", extra={"level": "mine", "timestamp": "mine", "logger": "mine"})


def extra_ids():
    log.warning("more", extra={"requestId": "mine", "errorType": "mine", "tenantId": "t"})


def extra_not_json():
    log.warning("more", extra={"when": datetime.date(2026, 1, 2), "d": decimal.Decimal("1.10")})


def extra_odd():
    log.warning("odd", extra={"set": {1}, "bytes": b"x", "nan": float("nan"), "key": {1: 2}})


def extra_bad_key():
    log.warning("odd", extra={"nested": {(1, 2): 3}})


def dict_message():
    log.warning({"a": 1, "b": [None, "ü"]})


def dict_message_not_json():
    log.warning({"when": datetime.date(2026, 1, 2), "o": {1}})


def dict_message_with_arguments():
    log.warning({"a": 1}, "argument")


def list_message():
    log.warning([1, 2])


def object_message():
    log.warning(ValueError("as message"))


def none_message():
    log.warning(None)


def surrogate():
    log.warning("lone \udcff one")


def wrong_arguments():
    log.warning("%d", "text")


def unprintable():
    log.warning("%s", Unprintable())


def child_with_level():
    child = logging.getLogger("my.child")
    child.setLevel(logging.DEBUG)
    child.debug("debug of a child")


def child_that_does_not_propagate():
    child = logging.getLogger("my.quiet")
    child.propagate = False
    child.error("kept away")
    child.propagate = True


def own_handler():
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("own %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.error("twice")
    log.removeHandler(handler)


def own_handler_sees():
    keep = Keep()
    root.addHandler(keep)
    log.log(35, "seen")
    root.removeHandler(keep)
    (record,) = keep.records
    names = ("levelno", "levelname", "aws_request_id", "tenant_id", "msg", "name")
    print([getattr(record, name, "absent") for name in names])


def own_formatter():
    handler = root.handlers[0]
    before = handler.formatter
    handler.setFormatter(logging.Formatter("%(aws_request_id)s own %(message)s %(tenant_id)s\n"))
    log.error("formatted")
    handler.setFormatter(before)


def basic_config():
    logging.basicConfig(level=logging.DEBUG, format="never used %(message)s")
    log.warning("after basicConfig")


def basic_config_forced():
    handlers = root.handlers[:]
    logging.basicConfig(
        level=logging.INFO, format="forced %(message)s", stream=sys.stdout, force=True
    )
    log.info("after basicConfig")
    root.handlers[:] = handlers
    root.setLevel(logging.WARNING)
    log.warning("and back")


def root_level():
    before = root.level
    root.setLevel(logging.DEBUG)
    log.debug("now seen")
    root.setLevel(before)
    log.debug("not seen")


def state():
    handler = root.handlers[0]
    print(root.level, len(root.handlers), len(handler.filters), handler.level)
    print(logging.Formatter.converter.__name__, logging.getLevelName(root.getEffectiveLevel()))


def warning():
    warnings.warn("through warnings", stacklevel=1)


def captured_warning():
    logging.captureWarnings(True)
    warnings.warn("captured", stacklevel=1)
    logging.captureWarnings(False)


def disabled():
    logging.disable(logging.WARNING)
    log.warning("not seen")
    log.error("seen")
    logging.disable(logging.NOTSET)


def custom_level():
    logging.addLevelName(25, "NOTICE")
    log.log(25, "noticed")
    log.log(45, "between")


def make_log_record():
    root.handle(logging.makeLogRecord({"msg": "made by hand", "levelno": 40, "levelname": "ERROR"}))


def print_between():
    print("before")
    log.error("between")
    print("after")


def long():
    log.error("x" * 100_000)


RECORDS = {name: value for name, value in list(globals().items()) if callable(value)}


def handler(event, context):
    RECORDS[event]()
