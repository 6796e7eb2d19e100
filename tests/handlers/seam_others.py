"""Imports a module of AWS's client that this runtime has no counterpart of."""

import os

from awslambdaric import bootstrap, lambda_config


def handler(event, context):
    return {
        "file": os.path.basename(lambda_config.__file__),
        "bootstrap": os.path.basename(os.path.dirname(bootstrap.__file__)),
    }
