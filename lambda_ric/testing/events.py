"""Sample events for tests: the public names of `lambda_ric.events`."""

from lambda_ric import events
from lambda_ric.events import *  # noqa: F403 - every name, and `__all__` says which

__all__ = events.__all__
