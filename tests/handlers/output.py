"""Writes to the standard streams in every way: the event names one."""

import os
import sys


def line():
    print("a line")


def no_line_break():
    print("no line break", end="")


def several():
    print("one", 2, None, sep="-")
    print()
    print("three")


def error_line():
    print("to stderr", file=sys.stderr)


def error_without_line_break():
    sys.stderr.write("no line break")


def unicode():
    print("ünïcödé 😀")


def write():
    print(sys.stdout.write("written\n"))


def writelines():
    sys.stdout.writelines(["one\n", "two"])


def flushed():
    print("flushed", end="", flush=True)
    sys.stderr.flush()


def binary():
    sys.stdout.buffer.write(b"\xff\xfe binary\n")
    sys.stdout.flush()


def descriptor():
    sys.stdout.flush()
    os.write(1, b"straight to 1\n")
    os.write(2, b"straight to 2\n")


def unflushed_then_descriptor():
    print("printed", end="")
    os.write(1, b" straight\n")


def attributes():
    stream = sys.stdout
    print(stream.encoding, stream.fileno(), stream.isatty(), stream.writable(), stream.mode)


def real_streams():
    print(sys.__stdout__ is None, sys.stdin.read())


def large():
    print("x" * 200_000)


def printed_then_failed():
    print("before the failure", end="")
    raise ValueError("after output")


def redirected():
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()) as target:
        print("caught")
    print(repr(target.getvalue()))


def surrogate():
    print("lone \udcff one")


def child():
    import subprocess

    print("mine")
    sys.stdout.flush()
    subprocess.run([sys.executable, "-S", "-c", "print('the child says')"], check=True)


def handler(event, context):
    globals()[event]()
