"""Turns Reports into tables to look at; measures nothing."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qa.evaluation.report import Report
from qa.evaluation.score import Score
from qa.evaluation.totals import MEASURES, Measure, Total, summarise

if TYPE_CHECKING:
    from rich.table import Table

BY_NAME = {measure.name: measure for measure in MEASURES}


def to_table(report: Report) -> "Table":
    """The totals, and for each kind of question how many were right, for a terminal."""
    from rich.table import Table

    table = Table(
        title=headline(report), title_justify="left", caption="\n".join(about(report)), caption_justify="left"
    )
    table.add_column("measure")
    table.add_column("value", justify="right")
    table.add_column("95 %", justify="right")
    table.add_column("over")
    for measure, total in zip(MEASURES, report.totals.values(), strict=True):
        over = f"{total.over} {measure.over}"
        table.add_row(measure.label, show(measure, total), interval(measure, report.scores), over)
    table.add_section()
    for kind, totals in _by_kind(report):
        right, refused = totals["right"], _with_count("refusal_recall", totals)
        table.add_row(f"right, kind {kind}", show(BY_NAME["right"], right), "", f"{right.over}, refused {refused}")
    return table


def to_markdown(report: Report) -> str:
    """The totals and the kinds of question as Markdown tables."""
    lines = [
        f"{headline(report)}.",
        *(f"{line}." for line in about(report)),
        "",
        "| measure | value | 95 % | over |",
        "|---|---:|---:|---|",
        *(
            f"| {m.label} | {show(m, total)} | {interval(m, report.scores)} | {total.over} {m.over} |"
            for m, total in zip(MEASURES, report.totals.values(), strict=True)
        ),
    ]
    if report.kinds:
        lines += ["", "| kind of question | right, with evidence | refusal recall |", "|---|---:|---:|"]
        for kind, totals in _by_kind(report):
            lines.append(f"| {kind} | {_with_count('right', totals)} | {_with_count('refusal_recall', totals)} |")
    return "\n".join(lines) + "\n"


def side_by_side(reports: Mapping[str, Report]) -> str:
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


def about(report: Report) -> list[str]:
    """What the run was made of, a line each, as far as it is known."""
    made = report.about
    drawn = f", {made.sample} drawn with seed {made.seed}" if made.sample is not None else ""
    lines = {
        "System": made.system,
        "Questions": f"{made.questions}{drawn}" if made.questions else "",
        "Licence": made.licence,
        "Note": made.note,
        "Support measure": made.support,
        "Memory": f"{made.memory_mb:,.0f} MB at most" if made.memory_mb is not None else "",
        "Set-up": f"{made.setup_seconds:.1f} s" if made.setup_seconds is not None else "",
    }
    return [f"{name}: {value}" for name, value in lines.items() if value]


def show(measure: Measure, total: Total) -> str:
    """A total in its unit: 81.0 %, 0.873, 12 ms; a dash when there was nothing to measure."""
    if total.value is None:
        return "–"
    return show_value(measure, total.value)


def show_value(measure: Measure, value: float) -> str:
    """A value in the measure's unit."""
    if measure.unit == "share":
        return f"{100 * value:.1f} %"
    return f"{value:.0f} ms" if measure.unit == "ms" else f"{value:.3f}"


def interval(measure: Measure, scores: Sequence[Score]) -> str:
    """The 95 % interval of a share in percent or of a ratio, "" for times and for nothing measured."""
    found = None if measure.unit == "ms" else measure.interval(scores)
    if found is None:
        return ""
    low, high = found
    return f"{100 * low:.0f}–{100 * high:.0f}" if measure.unit == "share" else f"{low:.2f}–{high:.2f}"


def _with_count(name: str, totals: Mapping[str, Total]) -> str:
    total = totals[name]
    shown = show(BY_NAME[name], total)
    return shown if total.value is None else f"{shown} ({total.over})"


def _by_kind(report: Report) -> list[tuple[str, dict[str, Total]]]:
    return [(kind, summarise(scores)) for kind, scores in report.kinds.items()]
