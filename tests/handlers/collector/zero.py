"""Switches the collector off by its threshold."""

import gc

gc.set_threshold(0)


def handler(event, context):
    return gc.get_threshold()[0]
