"""What an exec wrapper has left in the environment."""

import os
import sys


def handler(event, context):
    return {"of a wrapper": os.environ["ORIG_HANDLER"], "path": sys.path[0]}


def variables(event, context):
    return dict(os.environ)
