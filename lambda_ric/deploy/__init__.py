"""Facts about an image before it is deployed, and rules for them; no network.

The command line prints the findings; nothing here runs in Lambda.
"""
