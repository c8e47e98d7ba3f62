"""Turns a Comparison into JSON and into tables to look at; compares nothing."""

import math
from typing import TYPE_CHECKING, Any

from qa.evaluation.compare import ERROR_RATE, Change, Comparison, Regression
from qa.evaluation.tables import show, show_value
from qa.evaluation.totals import Measure

if TYPE_CHECKING:
    from rich.table import Table


def to_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain JSON values."""
    return {
        "paired": comparison.paired,
        "left_out": comparison.left_out,
        "changes": {each.measure.name: _values(each) for each in measured(comparison)},
        "regressions": {each.change.measure.name: {"least": each.least} for each in comparison.regressions},
    }


def _values(change: Change) -> dict[str, Any]:
    return {
        "before": change.before.value,
        "after": change.after.value,
        "difference": change.difference,
        "interval": None if math.isnan(change.low) else [change.low, change.high],
        "verdict": change.verdict.value,
    }


def to_table(comparison: Comparison) -> "Table":
    """The changes for a terminal."""
    from rich.table import Table

    table = Table(caption="\n".join(notes(comparison)), caption_justify="left")
    table.add_column("measure")
    for heading in ("before", "after", "difference", "95 %"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for each in measured(comparison):
        before, after = show(each.measure, each.before), show(each.measure, each.after)
        table.add_row(each.measure.label, before, after, difference(each), interval(each), each.verdict.value)
    return table


def to_markdown(comparison: Comparison) -> str:
    """The changes as a Markdown table, and a line for each regression."""
    rows = [
        f"| {each.measure.label} | {show(each.measure, each.before)} | {show(each.measure, each.after)} "
        f"| {difference(each)} | {interval(each)} | {each.verdict.value} |"
        for each in measured(comparison)
    ]
    lines = ["| measure | before | after | difference | 95 % | |", "|---|---:|---:|---:|---:|---|", *rows, ""]
    return "\n".join([*lines, *notes(comparison)]) + "\n"


def measured(comparison: Comparison) -> list[Change]:
    """The changes of which there is something to show."""
    return [each for each in comparison.changes if each.before.value is not None or each.after.value is not None]


def notes(comparison: Comparison) -> list[str]:
    """What a reader of the table has to know, a line each; the last say whether something regressed."""
    lines = len(measured(comparison))
    line = (
        f"{comparison.paired} questions stand in both reports, {comparison.left_out} in one alone. Each interval holds "
        f"for its own line: of {lines} lines about {lines * ERROR_RATE:.0f} would differ by chance."
    )
    return [line] + ([_told(each) for each in comparison.regressions] or ["No regression."])


def _told(regression: Regression) -> str:
    change = regression.change
    if regression.least is None:
        return f"Regression: {change.measure.label} was {show(change.measure, change.before)} and is measured no more."
    return (
        f"Regression: {change.measure.label} went from {show(change.measure, change.before)} to "
        f"{show(change.measure, change.after)}, worse by {show_value(change.measure, regression.least)} at least."
    )


def difference(change: Change) -> str:
    """After - before with its sign, "" when there is none."""
    return "" if change.difference is None else _signed(change.measure, change.difference)


def interval(change: Change) -> str:
    """The interval of the difference, "" when there is none."""
    if math.isnan(change.low):
        return ""
    return f"{_signed(change.measure, change.low)} … {_signed(change.measure, change.high)}"


def _signed(measure: Measure, value: float) -> str:
    shown = show_value(measure, abs(value))
    return f"{'−' if value < 0 else '+'}{shown}"
