"""Turns scores into the plots of a report, or into a sentence where there is nothing to plot; draws nothing."""

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from qa.evaluation.measures import percentile, wilson_interval
from qa.evaluation.measures import reliability as bins
from qa.evaluation.measures import risk_coverage as curve
from qa.evaluation.page.plot import Axis, Line, Mark, Plot, Point
from qa.evaluation.score import Score
from qa.evaluation.tables import BY_NAME
from qa.types import Timings

PlotOrWords: TypeAlias = Plot | str
"""A plot, or why there is none."""

SHARES = tuple((number / 4, f"{25 * number} %") for number in range(5))
STAGES: tuple[tuple[str, Callable[[Timings], float | None]], ...] = (
    ("passages found", lambda times: times.retrieve),
    ("short answer", lambda times: times.read),
    ("first sentence", lambda times: times.first_sentence),
    ("whole answer", lambda times: times.total),
)
LEAST_MILLISECONDS = 0.1  # where the axis of times begins at the earliest
UNBROKEN = "\u00a0"  # between a number and its unit


def reliability(scores: Sequence[Score]) -> PlotOrWords:
    """Of the answers shown with a confidence: in each tenth of it, how sure they were and how many were right."""
    confidences, right = _judged("calibration_error", scores)
    if not confidences:
        return "No answer was shown with a confidence whose rightness is known, so there is nothing to compare."
    filled = bins(confidences, right)
    error = BY_NAME["calibration_error"].total(scores).value or 0.0
    marks, rows = [], []
    for each in filled:
        low, high = wilson_interval(each.accuracy, each.count)
        row = (
            _percent(each.confidence),
            _percent(each.accuracy),
            f"{_percent(low)} to {_percent(high)}",
            f"{each.count}",
        )
        note = "{} sure, {} right ({}), {} answers".format(*row)
        marks.append(Mark((each.confidence, each.accuracy), note, row[-1], low, high))
        rows.append(row)
    return Plot(
        title="Is it as often right as it is sure?",
        description=(
            f"{len(confidences)} answers with a confidence, in {len(filled)} of ten groups; calibration error "
            f"{error:.3f}. On the dotted line confidence and share of right answers are equal: under it the answers "
            "are too sure, over it not sure enough. The number beside a point is how many answers it stands for, "
            "the bar its 95 % interval."
        ),
        x=Axis("mean confidence of the answers", SHARES),
        y=Axis("of them right", SHARES),
        lines=(Line(((0, 0), (1, 1)), guide=True),),
        marks=marks,
        columns=("confidence", "right", "95 %", "answers"),
        rows=rows,
    )


def risk_coverage(scores: Sequence[Score]) -> PlotOrWords:
    """Questions answered from the most to the least confident: how many, and how many of these wrongly."""
    confidences, right = _judged("risk_coverage", scores)
    if not confidences:
        return "It is not known of any question what a right answer would be, so no risk can be given."
    points = curve(confidences, right)
    if len(points) == 1:
        return (
            f"All {len(confidences)} questions have the same confidence, so they cannot be put in an order; "
            f"answering all of them is wrong for {_percent(points[0][1])}."
        )
    area = BY_NAME["risk_coverage"].total(scores).value or 0.0
    known = [score for score in scores if score.good is not None]
    shown = [score for score in known if not score.refused]
    marks = []
    if shown:
        coverage, risk = len(shown) / len(known), sum(not score.good for score in shown) / len(shown)
        told = f"as shown: {_percent(coverage)} answered, {_percent(risk)} of these wrong"
        marks.append(Mark((coverage, risk), told, "as shown"))
    return Plot(
        title="How many wrong answers for how many answered questions?",
        description=(
            f"{len(known)} questions, answered from the most to the least confident one; area under the curve "
            f"{area:.3f}, lower is better. {marks[0].note.capitalize() if marks else 'Every question was refused'}. "
            "A question that the documents do not answer is wrong once it is answered; a refusal without a confidence "
            "counts as the least confident."
        ),
        x=Axis("of the questions answered", SHARES),
        y=Axis("of these wrong", SHARES),
        lines=(Line(_steps(points), "risk"),),
        marks=marks,
        columns=("answered", "wrong"),
        rows=[(_percent(coverage), _percent(risk)) for coverage, risk in _few(points)],
    )


def latency(scores: Sequence[Score]) -> PlotOrWords:
    """For each stage, which share of the questions had reached it by which time."""
    found = {name: [t for score in scores if (t := of(score.timings)) is not None] for name, of in STAGES}
    measured = {name: sorted(times) for name, times in found.items() if times}
    if not measured:
        return "No question was asked, so there are no times."
    every = [time for times in measured.values() for time in times]
    lines = [
        Line([(time, (place + 1) / len(times)) for place, time in enumerate(times)], name)
        for name, times in measured.items()
    ]
    rows = [
        (name, *(_time(percentile(times, percent)) for percent in (50, 95, 99)), f"{len(times)}")
        for name, times in measured.items()
    ]
    told = "; ".join(f"{name}: half within {half}, 95 % within {most}" for name, half, most, *_ in rows)
    return Plot(
        title="How long until something is shown?",
        description=f"Share of the questions that had reached each stage by a time (logarithmic axis): {told}.",
        x=Axis("time since the question", _decades(min(every), max(every)), logarithmic=True),
        y=Axis("of the questions", SHARES),
        lines=lines,
        columns=("stage", "median", "p95", "p99", "questions"),
        rows=rows,
    )


def _judged(measure: str, scores: Sequence[Score]) -> tuple[list[float], list[bool]]:
    """Confidences, and whether each was right, of the questions that a measure of confidence is taken over."""
    table = BY_NAME[measure].table(scores)
    kept = table[~(table != table)[:, 0]]
    return kept[:, 0].tolist(), kept[:, 1].astype(bool).tolist()


def _steps(points: Sequence[Point]) -> list[Point]:
    """The risk holds from the coverage before to its own."""
    before = [0.0, *(coverage for coverage, _ in points)]
    return [each for start, (end, risk) in zip(before, points, strict=False) for each in ((start, risk), (end, risk))]


def _few(points: Sequence[Point], most: int = 20) -> list[Point]:
    """At most `most` of the points, evenly, the last among them."""
    step = math.ceil(len(points) / most)
    return list(points[::-1][::step][::-1])


def _decades(least: float, most: float) -> list[tuple[float, str]]:
    """Powers of ten around the times, two at least."""
    first = math.floor(math.log10(max(least, LEAST_MILLISECONDS)))
    last = max(first + 1, math.ceil(math.log10(max(most, LEAST_MILLISECONDS))))
    return [(10.0**power, _time(10.0**power)) for power in range(first, last + 1)]


def _time(milliseconds: float) -> str:
    if milliseconds < 1000:
        return f"{milliseconds:.3g}{UNBROKEN}ms"
    seconds = milliseconds / 1000
    return f"{seconds:.3g}{UNBROKEN}s" if seconds < 1000 else f"{seconds:,.0f}{UNBROKEN}s"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}{UNBROKEN}%"
