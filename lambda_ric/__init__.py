"""A pure-Python AWS Lambda runtime for container images, with an emulator and a test kit."""

__version__ = "0.1.0"
