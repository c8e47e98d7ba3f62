"""Turns questions with known answers and evidence into a scored Report; knows nothing of any model."""

from qa.evaluation.evidence import find_places, locate_evidence
from qa.evaluation.questions import read_questions
from qa.evaluation.report import About, Report, from_json, read_report, to_json
from qa.evaluation.run import Ask, evaluate
from qa.evaluation.score import Score, score_answer
from qa.evaluation.tables import side_by_side, to_markdown, to_table
from qa.evaluation.totals import MEASURES, Measure, Total, summarise

__all__ = [
    "MEASURES",
    "About",
    "Ask",
    "Measure",
    "Report",
    "Score",
    "Total",
    "evaluate",
    "find_places",
    "from_json",
    "locate_evidence",
    "read_questions",
    "read_report",
    "score_answer",
    "side_by_side",
    "summarise",
    "to_json",
    "to_markdown",
    "to_table",
]
