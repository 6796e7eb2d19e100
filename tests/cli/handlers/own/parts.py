"""Imports much, for the handler beside it."""

import asyncio
import xml.dom.minidom

WANTED = (asyncio, xml.dom.minidom)
