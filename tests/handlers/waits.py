"""Waits, in an invocation, until its standard input ends or a signal comes."""

import os
import signal


def handler(event, context):
    print("waiting", flush=True)
    signal.sigwait({signal.SIGUSR1})
    return os.getpid()


signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
