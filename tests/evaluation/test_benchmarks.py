"""The scripts of benchmarks/ without their models: what they make of what a model gave."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import compare_tables, latency
from benchmarks.llamaindex_baseline import cite, to_answer
from qa.evaluation import Report, evaluate, to_json
from qa.evaluation.measures import is_exact
from qa.types import Answer, Message, Outcome, Timings
from tests.evaluation.systems import EXAMPLES, HARBOUR, TEXTS, always_refuses, answer, perfect
from tests.fakes import ScriptedLanguageModel

SOURCES = ("The harbour of Varn opened in 1871.", "The mill at Osk ground rye", "words of no document")
TIMES = Timings(1, 2, 2, 2)


def test_sources_are_looked_up_and_inventions_are_not_exact() -> None:
    citations = cite(SOURCES, (2, 1, 3, 7), TEXTS)
    assert [citation.number for citation in citations] == [1, 2, 3, 4]
    assert [is_exact(citation, TEXTS) for citation in citations] == [True, True, False, False]
    assert citations[1].quote.span.within(HARBOUR) == SOURCES[0]


def test_text_with_marks_becomes_a_scored_answer() -> None:
    given = to_answer("When?", "It opened in 1871 [1].", SOURCES, (), TIMES, TEXTS)
    assert (given.outcome, given.claims[0].text, given.text) == (
        Outcome.ANSWERED,
        "It opened in 1871.",
        "It opened in 1871. [1] (not proved by the sources)",  # its citations were not checked
    )
    unmarked = to_answer("When?", "In 1871.", SOURCES, (), TIMES, TEXTS)
    assert (unmarked.outcome, unmarked.citations) == (Outcome.UNVERIFIED, ())
    refused = to_answer("When?", "The sources do not say [1].", SOURCES, (), TIMES, TEXTS)
    assert (refused.outcome, refused.claims, refused.citations) == (Outcome.NOT_FOUND, (), ())


def report_on(refuser: bool = False) -> Report:
    system = always_refuses if refuser else perfect
    return evaluate(EXAMPLES, system, TEXTS)


def test_tables_are_made_anew_between_their_markers() -> None:
    page = "# Page\n\n<!-- compare -->\nold\n<!-- /compare -->\n\nwords\n\n<!-- ours -->\n<!-- /ours -->\n"
    reports = {"qa": report_on(), "other": report_on(refuser=True)}
    made = compare_tables.rewritten(page, compare_tables.generated(reports))
    assert "old" not in made
    assert "| right, with evidence | 100.0 % (3) | 0.0 % (3) |" in made
    assert made.startswith("# Page\n\n<!-- compare -->\n| measure | qa | other |\n")
    assert "4 questions: 3 answered" in made
    assert compare_tables.rewritten(made, compare_tables.generated(reports)) == made


def test_results_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    assert compare_tables.load_reports(tmp_path) == {}
    (tmp_path / "qa.json").write_text(json.dumps(to_json(report_on())))
    assert compare_tables.load_reports(tmp_path) == {"qa": report_on()}


def test_the_page_holds_the_results() -> None:
    page = compare_tables.PAGE.read_text(encoding="utf-8")
    parts = compare_tables.generated(compare_tables.load_reports(compare_tables.RESULTS))
    assert all(f"<!-- {name} -->\n" in page and f"<!-- /{name} -->" in page for name in parts)
    assert compare_tables.rewritten(page, parts) == page, "run `make docs`"


FIGURES = {
    "alone": {"sources": (10.0, 20.0), "short answer": (50.0, 60.0), "whole answer": (100.0, 200.0)},
    "busy process": {"sources": (15.0, 40.0), "short answer": (500.0, 600.0), "whole answer": (1000.0, 2000.0)},
}


def test_latencies_stand_beside_their_ratios() -> None:
    assert latency.to_markdown(FIGURES).splitlines() == [
        "| stage | alone: p50 / p95 | busy process: p50 / p95 | busy process: ratio |",
        "|---|---:|---:|---:|",
        "| sources | 10 / 20 ms | 15 / 40 ms | 1.5 |",
        "| short answer | 50 / 60 ms | 500 / 600 ms | 10.0 |",
        "| whole answer | 100 / 200 ms | 1000 / 2000 ms | 10.0 |",
    ]


def test_a_stall_is_named_and_the_language_model_is_not_guarded() -> None:
    assert latency.stalled(FIGURES, 5) == ["short answer, busy process: 10.0 times as long"]
    assert latency.stalled(FIGURES, 20) == []


def test_every_stage_is_measured_over_the_answers_that_reached_it() -> None:
    class Scripted:
        def converse(self, question: str, earlier: Sequence[str]) -> Answer:
            return answer(question, None if question.endswith("burn down?") else "1871", milliseconds=40.0)

    assert latency.measure(Scripted(), EXAMPLES) == {
        "sources": (1.0, 1.0),
        "short answer": (2.0, 2.0),
        "first sentence": (3.0, 3.0),
        "whole answer": (40.0, 40.0),
    }


def test_the_neighbour_writes_until_it_is_told_to_stop() -> None:
    model = ScriptedLanguageModel(["Once ", "upon"])
    with latency.model_writing(model):
        while not model.taken:
            pass
    assert model.asked[0] == latency.LONG_STORY
    assert all(isinstance(message, Message) for message in model.asked[0])
    assert model.closed


def test_the_busy_process_ends_with_its_block() -> None:
    with latency.busy_process() as process:
        assert process.poll() is None
        assert process.args == [sys.executable, "-c", latency.BUSY]
    assert process.poll() is not None
