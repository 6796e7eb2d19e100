"""The local Lambda: it answers as the service does, and runs functions as child processes.

It shares the wire with the runtime and nothing more, since it is the judge of it.
"""
