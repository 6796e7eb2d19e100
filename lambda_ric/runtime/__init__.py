"""The runtime interface client: all that a cold start loads, and nothing else.

It imports `lambda_ric.wire` and builtin modules. Features that only some functions need
are in `lambda_ric.ondemand`, and load through `doors`.
"""
