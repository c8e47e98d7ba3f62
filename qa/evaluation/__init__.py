"""Turns questions with known answers and evidence into a scored Report; knows nothing of any model."""

from qa.evaluation.evidence import find_places, locate_evidence
from qa.evaluation.questions import read_questions
from qa.evaluation.report import MEASURES, Report, Score, Total, from_json, summarise, to_json
from qa.evaluation.run import Ask, evaluate, score_answer
from qa.evaluation.tables import compare, to_markdown, to_table

__all__ = [
    "MEASURES",
    "Ask",
    "Report",
    "Score",
    "Total",
    "compare",
    "evaluate",
    "find_places",
    "from_json",
    "locate_evidence",
    "read_questions",
    "score_answer",
    "summarise",
    "to_json",
    "to_markdown",
    "to_table",
]
