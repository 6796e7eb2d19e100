import io
import logging
import os
import sys

if os.environ.get("OUTPUT") == "none":
    sys.stdout = None
    sys.stderr = None
if os.environ.get("OUTPUT") == "own":
    sys.stdout = io.StringIO()


def handler(event, context):
    print("said")
    logging.warning("logged")
    context.log("told\n")
    if "raise" in event:
        raise ValueError
    return sys.stdout.getvalue() if hasattr(sys.stdout, "getvalue") else "done"
