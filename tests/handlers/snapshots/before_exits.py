import sys

from snapshot_restore_py import register_before_snapshot

register_before_snapshot(sys.exit, 7)


def handler(event, context):
    return None
