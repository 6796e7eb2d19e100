"""A writer for small SVG files: text stays text, and colours follow the reader's light or dark.

A chart is drawn on a card of its own, so it is readable wherever it is shown: on GitHub a page can
be dark while the reader's system, which the file goes by, is light. The same calls give the same
bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif'

SHAPE = {
    "text": f"font:13px {FONTS}",
    ".title": "font-size:17px;font-weight:600",
    ".bold": "font-weight:600",
    ".small": "font-size:12px",
    ".middle": "text-anchor:middle",
    ".end": "text-anchor:end",
    "path": "fill:none",
    ".dashed": "stroke-dasharray:4 3",
    ".thick": "stroke-width:2.2",
    ".gap": "stroke-width:4",
    ".band": "opacity:.2",
}
LIGHT = {
    ".card": "fill:#fff;stroke:#d1d9e0",
    "text": "fill:#1f2328",
    ".pale": "fill:#59636e",
    ".ours": "fill:#0969da",
    ".also": "fill:#80b8f5",
    ".peer": "fill:#afb8c1",
    ".floor": "fill:#dde3e9",
    ".worse": "fill:#bc4c00",
    ".gap": "stroke:#fff",
    ".grid": "stroke:#e4e8ec",
    ".mark": "stroke:#1f2328",
    ".our-line": "stroke:#0969da",
    ".peer-line": "stroke:#818b98",
}
DARK = {
    ".card": "fill:#0d1117;stroke:#3d444d",
    "text": "fill:#f0f6fc",
    ".pale": "fill:#9198a1",
    ".ours": "fill:#4493f8",
    ".also": "fill:#28579b",
    ".peer": "fill:#656c76",
    ".floor": "fill:#343b44",
    ".worse": "fill:#db6d28",
    ".gap": "stroke:#0d1117",
    ".grid": "stroke:#262c36",
    ".mark": "stroke:#f0f6fc",
    ".our-line": "stroke:#4493f8",
    ".peer-line": "stroke:#9198a1",
}
"""What elements look like by their class, and in which colours on a light page and a dark one."""


class Drawing:
    """Shapes and texts at places in pixels, from the left and from the top.

    `looks` are classes of SHAPE, LIGHT and DARK, without their dots.
    """

    def __init__(self, width: float, height: float) -> None:
        self._width = width
        self._height = height
        self._elements: list[str] = []
        self._used = {"text", "path", ".card"}

    def text(self, x: float, y: float, text: str, *looks: str) -> None:
        """Write a line of text; `y` is that of its baseline."""
        self._add("text", looks, escape(text), x=_number(x), y=_number(y))

    def bar(self, x: float, y: float, width: float, height: float, *looks: str) -> None:
        """Fill a rectangle."""
        size = {"width": _number(width), "height": _number(height)}
        self._add("rect", looks, x=_number(x), y=_number(y), **size)

    def line(self, points: Sequence[tuple[float, float]], *looks: str) -> None:
        """Draw straight lines from point to point."""
        self._add("path", looks, d=f"M{_joined(points)}")

    def area(self, points: Sequence[tuple[float, float]], *looks: str) -> None:
        """Fill what is between points."""
        self._add("polygon", looks, points=_joined(points, ","))

    def dot(self, x: float, y: float, *looks: str) -> None:
        """Draw a small disc."""
        self._add("circle", looks, cx=_number(x), cy=_number(y), r="3.5")

    def as_text(self, title: str, description: str) -> str:
        """Return the document; a screen reader reads its title and its description."""
        width, height = _number(self._width), _number(self._height)
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-labelledby="title description">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="description">{escape(description)}</desc>',
            "<style>",
            self._rules(SHAPE),
            self._rules(LIGHT),
            f"@media(prefers-color-scheme:dark){{{self._rules(DARK)}}}",
            "</style>",
            f'<rect x=".5" y=".5" width="{_number(self._width - 1)}" '
            f'height="{_number(self._height - 1)}" rx="8" class="card"/>',
            *self._elements,
            "</svg>",
        ]
        return "\n".join(lines) + "\n"

    def _rules(self, looks: Mapping[str, str]) -> str:
        return "".join(f"{look}{{{looks[look]}}}" for look in looks if look in self._used)

    def _add(self, tag: str, looks: Sequence[str], content: str = "", **attributes: str) -> None:
        self._used.update(f".{look}" for look in looks)
        if looks:
            attributes["class"] = " ".join(looks)
        start = " ".join([tag, *(f'{name}="{value}"' for name, value in attributes.items())])
        self._elements.append(f"<{start}>{content}</{tag}>" if content else f"<{start}/>")


def _joined(points: Sequence[tuple[float, float]], between: str = " ") -> str:
    return " ".join(f"{_number(x)}{between}{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
