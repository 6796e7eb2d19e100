"""Notes signals and goes on."""

import os
import signal

noted = []


def note(number, frame):
    noted.append(number)
    os.write(1, b"noted\n")  # print must not be entered again by the next signal


signal.signal(signal.SIGUSR1, note)


def handler(event, context):
    return len(noted)
