from snapshot_restore_py import register_before_snapshot


@register_before_snapshot
def fail():
    raise ValueError("cannot be frozen")


def handler(event, context):
    return None
