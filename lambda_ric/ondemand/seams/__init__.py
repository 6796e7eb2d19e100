"""What tools look up in `awslambdaric`, AWS's client, and replace there: the seams.

Monitoring tools wrap functions of AWS's client, such as `bootstrap.handle_event_request`. Here they
find the same names with the same arguments, and what they put in their place is called. `package`
is what they find; `loop` sends each invocation through it. None of this is loaded before a tool
asks for `awslambdaric` or `__main__.bootstrap`.
"""
