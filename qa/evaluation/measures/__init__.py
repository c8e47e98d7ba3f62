"""Turns answers and what is known of them into numbers, one function a formula; knows no models or files."""

from qa.evaluation.measures.citations import (
    WORDS_SUPPORT,
    CitationQuality,
    SupportMeasure,
    Supports,
    citation_quality,
    is_exact,
    touches_evidence,
    words_support,
)
from qa.evaluation.measures.confidence import (
    Bin,
    auroc,
    calibration_error,
    reliability,
    risk_coverage,
    risk_coverage_area,
)
from qa.evaluation.measures.places import (
    RECALL_DEPTHS,
    evidence_overlap,
    evidence_recall,
    ndcg,
    place_of_hit,
    place_of_quote,
    reciprocal_rank,
)
from qa.evaluation.measures.uncertainty import (
    bootstrap_interval,
    paired_bootstrap_interval,
    percentile,
    percentiles,
    wilson_interval,
)
from qa.evaluation.measures.wording import exact_match, f1, normalise, occurs

__all__ = [
    "RECALL_DEPTHS",
    "WORDS_SUPPORT",
    "Bin",
    "CitationQuality",
    "SupportMeasure",
    "Supports",
    "auroc",
    "bootstrap_interval",
    "calibration_error",
    "citation_quality",
    "evidence_overlap",
    "evidence_recall",
    "exact_match",
    "f1",
    "is_exact",
    "ndcg",
    "normalise",
    "occurs",
    "paired_bootstrap_interval",
    "percentile",
    "percentiles",
    "place_of_hit",
    "place_of_quote",
    "reciprocal_rank",
    "reliability",
    "risk_coverage",
    "risk_coverage_area",
    "touches_evidence",
    "wilson_interval",
    "words_support",
]
