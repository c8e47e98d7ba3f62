"""Turns points on two axes into SVG that a screen reader can read too; knows no measure and chooses no scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from markupsafe import Markup

from qa.evaluation.page.templates import TEMPLATES, stylesheet

Point: TypeAlias = tuple[float, float]

WIDTH, HEIGHT = 400, 300
LEFT, RIGHT, TOP, BOTTOM = 54, 378, 24, 252  # edges of the field; ticks and labels stand outside
KEY_LINE = 16  # height of a line of the key, above the field
LABEL_WIDTH = 56  # of the longest label beside a mark: nearer to the right edge it stands on the mark's left


@dataclass(frozen=True, slots=True)
class Axis:
    """label: with the unit. ticks: value -> what stands there; the first and the last are the ends of the axis."""

    label: str
    ticks: Sequence[tuple[float, str]]
    logarithmic: bool = False

    def share(self, value: float) -> float:
        """How far along the axis a value stands, 0..1; values beyond an end stand at it."""
        first, last, here = (self._scaled(each) for each in (self.ticks[0][0], self.ticks[-1][0], value))
        return min(1.0, max(0.0, (here - first) / (last - first)))

    def _scaled(self, value: float) -> float:
        return math.log10(max(value, self.ticks[0][0])) if self.logarithmic else value


@dataclass(frozen=True, slots=True)
class Line:
    """Points joined in their order. name: what the key calls it; a guide is no data and stands in no key."""

    points: Sequence[Point]
    name: str = ""
    guide: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of its own. low, high: the interval of its y. note: what hovering shows. label: what stands beside it."""

    point: Point
    note: str
    label: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture and what it says. description: the same in words. columns, rows: its points as a table."""

    title: str
    description: str
    x: Axis
    y: Axis
    lines: Sequence[Line] = ()
    marks: Sequence[Mark] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()

    @property
    def key(self) -> Sequence[str]:
        """The names of the lines, where there is more than one to tell apart."""
        named = [line.name for line in self.lines if line.name]
        return named if len(named) > 1 else ()

    def place(self, point: Point) -> tuple[str, str]:
        """Where a point stands in the picture, in its units, y downwards."""
        x = LEFT + (RIGHT - LEFT) * self.x.share(point[0])
        y = BOTTOM - (BOTTOM - TOP) * self.y.share(point[1])
        return f"{x:.1f}", f"{y:.1f}"

    def path(self, line: Line) -> str:
        """The line as a polyline's points."""
        return " ".join(",".join(self.place(point)) for point in line.points)


def svg(plot: Plot, *, name: str, standalone: bool = False) -> Markup:
    """The picture. name: tells its ids from those of other pictures. standalone: brings its own style."""
    box = {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
    drawn = TEMPLATES.get_template("plot.svg").render(
        plot=plot,
        name=name,
        key_height=KEY_LINE * len(plot.key),
        key_line=KEY_LINE,
        label_width=LABEL_WIDTH,
        style=stylesheet("plot.css") if standalone else "",
        **box,
    )
    return Markup(drawn)


def standalone_svg(plot: Plot) -> str:
    """The picture as a file of its own, in its own colours, light or dark as the reader's screen is."""
    return str(svg(plot, name="plot", standalone=True))
