"""A function that calls itself at many depths."""


def descend(depth: int) -> int:
    return 1 + descend(depth - 1) if depth else 0


def handler(event: object, context: object) -> int:
    return max(descend(depth) for depth in range(300))
