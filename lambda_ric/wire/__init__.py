"""What is on the wire: HTTP/1.1, the Runtime API, log frames and event streams.

Everything here turns values into bytes and bytes into values. Nothing here does input or
output, knows which end of the connection it serves, or imports anything outside this package.
"""
