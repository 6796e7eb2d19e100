import logging
import sys
import warnings

print("init on stdout")
print("init on stderr", file=sys.stderr)
logging.warning("init %s", "warning")
logging.info("not seen by default")
warnings.warn("careful", stacklevel=1)


def handler(event, context):
    print("invoke on stdout")
    return None
