import os
from dataclasses import replace
from pathlib import Path

from qa.evaluation.records import Records
from qa.evaluation.report import About, Report
from qa.evaluation.session import evaluate_system
from qa.evaluation.systems import Function
from qa.types import Answer, Citation, Document
from tests.evaluation.systems import EXAMPLES, TEXTS, perfect

DOCUMENTS = [Document(name, name, (f"/texts/{name}.txt",), text) for name, text in TEXTS.items()]
ABOUT = About(questions="four", licence="CC0", sample=4, seed=1)


def by_file_name(question: str, history: tuple[str, ...]) -> Answer:
    """The perfect system, which calls documents by the names of their files."""

    def renamed(citation: Citation) -> Citation:
        return replace(citation, quote=replace(citation.quote, document_id=citation.source))

    given = perfect(question, history)
    return replace(given, citations=tuple(map(renamed, given.citations)))


def report_on(records: Records | None = None) -> Report:
    return evaluate_system(EXAMPLES, Function("by_file_name", by_file_name), DOCUMENTS, ABOUT, records)


def test_the_report_says_what_it_was_made_of() -> None:
    report = report_on()
    assert report.totals["right"].value == 1.0
    about = report.about
    assert (about.system, about.questions, about.licence, about.sample, about.seed) == (
        "by_file_name",
        "four",
        "CC0",
        4,
        1,
    )
    assert about.support == "words"
    assert about.memory_mb is not None
    assert about.memory_mb > 10  # this process
    assert Function("f", perfect).process_id == os.getpid()


def test_a_run_from_records_is_the_same_report_without_memory(tmp_path: Path) -> None:
    first = report_on(Records(tmp_path / "records.jsonl", "s"))
    again = report_on(Records(tmp_path / "records.jsonl", "s"))
    assert again.scores == first.scores
    assert (first.about.memory_mb is None, again.about.memory_mb) == (False, None)
