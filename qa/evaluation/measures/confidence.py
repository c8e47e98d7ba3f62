"""Measures how far a confidence tells right from wrong, and answerable from not; knows nothing of its origin."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata  # type: ignore[import-untyped]

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence: the mean of it, the share that was right, and how many there are."""

    confidence: float
    accuracy: float
    count: int


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Area under the ROC curve, 0..1: how often a positive case scores above a negative one, ties by half.

    nan when there are only positive or only negative cases. Source: Hanley & McNeil 1982; it is Mann and Whitney's
    U / (positive · negative).
    """
    values, labels = np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=bool)
    high, low = int(labels.sum()), int((~labels).sum())
    if not high or not low:
        return float("nan")
    return float((rankdata(values)[labels].sum() - high * (high + 1) / 2) / (high * low))


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """(coverage, risk) at each distinct confidence, falling: answered are all questions of at least that confidence.

    Coverage is the share of questions that are answered, risk the share of these that are wrong.
    Source: El-Yaniv & Wiener 2010, On the Foundations of Noise-free Selective Classification.
    """
    values, hits = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=bool)
    order = np.argsort(-values, kind="stable")
    wrong = np.cumsum(~hits[order])
    ends = np.flatnonzero(np.append(np.diff(values[order]) != 0, True)) if values.size else np.array([], dtype=int)
    return [(float((end + 1) / values.size), float(wrong[end] / (end + 1))) for end in ends]


def risk_coverage_area(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Area under the risk–coverage curve, 0..1, lower is better; nan for no question.

    The mean over questions of the risk at which each comes to be answered; questions of equal confidence are answered
    together. Source: Geifman, Uziel & El-Yaniv 2019 (AURC, arXiv:1805.08206).
    """
    area, reached = 0.0, 0.0
    curve = risk_coverage(confidences, right)
    for coverage, risk in curve:
        area += (coverage - reached) * risk
        reached = coverage
    return area if curve else float("nan")


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """Bins of equal width over 0..1 that hold an answer, from low to high; confidence 1 belongs to the last."""
    values, hits = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)
    numbers = np.clip((values * bins).astype(int), 0, bins - 1)
    chosen = (numbers == number for number in range(bins))
    return [Bin(float(values[rows].mean()), float(hits[rows].mean()), int(rows.sum())) for rows in chosen if rows.any()]


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float:
    """Expected calibration error, 0..1: mean |accuracy - confidence| of the bins, weighted by their size; nan for none.

    Source: Naeini, Cooper & Hauskrecht 2015; Guo et al. 2017 (arXiv:1706.04599).
    """
    filled = reliability(confidences, right, bins)
    if not filled:
        return float("nan")
    return sum(each.count * abs(each.accuracy - each.confidence) for each in filled) / len(confidences)
