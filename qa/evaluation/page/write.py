"""Puts a Report's figures, plots and faults into one page of HTML; works out none of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.evaluation.faults import by_fault
from qa.evaluation.page.curves import PlotOrWords, latency, reliability, risk_coverage
from qa.evaluation.page.plot import svg
from qa.evaluation.page.templates import TEMPLATES, stylesheet
from qa.evaluation.report import Report
from qa.evaluation.score import Score
from qa.evaluation.tables import BY_NAME, about, headline, interval, show
from qa.evaluation.totals import MEASURES, Measure

FIRST = ("right", "answer_precision", "refusal_recall", "claim_support", "read_p50")
"""The measures that stand above all others."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The words of one question and its answer, for whoever may see them. accepted: the answers that count."""

    question: str
    accepted: tuple[str, ...]
    answered: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure as it is shown. low, value, high: 0..1, None where there is none."""

    label: str
    shown: str
    interval: str
    over: str
    low: float | None
    value: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Section:
    """A plot with its heading and table, or the sentence that stands for it."""

    heading: str
    says: str
    picture: Markup | None = None
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def to_html(report: Report, exchanges: Mapping[str, Exchange] | None = None) -> str:
    """The report as a page that fetches nothing and runs no script.

    exchanges: id of a question -> its words; without them the page holds ids and figures alone.
    """
    scores = report.scores
    return TEMPLATES.get_template("page.html").render(
        title=f"Evaluation: {report.about.system or 'unnamed system'} on {report.about.questions or 'its questions'}",
        headline=headline(report),
        about=about(report),
        models=report.models,
        first=[_figure(BY_NAME[name], scores) for name in FIRST],
        figures=[_figure(measure, scores) for measure in MEASURES],
        kinds=[
            (kind, len(those), _figure(BY_NAME["right"], those), _figure(BY_NAME["refusal_recall"], those))
            for kind, those in report.kinds.items()
        ],
        sections=[
            _section("Confidence", reliability(scores), "reliability"),
            _section("Risk and coverage", risk_coverage(scores), "risk-coverage"),
            _section("Times", latency(scores), "latency"),
        ],
        faults={fault.value: [_row(score) for score in those] for fault, those in by_fault(scores).items()},
        asked=len(scores),
        exchanges=exchanges or {},
        style=stylesheet("page.css") + stylesheet("plot.css"),
    )


def _figure(measure: Measure, scores: Sequence[Score]) -> Figure:
    total = measure.total(scores)
    bounds = None if measure.unit == "ms" else measure.interval(scores)
    low, high = bounds or (None, None)
    value = total.value if bounds else None
    over = f"{total.over} {measure.over}"
    return Figure(measure.label, show(measure, total), interval(measure, scores), over, low, value, high)


def _section(heading: str, drawn: PlotOrWords, name: str) -> Section:
    if isinstance(drawn, str):
        return Section(heading, drawn)
    return Section(f"{heading}: {drawn.title}", drawn.description, svg(drawn, name=name), drawn.columns, drawn.rows)


def _row(score: Score) -> tuple[str, str, str, str, str]:
    """Id, kind, confidence, rank of the first passage with evidence, F1; "" where not known."""
    rank = "" if score.reciprocal_rank is None else f"{1 / score.reciprocal_rank:.0f}" if score.reciprocal_rank else "–"
    sure = "" if score.confidence is None else f"{score.confidence:.2f}"
    return score.id, score.kind, sure, rank, "" if score.f1 is None else f"{score.f1:.2f}"
