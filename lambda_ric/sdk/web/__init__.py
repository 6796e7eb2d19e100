"""Web applications as handlers: an event becomes a request, the response becomes a result.

Each front door (payload format 2.0, payload format 1.0, load balancer) is a module that reads its
events and writes its responses; `asgi` and `wsgi` call applications.
"""
