"""What Python has loaded, as a handler's result and as a program. It imports no more than sys."""

import sys


def handler(event: object, context: object) -> list[str]:
    return sorted(sys.modules)


if __name__ == "__main__":
    print("\n".join(sorted(sys.modules)))
