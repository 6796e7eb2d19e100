"""With hooks registered by AWS's package."""

import shop
from snapshot_restore_py import register_after_restore, register_before_snapshot

register_before_snapshot(print, "before 1")
register_before_snapshot(print, "before 2")
register_after_restore(print, "after", end="!\n")
handler = shop.handler
