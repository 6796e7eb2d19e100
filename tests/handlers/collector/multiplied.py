"""Multiplies the thresholds that it finds."""

import gc

first, second, third = gc.get_threshold()
gc.set_threshold(first * 10, second * 2, third)


def handler(event, context):
    return gc.get_threshold()
