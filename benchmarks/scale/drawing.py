"""Draws how time, memory and disk grow with the library, both axes logarithmic; measures nothing."""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.evaluation.page import Plot, standalone_svg
from qa.evaluation.page.plot import Axis, Line, Mark

IMAGES = Path(__file__).parents[2] / "docs" / "images"
TARGETS = {"10000": 15, "100000": 25, "1000000": 40}
"""Milliseconds within which 95 of 100 questions are to be embedded, searched for and fused."""

_STEPS = (
    ("dense", "search by vector"),
    ("words", "search by words"),
    ("all", "all of it"),
    ("cpu", "processor time of it"),
)
_SIZES = (("memory_mb", "memory of the process"), ("database_mb", "database"), ("vectors_mb", "file of vectors"))


def draw(kept: Mapping[str, Any], *, check: bool) -> None:
    """Writes the drawings, or exits when one is out of date."""
    for name, plot in (("time", _time(kept)), ("size", _size(kept)), ("crossover", _crossover(kept))):
        file, drawn = IMAGES / f"scale-{name}.svg", standalone_svg(plot) + "\n"
        if not check:
            file.write_text(drawn, encoding="utf-8")
        elif not file.is_file() or file.read_text(encoding="utf-8") != drawn:
            sys.exit(f"{file} is out of date: run `python -m benchmarks.scale --plots`")


def _time(kept: Mapping[str, Any]) -> Plot:
    sizes: Mapping[str, Mapping[str, float]] = kept["sizes"]
    marks = [
        Mark((float(size), most), f"aim at {_count(float(size))} passages: {most} ms", f"{most} ms")
        for size, most in TARGETS.items()
    ]
    return _plot(
        "How long until the passages of a question are found?",
        "95th percentile of each step, by passages in the library; embedding is in all of it. Points: what we aim at.",
        "milliseconds (p95)",
        {name: {size: each[f"{step}_p95"] for size, each in sizes.items()} for step, name in _STEPS},
        _number,
        marks,
    )


def _size(kept: Mapping[str, Any]) -> Plot:
    return _plot(
        "How much memory and disk?",
        "Resident memory of the whole process (embedder, reader and library), and the library's two files.",
        "megabytes",
        {name: {size: each[of] for size, each in kept["sizes"].items()} for of, name in _SIZES},
        _number,
    )


def _crossover(kept: Mapping[str, Any]) -> Plot:
    return _plot(
        "From how many vectors on do lists pay?",
        "Median processor time of one search for 40 vectors, with the comparing that follows.",
        "milliseconds (p50)",
        {name: {size: each["p50_ms"] for size, each in kept["crossover"][name].items()} for name in ("flat", "lists")},
        _number,
    )


def _plot(
    title: str,
    description: str,
    label: str,
    lines: Mapping[str, Mapping[str, float]],
    worded: Callable[[float], str],
    marks: Sequence[Mark] = (),
) -> Plot:
    """One line for each name, from passages to a value."""
    sizes = sorted({int(size) for line in lines.values() for size in line})
    values = [value for line in lines.values() for value in line.values()] + [mark.point[1] for mark in marks]
    return Plot(
        title=title,
        description=description,
        x=Axis("passages", _decades(sizes, _count), logarithmic=True),
        y=Axis(label, _decades(values, worded), logarithmic=True),
        lines=[
            Line([(float(size), line[size]) for size in sorted(line, key=int)], name) for name, line in lines.items()
        ],
        marks=marks,
        columns=("passages", *lines),
        rows=[(_count(size), *(worded(line[str(size)]) for line in lines.values())) for size in sizes],
    )


def _decades(values: Sequence[float], worded: Callable[[float], str]) -> list[tuple[float, str]]:
    first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [(10.0**power, worded(10.0**power)) for power in range(first, max(last, first + 1) + 1)]


def _count(value: float) -> str:
    """Short, for an axis."""
    return f"{value / 1e6:g}M" if value >= 1e6 else f"{value / 1e3:g}k"


def _number(value: float) -> str:
    return f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
