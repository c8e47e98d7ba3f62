"""Turns questions with known answers and evidence into a scored Report; knows nothing of any model."""

from qa.evaluation.changes import to_json as comparison_to_json
from qa.evaluation.changes import to_markdown as comparison_to_markdown
from qa.evaluation.changes import to_table as comparison_to_table
from qa.evaluation.compare import GUARDED, Comparison, compare
from qa.evaluation.drafts import draft_questions
from qa.evaluation.evidence import find_places, locate_evidence
from qa.evaluation.faults import Fault, by_fault, fault
from qa.evaluation.groundedness import agreement, read_pairs
from qa.evaluation.own import Own
from qa.evaluation.page import Exchange, to_html
from qa.evaluation.questions import read_questions
from qa.evaluation.records import Records
from qa.evaluation.report import About, Report, from_json, read_report, to_json
from qa.evaluation.run import Ask, evaluate
from qa.evaluation.sampling import stratified_sample
from qa.evaluation.score import Score, score_answer
from qa.evaluation.session import evaluate_system
from qa.evaluation.sets import SETS, SetDescription, read_description, unpack, write_questions
from qa.evaluation.systems import System, open_system
from qa.evaluation.tables import side_by_side, to_markdown, to_table
from qa.evaluation.totals import MEASURES, Measure, Total, summarise

__all__ = [
    "GUARDED",
    "MEASURES",
    "SETS",
    "About",
    "Ask",
    "Comparison",
    "Exchange",
    "Fault",
    "Measure",
    "Own",
    "Records",
    "Report",
    "Score",
    "SetDescription",
    "System",
    "Total",
    "agreement",
    "by_fault",
    "compare",
    "comparison_to_json",
    "comparison_to_markdown",
    "comparison_to_table",
    "draft_questions",
    "evaluate",
    "evaluate_system",
    "fault",
    "find_places",
    "from_json",
    "locate_evidence",
    "open_system",
    "read_description",
    "read_pairs",
    "read_questions",
    "read_report",
    "score_answer",
    "side_by_side",
    "stratified_sample",
    "summarise",
    "to_html",
    "to_json",
    "to_markdown",
    "to_table",
    "unpack",
    "write_questions",
]
