"""The kinds of charts: bars of figures, bars of ratios, lines over sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

from benchmarks.svg import Drawing
from benchmarks.tables import short

SAME_WITHIN = 0.05
"""How far from 1 a ratio may be that means nothing."""
WIDTH, MARGIN = 720, 20  # pixels, as are all sizes
HEADER, CAPTION, ROW, THICK, GAP, FOOTER = 46, 26, 24, 15, 16, 40
BASELINE = 12
"""From the top of a bar to the baseline of the text beside it."""


@dataclass(frozen=True)
class Bar:
    """A figure of a peer with its quartiles; `look` is a class of `benchmarks.svg`."""

    name: str
    look: str
    value: float
    low: float
    high: float
    ratio: float
    """Ours divided by this."""


@dataclass(frozen=True)
class Panel:
    """Bars of one metric; those that are longer than `longest` are broken off."""

    caption: str
    unit: str
    bars: Sequence[Bar]
    longest: float

    def text_of(self, bar: Bar) -> str:
        return f"{short(bar.value)} {self.unit}".rstrip()


@dataclass(frozen=True)
class Point:
    """A figure at some size of payload."""

    size: float
    value: float
    low: float
    high: float


def bars(title: str, panels: Sequence[Panel], footer: str) -> str:
    """Return a chart of horizontal bars with their quartiles, one panel below the other."""
    tall = [CAPTION + ROW * len(panel.bars) for panel in panels]
    drawing = _card(title, footer, HEADER + sum(tall) + GAP * (len(panels) - 1) + FOOTER)
    top = HEADER
    for panel, height in zip(panels, tall, strict=True):
        drawing.text(MARGIN, top + 12, panel.caption, "pale")
        drawing.text(WIDTH - MARGIN, top + 12, "ours ÷ this", "pale", "end", "small")
        for row, bar in enumerate(panel.bars):
            _draw_bar(drawing, panel, bar, top + CAPTION + row * ROW)
        top += height + GAP
    described = "; ".join(
        f"{panel.caption}: " + ", ".join(f"{bar.name} {panel.text_of(bar)}" for bar in panel.bars)
        for panel in panels
    )
    return drawing.as_text(title, f"{described}.")


def _draw_bar(drawing: Drawing, panel: Panel, bar: Bar, top: float) -> None:
    left, room = 214, 360
    scale = room / panel.longest
    length = min(bar.value, panel.longest) * scale
    end, middle = left + length, top + THICK / 2
    bold = ["bold"] if bar.look == "ours" else []
    drawing.text(left - 8, top + BASELINE, bar.name, "end", *bold)
    drawing.bar(left, top, length, THICK, bar.look)
    if bar.value > panel.longest:
        _break_off(drawing, end, top)
    elif bar.high > bar.low:
        high = left + min(bar.high, panel.longest) * scale
        drawing.line([(left + bar.low * scale, middle), (high, middle)], "mark")
        end = max(end, high)
    drawing.text(end + 7, top + BASELINE, panel.text_of(bar), *bold)
    if not bold:
        drawing.text(WIDTH - MARGIN, top + BASELINE, f"{bar.ratio:.2f}", "pale", "end")


def ratios(
    title: str, caption: str, line: str, rows: Sequence[tuple[str, float]], footer: str
) -> str:
    """Return a chart of ratios to another, which is the line at 1; `line` is its name."""
    top, left, room, longest = HEADER + CAPTION + 18, 388, 262, 1.15
    drawing = _card(title, footer, top + ROW * len(rows) + FOOTER)
    drawing.text(MARGIN, HEADER + 12, caption, "pale")
    bottom = top + ROW * len(rows) - 5
    for share in (0.25, 0.5, 0.75):
        x = left + share / longest * room
        drawing.line([(x, top - 6), (x, bottom)], "grid")
    for row, (name, ratio) in enumerate(rows):
        y, length = top + row * ROW, min(ratio, longest) / longest * room
        drawing.text(left - 8, y + BASELINE, name, "end")
        drawing.bar(left, y, length, THICK, _look(ratio))
        if ratio > longest:
            _break_off(drawing, left + length, y)
        after = left + room / longest if 0.78 < ratio <= 1 else left + length  # not on the line
        drawing.text(after + 7, y + BASELINE, f"{ratio:.2f}", "bold")
    x = left + room / longest
    drawing.line([(x, top - 6), (x, bottom)], "mark", "dashed")
    drawing.text(x, top - 12, f"{line} = 1.00", "pale", "middle", "small")
    described = "; ".join(f"{name} {ratio:.2f}" for name, ratio in rows)
    return drawing.as_text(title, f"{caption}: {described}.")


def _look(ratio: float) -> str:
    if abs(ratio - 1) <= SAME_WITHIN:
        return "also"
    return "ours" if ratio < 1 else "worse"


def lines(
    title: str, caption: str, unit: str, series: Mapping[str, Sequence[Point]], footer: str
) -> str:
    """Return a chart of lines over sizes in bytes, both axes logarithmic; the first is ours."""
    height = 360
    drawing = _card(title, footer, height)
    drawing.text(MARGIN, HEADER + 12, caption, "pale")
    every = [point for points in series.values() for point in points]
    across = _Axis(60, 9e6, 76, WIDTH - 124)
    down = _Axis(
        min(point.low for point in every) / 1.8,
        max(point.high for point in every) * 1.2,
        height - FOOTER - 26,
        HEADER + CAPTION + 6,
    )
    _draw_grid(drawing, across, down, unit)
    for look, (name, points) in zip(("ours", "peer"), series.items(), strict=True):
        _draw_line(drawing, across, down, points, look)
        end = across.at(points[-1].size) + 12, down.at(points[-1].value) + 4
        drawing.text(*end, name, _TEXT[look], "bold")
    ours, theirs = series.values()
    pairs = list(zip(ours, theirs, strict=True))
    for (mine, other), following in zip(pairs, [*ours[1:], None], strict=True):
        ratio, x, y = f"{mine.value / other.value:.2f}", across.at(mine.size), down.at(mine.value)
        if following is None:
            drawing.text(x + 12, y + 22, ratio)  # beside the line, which comes from below
        elif following.size > 2 * mine.size:  # else there is no room
            drawing.text(x, y + 20, ratio, "middle")
    described = "; ".join(
        f"{mine.size:,} bytes {short(mine.value)} and {short(other.value)} {unit}"
        for mine, other in pairs
    )
    return drawing.as_text(title, f"{caption}: {' and '.join(series)}: {described}.")


@dataclass(frozen=True)
class _Axis:
    """A logarithmic scale from `low` to `high`, which stand at `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        part = log10(value / self.low) / log10(self.high / self.low)
        return self.start + part * (self.end - self.start)

    def ticks(self, steps: Sequence[int]) -> list[float]:
        values = [step * 10.0**power for power in range(-6, 12) for step in steps]
        return [value for value in values if self.low <= value <= self.high]


def _draw_grid(drawing: Drawing, across: _Axis, down: _Axis, unit: str) -> None:
    for value in down.ticks((1, 2, 5)):
        y = down.at(value)
        drawing.line([(across.start, y), (across.end, y)], "grid")
        drawing.text(across.start - 8, y + 4, f"{value:g} {unit}", "pale", "end", "small")
    for value in across.ticks((1,)):
        x = across.at(value)
        drawing.line([(x, down.start), (x, down.end)], "grid")
        drawing.text(x, down.start + 18, _size(value), "pale", "middle", "small")


def _draw_line(
    drawing: Drawing, across: _Axis, down: _Axis, points: Sequence[Point], look: str
) -> None:
    above = [(across.at(point.size), down.at(point.high)) for point in points]
    below = [(across.at(point.size), down.at(point.low)) for point in reversed(points)]
    middle = [(across.at(point.size), down.at(point.value)) for point in points]
    drawing.area(above + below, look, "band")
    drawing.line(middle, _LINE[look], "thick")
    for x, y in middle:
        drawing.dot(x, y, look)


_LINE = {"ours": "our-line", "peer": "peer-line"}
_TEXT = {"ours": "ours", "peer": "pale"}


def _size(value: float) -> str:
    for factor, unit in ((1e6, "MB"), (1e3, "kB")):
        if value >= factor:
            return f"{value / factor:g} {unit}"
    return f"{value:g} B"


def _card(title: str, footer: str, height: float) -> Drawing:
    drawing = Drawing(WIDTH, height)
    drawing.text(MARGIN, 32, title, "title")
    drawing.text(MARGIN, height - 16, footer, "pale", "small")
    return drawing


def _break_off(drawing: Drawing, end: float, top: float) -> None:
    at = end - 22
    drawing.line([(at - 3, top + THICK + 1), (at + 3, top - 1)], "gap")
