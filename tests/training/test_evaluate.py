"""Figures against values worked out by hand."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.types import Finding, Passage, Reading, Span
from tests.fakes import ScriptedLanguageModel
from training.evaluate import Figures, prompted, read, score, write
from training.questions import Question, paragraphs

QUESTIONS = [
    Question("1", "t", "q", "p", ("old bridge", "bridge")),
    Question("2", "t", "q", "p", ("anna lind",)),
    Question("3", "t", "q", "p", ()),
    Question("4", "t", "q", "p", ()),
]


def test_the_figures_of_four_questions() -> None:
    found = [("the Bridge.", 0.9), ("Anna", 0.3), ("river", 0.6), ("mill", 0.1)]
    assert score(QUESTIONS, found, threshold=0.5, calibrated=True) == Figures(
        questions=4,
        f1=round((1 + 2 / 3) / 2, 4),
        em=0.5,
        hit=0.5,
        kept_f1=0.5,  # the bridge and the mill, which is held back; not Anna, held back too, nor the river
        kept_em=0.5,
        answered=0.5,
        refused=0.5,
        auroc=0.75,
        right_auroc=0.75,
        calibration_error=round((0.1 + 0.7 + 0.6 + 0.1) / 4, 4),
    )


def test_a_set_without_unanswerable_questions_cannot_rank_them() -> None:
    figures = score(QUESTIONS[:1], [("old stone bridge", 2.0)], threshold=0.5, calibrated=False)
    assert (figures.f1, figures.em, figures.hit) == (0.8, 0.0, 1.0)
    assert (figures.auroc, figures.refused, figures.calibration_error) == (None, None, None)


def test_the_best_finding_is_read() -> None:
    class Two:
        name, threshold, calibrated = "two", 0.5, True

        def read(self, question: str, passages: Sequence[Passage]) -> Reading:
            found = [Finding(each, Span(0, 4), each.text, 0.8, (Span(0, 4),)) for each in passages]
            return Reading(tuple(found), tuple(0.2 for _ in passages))

    assert read(Two(), "q", [QUESTIONS[0].given]) == ("p", 0.8)
    assert read(Two(), "q", []) == ("", 0.0)


@pytest.mark.parametrize(
    ("said", "found"),
    [(" Anna Lind ", ("Anna Lind", 1.0)), ("That is Not in the text.", ("", 0.0))],
)
def test_a_language_model_may_say_that_the_text_does_not(said: str, found: tuple[str, float]) -> None:
    assert prompted(ScriptedLanguageModel(said), "Who?", "Some text.") == found


def test_each_paragraph_is_one_document() -> None:
    documents = paragraphs([*QUESTIONS, Question("5", "u", "q", "another", ())])
    assert [(document.title, document.text) for document in documents] == [("t", "p"), ("u", "another")]
    assert len({document.id for document in documents}) == 2


def test_the_page_gets_a_table_a_set(tmp_path: Path) -> None:
    page, out = tmp_path / "reader.md", tmp_path / "reader.json"
    page.write_text("Before.\n<!-- figures -->\nold\n<!-- /figures -->\nAfter.\n", encoding="utf-8")
    write(out, page, {"A set": {"reader": Figures(questions=2, f1=0.5, em=None, hit=1.0)}})
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[:4] == ["Before.", "<!-- figures -->", "## A set", ""]
    assert lines[6].startswith("| reader | 2 | 0.5 | – | 1.0 |")
    assert lines[-2:] == ["<!-- /figures -->", "After."]
    assert json.loads(out.read_text(encoding="utf-8"))["A set"]["reader"]["f1"] == 0.5
