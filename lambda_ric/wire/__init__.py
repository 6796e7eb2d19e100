"""The bytes on the wire: HTTP/1.1, the Runtime API, log frames and event streams.

Everything here turns values into bytes and bytes into values. Nothing here does input or output,
or imports anything outside this package. A cold start loads only `head` and `runtime_api`; servers
and clients of other APIs load the rest.
"""
