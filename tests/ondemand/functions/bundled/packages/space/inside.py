"""In a package without `__init__.py`."""
