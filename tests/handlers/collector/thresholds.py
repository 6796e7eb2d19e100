"""Sets the thresholds of the collector."""

import gc

gc.set_threshold(50_000, 20, 30)


def handler(event, context):
    return gc.get_threshold()
