"""What a function finds under the names of AWS's client."""

import logging
import sys

from awslambdaric import __version__
from awslambdaric.bootstrap import LambdaLoggerHandler
from awslambdaric.lambda_context import LambdaContext as TheirContext

import __main__
from lambda_ric import LambdaContext


def handler(event, context):
    return {
        "version": __version__,
        "theirs": isinstance(context, TheirContext),
        "ours": isinstance(context, LambdaContext),
        "other": isinstance(event, TheirContext),
        "handler": type(logging.getLogger().handlers[0]) is LambdaLoggerHandler,
        "unknown": hasattr(__main__, "awslambdaricmain"),
        "files": [
            module.__file__
            for name, module in list(sys.modules.items())
            if name.startswith("awslambdaric.")
        ],
    }
