"""How the charts look: one style for all, on a light card that can be read on any page.

The files are the same for the same figures: no date, no random names, letters as outlines, so that
they look alike wherever they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from benchmarks.tables import short

INK, PALE_INK, LINE, CARD = "#1f2328", "#656d76", "#d0d7de", "#ffffff"
COLOURS = {"ours": "#0969da", "also ours": "#80b8f5", "peer": "#afb8c1", "floor": "#e4e8ec"}
WORSE, SAME = "#bc6c25", "#80b8f5"
SAME_WITHIN = 0.05
"""How far from 1 a share may be that tells nothing."""
WIDTH, MARGIN, LABELS, NUMBERS = 8.4, 0.25, 2.75, 0.95  # inches, as are all sizes
ROW, HEADER, CAPTION, GAP, FOOTER = 0.31, 0.5, 0.34, 0.16, 0.44


@dataclass(frozen=True)
class Bar:
    """A figure of a peer with its quartiles; `kind` is one of COLOURS."""

    name: str
    kind: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Panel:
    """Bars of one metric; those that are longer than `longest` are broken off."""

    caption: str
    unit: str
    bars: Sequence[Bar]
    longest: float


@dataclass(frozen=True)
class Point:
    """A figure at some size of payload."""

    size: float
    value: float
    low: float
    high: float


@contextmanager
def style() -> Iterator[None]:
    """Draw in here."""
    chosen = mpl.rc_context(
        {
            "font.family": "DejaVu Sans",  # comes with matplotlib
            "font.size": 10,
            "savefig.facecolor": CARD,
            "svg.fonttype": "path",
            "svg.hashsalt": "lambda-ric",
            "text.color": INK,
        }
    )
    with chosen:
        yield


def save(figure: Figure, path: Path) -> None:
    """Write a chart in the format that the name of the file ends in."""
    metadata = {"Date": None, "Creator": None} if path.suffix == ".svg" else {"Software": None}
    figure.savefig(path, metadata=metadata, dpi=110)


def bars(title: str, panels: Sequence[Panel], footer: str) -> Figure:
    """Return a chart of horizontal bars, one panel below the other."""
    tall = [CAPTION + ROW * len(panel.bars) for panel in panels]
    height = HEADER + sum(tall) + GAP * (len(panels) - 1) + FOOTER
    figure = _card(title, footer, height)
    top = HEADER
    for panel, height in zip(panels, tall, strict=True):
        _write(figure, MARGIN, top + 0.06, panel.caption, color=PALE_INK)
        axes = _axes(figure, top + CAPTION, len(panel.bars))
        _draw_bars(axes, panel)
        top += height + GAP
    return figure


def shares(title: str, caption: str, rows: Sequence[tuple[str, float]], footer: str) -> Figure:
    """Return a chart of shares of what another takes, which is the line at 1."""
    figure = _card(title, footer, HEADER + CAPTION + ROW * len(rows) + FOOTER)
    _write(figure, MARGIN, HEADER + 0.06, caption, color=PALE_INK)
    labels = 4.0
    axes = _axes(figure, HEADER + CAPTION, len(rows), labels)
    longest = 1.15
    axes.set_xlim(0, longest)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    for row, (_, share) in enumerate(rows):
        color = SAME
        if abs(share - 1) > SAME_WITHIN:
            color = COLOURS["ours"] if share < 1 else WORSE
        axes.barh(row, min(share, longest), height=0.62, color=color)
        if share > longest:
            _break_off(axes, row, longest)
        _number(axes, min(share, longest), row, f"{share:.2f}")
    axes.axvline(1, color=INK, linewidth=1.1, linestyle=(0, (4, 3)))
    return figure


def lines(
    title: str, caption: str, unit: str, series: Mapping[str, Sequence[Point]], footer: str
) -> Figure:
    """Return a chart of lines over sizes in bytes, both axes logarithmic; the first is ours."""
    figure = _card(title, footer, 4.6)
    _write(figure, MARGIN, HEADER + 0.06, caption, color=PALE_INK)
    bottom = FOOTER + 0.4
    axes = figure.add_axes(
        (0.9 / WIDTH, bottom / 4.6, 1 - 2.4 / WIDTH, 1 - (HEADER + CAPTION + 0.1 + bottom) / 4.6)
    )
    _scale(axes, [point for points in series.values() for point in points], unit)
    for kind, (name, points) in zip(("ours", "peer"), series.items(), strict=True):
        sizes = [point.size for point in points]
        values = [point.value for point in points]
        color = COLOURS["ours"] if kind == "ours" else PALE_INK
        axes.plot(sizes, values, color=color, linewidth=2.2, marker="o", markersize=5)
        low, high = [point.low for point in points], [point.high for point in points]
        axes.fill_between(sizes, low, high, color=color, alpha=0.18, linewidth=0)
        axes.annotate(
            name,
            (sizes[-1], values[-1]),
            (10, 0),
            textcoords="offset points",
            va="center",
            color=color,
            fontweight="bold",
        )
    ours, theirs = series.values()
    for mine, other, following in zip(ours, theirs, [*ours[1:], None], strict=True):
        if following is None or following.size > 2 * mine.size:  # else there is no room
            axes.annotate(
                f"{mine.value / other.value:.2f}",
                (mine.size, mine.value),
                (0, -16),
                textcoords="offset points",
                ha="center",
                fontsize=9,
            )
    return figure


def _scale(axes: Axes, points: Sequence[Point], unit: str) -> None:
    axes.set(xscale="log", yscale="log")
    axes.set_xticks([10.0**power for power in range(2, 7)], _SIZES)
    axes.set_xlim(60, 9e6)
    axes.set_ylim(
        min(point.value for point in points) / 1.7, max(point.value for point in points) * 1.3
    )
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g} {unit}")
    axes.minorticks_off()
    axes.tick_params(colors=PALE_INK, length=0)
    axes.grid(color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)


_SIZES = ("100 B", "1 kB", "10 kB", "100 kB", "1 MB")


def _card(title: str, footer: str, height: float) -> Figure:
    figure = Figure(figsize=(WIDTH, height))
    _write(figure, MARGIN, 0.2, title, fontsize=13, fontweight="bold")
    _write(figure, MARGIN, height - 0.3, footer, fontsize=8.5, color=PALE_INK)
    return figure


def _write(figure: Figure, left: float, top: float, text: str, **how: object) -> None:
    height = figure.get_figheight()
    figure.text(left / WIDTH, 1 - top / height, text, va="top", **how)  # type: ignore[arg-type]


def _axes(figure: Figure, top: float, rows: int, labels: float = LABELS) -> Axes:
    """Return axes for rows of bars, the first one on top, without anything around."""
    height = figure.get_figheight()
    tall = rows * ROW
    wide = WIDTH - labels - NUMBERS
    axes = figure.add_axes((labels / WIDTH, 1 - (top + tall) / height, wide / WIDTH, tall / height))
    axes.set_ylim(rows - 0.5, -0.5)
    axes.tick_params(length=0, pad=6, labelcolor=INK)
    axes.set_xticks([])
    axes.spines[:].set_visible(False)
    return axes


def _draw_bars(axes: Axes, panel: Panel) -> None:
    axes.set_xlim(0, panel.longest)
    axes.set_yticks(range(len(panel.bars)), [bar.name for bar in panel.bars])
    for row, bar in enumerate(panel.bars):
        end = min(bar.value, panel.longest)
        axes.barh(row, end, height=0.62, color=COLOURS[bar.kind])
        if bar.kind == "ours":
            axes.get_yticklabels()[row].set_fontweight("bold")
        if bar.value > panel.longest:
            _break_off(axes, row, panel.longest)
        elif bar.high > bar.low:
            high = min(bar.high, panel.longest)
            axes.plot((bar.low, high), (row, row), color=INK, linewidth=1, alpha=0.7)
            end = max(end, high)
        _number(axes, end, row, f"{short(bar.value)} {panel.unit}".rstrip())


def _break_off(axes: Axes, row: int, longest: float) -> None:
    at, lean = longest * 0.955, longest * 0.008
    axes.plot(
        (at - lean, at + lean), (row + 0.42, row - 0.42), color=CARD, linewidth=4, clip_on=False
    )


def _number(axes: Axes, end: float, row: int, text: str) -> None:
    axes.annotate(
        text,
        (end, row),
        (6, 0),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
        bbox={"facecolor": CARD, "linewidth": 0, "pad": 1.5},
    )
