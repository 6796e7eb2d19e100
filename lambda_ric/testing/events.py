"""Sample events for tests: the names of `lambda_ric.events`, where tests look for them."""

from lambda_ric import events
from lambda_ric.events import *  # noqa: F403 - every name, and `__all__` says which

__all__ = events.__all__
