"""An HTTP/1.1 server. It knows connections and exchanges, and nothing of Lambda."""
