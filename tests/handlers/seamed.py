"""A handler that AWS's `_get_handler` finds, as some monitoring tools have it."""

import os

from awslambdaric.bootstrap import _get_handler

handler = _get_handler(os.environ["ORIGINAL_HANDLER"])
