"""Switches the collector off."""

import gc

gc.disable()


def handler(event, context):
    return gc.isenabled()
