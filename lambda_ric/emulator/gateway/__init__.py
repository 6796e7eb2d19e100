"""The HTTP front doors: function URLs, HTTP APIs, REST APIs and load balancers."""
