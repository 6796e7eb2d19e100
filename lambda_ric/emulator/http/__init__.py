"""An HTTP/1.1 server. It knows connections and exchanges, but nothing about Lambda."""
