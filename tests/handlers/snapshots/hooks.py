"""Hooks of SnapStart in the order that AWS's library runs them."""

from snapshot_restore_py import register_after_restore, register_before_snapshot

print("imported", flush=True)


@register_before_snapshot
def first():
    print("before: registered first", flush=True)


@register_after_restore
def third():
    print("after: registered first", flush=True)


def with_arguments(*arguments, **keywords):
    print(arguments, keywords, flush=True)


register_before_snapshot(with_arguments, "before", key=1)
register_after_restore(with_arguments, "after", key=2)


def handler(event, context):
    return "restored"
