"""Turns Reports into tables to look at; measures nothing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qa.evaluation.measures import wilson_interval
from qa.evaluation.report import MEASURES, Measure, Report, Total, summarise

if TYPE_CHECKING:
    from rich.table import Table

_MEASURE = {measure.name: measure for measure in MEASURES}


def to_table(report: Report) -> "Table":
    """The totals, and for each kind of question how many were right, for a terminal."""
    from rich.table import Table

    table = Table(title=headline(report), title_justify="left")
    table.add_column("measure")
    table.add_column("value", justify="right")
    table.add_column("95 %", justify="right")
    table.add_column("over")
    for measure, total in zip(MEASURES, report.totals.values(), strict=True):
        table.add_row(measure.label, show(measure, total), interval(measure, total), f"{total.over} {measure.over}")
    table.add_section()
    for kind, totals in _by_kind(report):
        right, refused = totals["right"], _with_count("refusal_recall", totals)
        table.add_row(f"right, kind {kind}", show(_MEASURE["right"], right), "", f"{right.over}, refused {refused}")
    return table


def to_markdown(report: Report) -> str:
    """The totals and the kinds of question as Markdown tables."""
    lines = [
        f"{headline(report)}.",
        "",
        "| measure | value | 95 % | over |",
        "|---|---:|---:|---|",
        *(
            f"| {m.label} | {show(m, total)} | {interval(m, total)} | {total.over} {m.over} |"
            for m, total in zip(MEASURES, report.totals.values(), strict=True)
        ),
    ]
    if report.kinds:
        lines += ["", "| kind of question | right, with evidence | refusal recall |", "|---|---:|---:|"]
        for kind, totals in _by_kind(report):
            lines.append(f"| {kind} | {_with_count('right', totals)} | {_with_count('refusal_recall', totals)} |")
    return "\n".join(lines) + "\n"


def compare(reports: Mapping[str, Report]) -> str:
    """Reports on the same questions side by side as a Markdown table; reports: column heading -> report.

    Each cell holds the value and, in brackets, how many things it is taken over.
    """
    columns = [report.totals for report in reports.values()]
    lines = [
        f"| measure | {' | '.join(reports)} |",
        f"|---|{'---:|' * len(reports)}",
        *(f"| {m.label} | {' | '.join(_with_count(m.name, totals) for totals in columns)} |" for m in MEASURES),
    ]
    return "\n".join(lines) + "\n"


def headline(report: Report) -> str:
    """How many questions, and what became of them."""
    outcomes = ", ".join(f"{count} {outcome.value.replace('_', ' ')}" for outcome, count in report.outcomes.items())
    return f"{len(report.scores)} questions: {outcomes}"


def show(measure: Measure, total: Total) -> str:
    """A total in its unit: 81.0 %, 0.873, 12 ms; a dash when there was nothing to measure."""
    if total.value is None:
        return "–"
    if measure.unit == "share":
        return f"{100 * total.value:.1f} %"
    return f"{total.value:.0f} ms" if measure.unit == "ms" else f"{total.value:.3f}"


def interval(measure: Measure, total: Total) -> str:
    """The 95 % interval of a share, "" for other units and for nothing measured."""
    if measure.unit != "share" or total.value is None:
        return ""
    low, high = wilson_interval(total.value, total.over)
    return f"{100 * low:.0f}–{100 * high:.0f}"


def _with_count(name: str, totals: Mapping[str, Total]) -> str:
    total = totals[name]
    shown = show(_MEASURE[name], total)
    return shown if total.value is None else f"{shown} ({total.over})"


def _by_kind(report: Report) -> list[tuple[str, dict[str, Total]]]:
    return [(kind, summarise(scores)) for kind, scores in report.kinds.items()]
