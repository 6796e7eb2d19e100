"""The runtime interface client: all that a cold start loads, and nothing else.

It imports `lambda_ric.wire` and builtin modules. What only some functions need stands in
`lambda_ric.ondemand` and is reached through `doors`.
"""
