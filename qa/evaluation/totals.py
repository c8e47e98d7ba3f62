"""Turns scores of single questions into totals over stated denominators; knows no answers and no files."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.measures import (
    RECALL_DEPTHS,
    auroc,
    bootstrap_interval,
    calibration_error,
    percentiles,
    risk_coverage_area,
    wilson_interval,
)
from qa.evaluation.measures.uncertainty import Statistic, Table
from qa.evaluation.score import Score
from qa.types import Timings

Tables = NDArray[np.float64]
Row = tuple[float, float] | None
"""What a measure takes from one score: two numbers, None when it does not apply to that question."""


@dataclass(frozen=True, slots=True)
class Total:
    """One measure over many questions. value: None when nothing could be measured. over: how many things."""

    value: float | None
    over: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of a report. over: what the denominator counts. row: score -> what the statistic takes from it.

    unit: "share" is a fraction of cases, 0..1; "ratio" a number 0..1; "ms" milliseconds. counts: table -> how many
    things the total is over. better: 1 when higher is better, -1 when lower is.
    """

    name: str
    label: str
    unit: Literal["share", "ratio", "ms"]
    over: str
    row: Callable[[Score], Row]
    statistic: Statistic
    counts: Callable[[Table], int]
    better: Literal[1, -1] = 1

    def table(self, scores: Sequence[Score]) -> Table:
        """(n, 2): a row for each score, nan where the measure does not apply."""
        rows = [self.row(score) or (math.nan, math.nan) for score in scores]
        return np.asarray(rows, dtype=np.float64).reshape(len(scores), 2)

    def total(self, scores: Sequence[Score]) -> Total:
        """The measure over these scores."""
        table = self.table(scores)
        value = float(self.statistic(table[None])[0])
        return Total(None if math.isnan(value) else value, self.counts(table))

    def interval(self, scores: Sequence[Score]) -> tuple[float, float] | None:
        """The 95 % interval: Wilson's for a share of cases, by bootstrap for the rest; None without a value."""
        total = self.total(scores)
        if total.value is None:
            return None
        if self.unit == "share":
            return wilson_interval(total.value, total.over)
        return bootstrap_interval(self.table(scores), self.statistic)


def summarise(scores: Sequence[Score]) -> dict[str, Total]:
    """Measure name -> total over these scores, in the order of `MEASURES`."""
    return {measure.name: measure.total(scores) for measure in MEASURES}


def _ratio(tables: Tables) -> Tables:
    amount, over = np.moveaxis(np.nansum(tables, axis=-2), -1, 0)
    return np.asarray(np.divide(amount, over, out=np.full_like(over, math.nan), where=over > 0))


def _denominator(table: Table) -> int:
    return int(np.nansum(table[:, 1]))


def _applicable(table: Table) -> int:
    return int((~np.isnan(table[:, 0])).sum())


def _each(measure: Callable[[Table], float], tables: Tables) -> Tables:
    """A measure of one table, of each: of the rows to which it applies."""
    return np.asarray([measure(table[~np.isnan(table[:, 0])]) for table in tables])


def _of_columns(measure: Callable[[Sequence[float], Sequence[bool]], float], table: Table) -> float:
    return measure(table[:, 0].tolist(), table[:, 1].astype(bool).tolist())


def _percentile(percent: float, tables: Tables) -> Tables:
    return percentiles(tables[..., 0], percent)


def _share(
    name: str, label: str, over: str, row: Callable[[Score], Row], unit: Literal["share", "ratio"] = "share"
) -> Measure:
    return Measure(name, label, unit, over, row, _ratio, _denominator)


def _mean(
    name: str, label: str, over: str, of: Callable[[Score], float | None], unit: Literal["share", "ratio"] = "ratio"
) -> Measure:
    def row(score: Score) -> Row:
        value = of(score)
        return None if value is None else (float(value), 1.0)

    return _share(name, label, over, row, unit)


def _latency(name: str, label: str, over: str, of: Callable[[Timings], float | None]) -> tuple[Measure, ...]:
    def row(score: Score) -> Row:
        value = of(score.timings)
        return None if value is None else (value, 1.0)

    def at(percent: int, word: str) -> Measure:
        return Measure(
            f"{name}_p{percent}", f"{label}, {word}", "ms", over, row, partial(_percentile, percent), _applicable, -1
        )

    return at(50, "median"), at(95, "p95"), at(99, "p99")


def _judged(
    name: str,
    label: str,
    over: str,
    row: Callable[[Score], Row],
    of: Callable[[Sequence[float], Sequence[bool]], float],
    better: Literal[1, -1],
) -> Measure:
    return Measure(name, label, "ratio", over, row, partial(_each, partial(_of_columns, of)), _applicable, better)


def _recall(index: int, score: Score) -> float | None:
    return None if score.recall is None else score.recall[index]


def _answer_precision(score: Score) -> Row:
    return None if score.refused or score.good is None else (float(score.good), 1.0)


def _refusal_precision(score: Score) -> Row:
    return (float(not score.answerable), 1.0) if score.refused else None


def _refusal_recall(score: Score) -> Row:
    return None if score.answerable else (float(score.refused), 1.0)


def _answerable_or_not(score: Score) -> Row:
    return score.certainty, float(score.answerable)


def _right_or_not(score: Score) -> Row:
    return None if score.good is None else (score.certainty, float(score.good))


def _stated(score: Score) -> Row:
    return None if score.refused or score.confidence is None or score.good is None else (score.confidence, score.good)


def _exact_citations(score: Score) -> Row:
    return float(score.exact_citations), float(score.citations)


def _supported_claims(score: Score) -> Row:
    return None if score.claims is None or score.supported is None else (float(score.supported), float(score.claims))


_ANSWERS = "questions with answers"
_EVIDENCE = "questions with evidence"
_BOTH = "questions with answers and evidence"
_WRITTEN = "answers with sentences"
_KNOWN = "questions whose right answer is known"

MEASURES: tuple[Measure, ...] = (
    _mean("right", "right, with evidence", _BOTH, lambda s: s.right, "share"),
    _mean("short_hit", "accepted in short answer", _ANSWERS, lambda s: s.short_hit, "share"),
    _mean("text_hit", "accepted in text", _ANSWERS, lambda s: s.text_hit, "share"),
    _share("answer_precision", "shown answers right", "answers shown", _answer_precision),
    _mean("exact_match", "exact match (SQuAD)", _ANSWERS, lambda s: s.exact_match, "share"),
    _mean("f1", "F1 (SQuAD)", _ANSWERS, lambda s: s.f1),
    *(
        _mean(f"recall_at_{depth}", f"evidence recall@{depth}", _EVIDENCE, partial(_recall, index))
        for index, depth in enumerate(RECALL_DEPTHS)
    ),
    _mean("mrr", "evidence MRR", _EVIDENCE, lambda s: s.reciprocal_rank),
    _mean("ndcg_at_10", "evidence nDCG@10", _EVIDENCE, lambda s: s.ndcg),
    _share("citation_exactness", "verbatim citations", "citations", _exact_citations),
    _mean("citation_recall", "citation recall (ALCE)", _WRITTEN, lambda s: s.citation_recall),
    _mean("citation_precision", "citation precision (ALCE)", _WRITTEN, lambda s: s.citation_precision),
    _share("claim_support", "supported claims", "claims", _supported_claims),
    _mean("overlap", "evidence overlap (IoU)", _EVIDENCE, lambda s: s.overlap),
    _share("refusal_precision", "refusal precision", 'answers "not found"', _refusal_precision),
    _share("refusal_recall", "refusal recall", "unanswerable questions", _refusal_recall),
    _judged("refusal_auroc", "answerable or not, AUROC", "questions", _answerable_or_not, auroc, 1),
    _judged("risk_coverage", "risk–coverage area", _KNOWN, _right_or_not, risk_coverage_area, -1),
    _judged("calibration_error", "calibration error", "confident answers", _stated, calibration_error, -1),
    *_latency("retrieve", "passages found", "questions", lambda t: t.retrieve),
    *_latency("read", "short answer", "questions", lambda t: t.read),
    *_latency("sentence", "first sentence", _WRITTEN, lambda t: t.first_sentence),
    *_latency("total", "whole answer", "questions", lambda t: t.total),
)
