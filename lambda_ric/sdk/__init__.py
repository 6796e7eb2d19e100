"""Names for user code: hooks, responses, types of handlers, the client context.

`lambda_ric` offers its names; each module loads when its first name is asked for.
"""
