"""Frames of the telemetry log pipe: one log record each, which may contain line breaks.

Lambda hands its managed runtimes the number of a pipe in `_LAMBDA_TELEMETRY_LOG_FD`. A frame is,
big endian: 4 bytes type, 4 bytes length of the message, 8 bytes time in microseconds since the
epoch, the message in UTF-8. The type encodes the format and the level (source: AWS's runtime
interface clients for Python and Node).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = 0b11
JSON = 0b10

NO_LEVEL, TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL = range(7)

_MAGIC = 0xA55A0000
_HEADER_SIZE = 16

MAX_MESSAGE = 16 * 1_048_576
"""Largest message in bytes that a reader accepts: more than that is a broken frame."""


class Frame:
    """One log record: format (TEXT or JSON), level, time in microseconds, message."""

    __slots__ = ("format", "level", "message", "microseconds")

    def __init__(self, format: int, level: int, microseconds: int, message: bytes) -> None:
        self.format = format
        self.level = level
        self.microseconds = microseconds
        self.message = message

    def encode(self) -> bytes:
        """Return the frame as bytes."""
        return b"".join(
            (
                (_MAGIC | self.level << 2 | self.format).to_bytes(4, "big"),
                len(self.message).to_bytes(4, "big"),
                self.microseconds.to_bytes(8, "big"),
                self.message,
            )
        )


class FrameReader:
    """Reads frames from bytes as they arrive."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take data and yield each frame that is now complete.

        Raises ValueError where no frame begins.
        """
        self._data += data
        while len(self._data) >= _HEADER_SIZE:
            kind = int.from_bytes(self._data[:4], "big")
            size = int.from_bytes(self._data[4:8], "big")
            format, level = kind & 0b11, kind >> 2 & 0xFF
            if kind & ~0x3FF != _MAGIC or format not in (TEXT, JSON) or level > CRITICAL:
                raise ValueError(f"no log frame begins with {kind:08x}")
            if size > MAX_MESSAGE:
                raise ValueError(f"a log frame of {size} bytes")
            end = _HEADER_SIZE + size
            if len(self._data) < end:
                return
            microseconds = int.from_bytes(self._data[8:16], "big")
            message = bytes(self._data[_HEADER_SIZE:end])
            del self._data[:end]
            yield Frame(format, level, microseconds, message)
