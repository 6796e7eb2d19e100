"""Imports many modules, and tells who finds them."""

import asyncio
import http.server
import json
import logging
import sys
import unittest
import urllib.request
import xml.dom.minidom


def is_quick():
    return "QuickFinder" in [type(finder).__name__ for finder in sys.meta_path]


WHILE_LOADING = is_quick()
USED = [asyncio, http, json, logging, unittest, urllib, xml]


def handler(event, context):
    return {"while loading": WHILE_LOADING, "afterwards": is_quick()}
