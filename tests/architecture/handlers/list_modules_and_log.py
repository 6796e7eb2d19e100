"""What Python has loaded where a function imports `logging`, as a result and as a program."""

import logging
import sys

logging.getLogger().setLevel(logging.INFO)


def handler(event: object, context: object) -> list[str]:
    logging.info("here are all of them")
    return sorted(sys.modules)


if __name__ == "__main__":
    print("\n".join(sorted(sys.modules)))
