"""What can be known about an image before it is deployed: pure facts and rules, no network.

The command line prints what is found here; nothing of it runs in Lambda.
"""
