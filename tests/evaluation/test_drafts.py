from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.drafts import draft_questions
from qa.evaluation.evidence import locate_evidence
from qa.evaluation.questions import read_questions
from qa.evaluation.sets import write_questions
from qa.types import Document, Example
from tests.builders import document
from tests.evaluation.systems import HARBOUR, MILL

TEXT = (
    "---\ntitle: Harbour\ndate: 2017-11-30\n---\n\n"
    "Ilse Brandt kept the grey book  of every ship in the harbour. The gate was closed on 5 May 1902 after the flood. "
    '"The harbour needs a lamp that burns," Ilse Brandt said. "Nobody has ever paid for oil here," she added. '
    "The storm took 1,200 tons of rye. It lasted from Monday to 5 May. Ilse Brandt, a pilot, left."
)


def drafts(text: str, most: int = 10) -> list[Example]:
    return list(draft_questions([document(text)], most))


def test_statements_persons_dates_and_numbers_are_asked_for() -> None:
    asked = {(each.kind, each.question): each.answers for each in drafts(TEXT)}
    assert asked == {
        ("speaker", "Who said “The harbour needs a lamp that burns”?"): ("Ilse Brandt",),
        ("speaker", "Who said “Nobody has ever paid for oil here”?"): ("Ilse Brandt",),
        ("said", "What did Ilse Brandt say?"): (
            "The harbour needs a lamp that burns",
            "Nobody has ever paid for oil here",
        ),
        ("who", "Who kept the grey book of every ship in the harbour?"): ("Ilse Brandt",),
        ("when", "What belongs in the gap: “The gate was closed on _____ after the flood.”"): ("5 May 1902",),
        ("how_many", "What belongs in the gap: “The storm took _____ tons of rye.”"): ("1,200",),
    }


def test_evidence_is_the_sentence_as_it_stands() -> None:
    (who,) = (each for each in drafts(TEXT) if each.kind == "who")
    assert who.evidence == ("Ilse Brandt kept the grey book  of every ship in the harbour.",)


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("The old bridge was opened in 1871 by the mayor.", "1871"),
        ("The old bridge was opened on May 5, 1871, by the mayor.", "May 5, 1871"),
        ("The old bridge was opened on a Friday by the mayor.", "Friday"),
        ("The old bridge has cost $3.5 million to mend.", "$3.5 million"),
        ("The old bridge carries 40% of the lorries.", "40%"),
        ("The old bridge is called A4-12 on all maps.", None),
        ("Between Monday and Friday the old bridge was closed.", None),
    ],
)
def test_a_gap_is_made_where_one_date_or_number_stands(sentence: str, answer: str | None) -> None:
    found = [each.answers[0] for each in drafts(sentence)]
    assert found == ([answer] if answer else [])


def test_at_most_so_many_of_a_kind_are_taken_from_all_of_the_document() -> None:
    text = " ".join(f"The lamp of pier {number} was lit again." for number in range(100, 200))
    assert [each.answers for each in drafts(text, 4)] == [("100",), ("125",), ("150",), ("175",)]


def test_ids_run_on_through_all_documents() -> None:
    found = draft_questions([document(HARBOUR, identity="a"), document(MILL, identity="b")], 10)
    assert [each.id for each in found] == [f"draft-{number:04}" for number in range(1, len(found) + 1)]
    assert len(found) > 2


def test_drafts_are_a_question_file_whose_evidence_is_found(tmp_path: Path) -> None:
    found = draft_questions([document(TEXT)], 10)
    write_questions(tmp_path / "drafts.jsonl", found)
    assert read_questions(tmp_path / "drafts.jsonl") == found
    places = locate_evidence(found, {"d1": TEXT}, allow_missing=False)
    assert all(len(places[each.id]) == len(each.evidence) for each in found)


@given(st.text(alphabet=st.sampled_from(list('abIlse Brandt said \n."“”,1902May-—?')), max_size=200))
def test_any_text_gives_drafts_with_verbatim_evidence(text: str) -> None:
    for each in draft_questions([Document("d", "t", ("t",), text)], 3):
        assert each.evidence
        assert all(evidence in text for evidence in each.evidence)
        assert all(answer.strip() for answer in each.answers)
