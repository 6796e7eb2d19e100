"""The seams: names of AWS's client `awslambdaric` that tools look up and replace.

Monitoring tools wrap functions of AWS's client, such as `bootstrap.handle_event_request`. Here they
find the same names with the same arguments, and their replacements are called. `package` provides
the names; `loop` sends each invocation through them. None of this is loaded before a tool
asks for `awslambdaric` or `__main__.bootstrap`.
"""
