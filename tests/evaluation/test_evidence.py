import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import BadQuestionFile
from qa.evaluation.evidence import Place, find_places, locate_evidence
from qa.types import Example, Span
from tests.evaluation.systems import HARBOUR, TEXTS


def test_exact_words_are_found_with_their_offsets() -> None:
    (place,) = find_places("the flood of 1902", TEXTS)
    assert (place.document_id, place.span.within(HARBOUR)) == ("harbour", "the flood of 1902")


def test_every_place_is_found() -> None:
    assert find_places("rye", {"a": "rye, rye", "b": "rye"}) == (
        Place("a", Span(0, 3)),
        Place("a", Span(5, 8)),
        Place("b", Span(0, 3)),
    )


@pytest.mark.parametrize(
    "words",
    [
        'the "grey book", in which every ship',
        "the «grey book», in  which every ship",
        "the “grey book”, in which\nevery ship",
    ],
)
def test_quotation_marks_and_white_space_are_taken_loosely(words: str) -> None:
    (place,) = find_places(words, TEXTS)
    assert place.span.within(HARBOUR) == "the “grey book”, in which\nevery ship"


def test_exact_words_go_before_loose_ones() -> None:
    assert find_places("a 'b'", {"loose": "a ‘b’", "exact": "a 'b'"}) == (Place("exact", Span(0, 5)),)


def test_patterns_are_plain_text() -> None:
    assert find_places("1.5 (net)", {"d": "145 net, 1.5 (net)"}) == (Place("d", Span(9, 18)),)
    assert find_places("[a-z]+", {"d": "abc"}) == ()


def test_case_and_words_are_not_taken_loosely() -> None:
    assert find_places("THE FLOOD", TEXTS) == ()
    assert find_places("the great flood", TEXTS) == ()


@given(st.text(min_size=1, max_size=60).filter(str.strip), st.data())
def test_any_part_of_a_document_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    words = text[start : data.draw(st.integers(start + 1, len(text)))]
    if words.strip():
        found = find_places(words, {"d": text})
        assert any(place.span.start <= start + len(words) and place.span.end >= start for place in found)
        assert all(place.span.within(text) == words.strip() for place in found)


def test_missing_evidence_names_the_question() -> None:
    example = Example("q7", "Who?", evidence=("The mill at Osk", "The mill at Usk " * 9))
    with pytest.raises(BadQuestionFile, match=r"question 'q7': .* none of 2 documents: 'The mill at Usk .*\.\.\.'"):
        locate_evidence([example], TEXTS)


def test_missing_evidence_is_left_out_when_allowed() -> None:
    example = Example("q7", "Who?", evidence=("The mill at Osk", "The mill at Usk"))
    assert locate_evidence([example], TEXTS, allow_missing=True) == {"q7": ((Place("mill", Span(0, 15)),),)}
