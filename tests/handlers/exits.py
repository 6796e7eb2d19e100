"""Ends the process in every way: the event names one."""

import os
import signal
import sys
import threading


class Stop(BaseException):
    pass


def ok():
    return "fine"


def exit_3():
    print("leaving")
    sys.exit(3)


def exit_0():
    sys.exit(0)


def exit_none():
    sys.exit()


def exit_text():
    sys.exit("cannot go on")


def exit_large():
    sys.exit(300)


def exit_true():
    sys.exit(True)


def interrupt():
    raise KeyboardInterrupt


def base_exception():
    raise Stop("at once")


def generator_exit():
    raise GeneratorExit("odd")


def hard():
    print("lost or not", flush=True)
    os._exit(4)


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def terminated():
    os.kill(os.getpid(), signal.SIGTERM)


def aborted():
    os.abort()


def at_exit():
    import atexit

    atexit.register(print, "at exit")
    sys.exit(5)


def exit_in_thread():
    thread = threading.Thread(target=sys.exit, args=(9,))
    thread.start()
    thread.join()
    return "lives"


def exit_caught():
    try:
        sys.exit(1)
    except SystemExit:
        return "lives"


def handler(event, context):
    return globals()[event]()
