"""The APIs for runtimes and extensions: the Runtime API and the Extensions API."""
