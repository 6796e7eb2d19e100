"""Warnings with exactly the text that AWS's client logs, because people search and filter them."""

from __future__ import annotations

import logging
import os

_INIT_ERROR = (
    "LAMBDA_WARNING: Unhandled exception. "
    "The most likely cause is an issue in the function code. "
    "However, in rare cases, a Lambda runtime update can cause unexpected function behavior. "
    "For functions using managed runtimes, runtime updates can be triggered by a function change, "
    "or can be applied automatically. "
    "To determine if the runtime has been updated, check the runtime version in the INIT_START "
    "log entry. "
    "If this error correlates with a change in the runtime version, you may be able to mitigate "
    "this error by temporarily rolling back to the previous runtime version. "
    "For more information, see "
    "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r"
)
_PREVIEW = (
    "LAMBDA_WARNING: This is a preview runtime version and should not be used for production "
    "workloads. For further information and to provide feedback, see "
    "https://docs.{domain}/lambda/latest/dg/lambda-runtimes.html\r"
)


def warn_of_init_error() -> None:
    """Log the warning that precedes an initialization error.

    It says that Lambda may have updated the runtime, which does not happen in the emulator.
    """
    if os.environ.get("LAMBDA_RIC_LOCAL"):
        return
    logging.warning(_INIT_ERROR)


def warn_of_preview() -> None:
    """Log the warning for a preview of a Python runtime, unless it is switched off."""
    if os.environ.get("LAMBDA_DISABLE_PREVIEW_WARN"):
        return
    in_china = os.environ.get("AWS_REGION", "").startswith("cn-")
    logging.warning(_PREVIEW.format(domain="amazonaws.cn" if in_china else "aws.amazon.com"))
