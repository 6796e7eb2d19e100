"""Imports many modules, and tells who finds them."""

import email.message
import json
import logging
import sys
import xml.dom.minidom


def is_quick():
    return "QuickFinder" in [type(finder).__name__ for finder in sys.meta_path]


WHILE_LOADING = is_quick()
USED = [email.message, json, logging, xml.dom.minidom]


def handler(event, context):
    return {"while loading": WHILE_LOADING, "afterwards": is_quick()}
