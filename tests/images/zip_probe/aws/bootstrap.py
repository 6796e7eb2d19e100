"""The contract of bootstrap.py in AWS's Python images: the search path, then AWS's client."""

import os
import sys
from importlib import import_module

version = f"python{sys.version_info.major}.{sys.version_info.minor}"
if "PYTHONPATH" not in os.environ:
    sys.path[0:0] = [f"/opt/python/lib/{version}/site-packages", "/opt/python"]
sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])

import_module("awslambdaric.__main__").main(["bootstrap", os.environ["_HANDLER"]])
