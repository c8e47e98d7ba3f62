import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import InputError
from qa.types import Span
from qa.verify import SCHEMA, SIMILAR, State, all_stand, verify

TEXT = (
    "The lighthouse at Tarn was built in 1871. Nobody lives there now.\n\n"
    "“We painted it twice a year,” said Abel Winters. Nobody lives there now. The lamp is electric."
)


def saved(text: str, *spans: tuple[int, int], document_id: str = "doc") -> dict[str, Any]:
    citations = [
        {
            "number": number,
            "document_id": document_id,
            "title": "A title",
            "source": "seeds/tarn.txt",
            "page": None,
            "start": start,
            "end": end,
            "quote": text[start:end],
            "prefix": text[max(0, start - 32) : start],
            "suffix": text[end : end + 32],
        }
        for number, (start, end) in enumerate(spans, start=1)
    ]
    return {"schema": SCHEMA, "question": "?", "citations": citations}


def place(words: str, after: int = 0) -> tuple[int, int]:
    start = TEXT.index(words, after)
    return start, start + len(words)


LAMP = place("The lamp is electric.")
PAINTED = place("We painted it twice a year")


def test_untouched_document_verifies_every_quote() -> None:
    verdicts = verify(saved(TEXT, LAMP, PAINTED), {"doc": TEXT})
    assert [verdict.state for verdict in verdicts] == [State.VERIFIED, State.VERIFIED]
    assert [verdict.number for verdict in verdicts] == [1, 2]
    assert verdicts[0].text == "The lamp is electric."
    assert all_stand(verdicts)


def test_words_put_in_before_a_quote_move_it_by_their_length() -> None:
    (verdict,) = verify(saved(TEXT, LAMP), {"doc": "Updated today. " + TEXT})
    assert (verdict.state, verdict.found, verdict.similarity) == (State.MOVED, Span(LAMP[0] + 15, LAMP[1] + 15), 1.0)
    assert all_stand([verdict])


def test_an_edited_quote_is_changed_with_its_nearest_text_and_similarity() -> None:
    edited = TEXT.replace("twice a year", "once a year")
    (verdict,) = verify(saved(TEXT, PAINTED), {"doc": edited})
    assert verdict.state is State.CHANGED
    assert verdict.text == "We painted it once a year"
    assert verdict.found == Span(PAINTED[0], PAINTED[1] - 1)
    assert SIMILAR < verdict.similarity < 1
    assert not all_stand([verdict])


def test_a_deleted_quote_is_missing() -> None:
    (verdict,) = verify(saved(TEXT, PAINTED), {"doc": TEXT.replace("“We painted it twice a year,” said", "So did")})
    assert (verdict.state, verdict.found, verdict.text, verdict.similarity) == (State.MISSING, None, "", 0.0)
    assert not all_stand([verdict])


@pytest.mark.parametrize(
    ("old", "new", "there"),
    [
        ("painted it twice", "painted\n  it twice", "We painted\n  it twice a year"),
        ("it twice a year", "it  twice a year", "We painted it  twice a year"),
    ],
)
def test_other_white_space_is_a_change_of_similarity_one(old: str, new: str, there: str) -> None:
    (verdict,) = verify(saved(TEXT, PAINTED), {"doc": TEXT.replace(old, new)})
    assert (verdict.state, verdict.text, verdict.similarity) == (State.CHANGED, there, 1.0)


def test_other_quotation_marks_are_a_change_of_similarity_one() -> None:
    span = place("“We painted it twice a year,” said Abel")
    edited = TEXT.replace("“", '"').replace("”", '"')
    (verdict,) = verify(saved(TEXT, span), {"doc": edited})
    assert (verdict.state, verdict.found, verdict.similarity) == (State.CHANGED, Span(*span), 1.0)


def test_a_repeated_quote_moves_to_the_occurrence_with_the_same_surroundings() -> None:
    first, second = place("Nobody lives there now."), place("Nobody lives there now.", 60)
    added = "A note by the editor. "
    verdicts = verify(saved(TEXT, first, second), {"doc": added + TEXT})
    assert [verdict.found for verdict in verdicts] == [
        Span(first[0] + len(added), first[1] + len(added)),
        Span(second[0] + len(added), second[1] + len(added)),
    ]


def test_an_edit_after_the_quote_leaves_it_verified() -> None:
    (verdict,) = verify(saved(TEXT, PAINTED), {"doc": TEXT + " More to follow."})
    assert verdict.state is State.VERIFIED


def test_a_document_that_is_gone_is_missing_and_a_source_stands_in_for_a_new_id() -> None:
    answer = saved(TEXT, LAMP, document_id="old-hash")
    assert verify(answer, {})[0].state is State.MISSING
    assert verify(answer, {"seeds/tarn.txt": TEXT})[0].state is State.VERIFIED


def test_against_one_text_ignores_ids() -> None:
    assert verify(saved(TEXT, LAMP, document_id="other"), {}, against=TEXT)[0].state is State.VERIFIED
    assert verify(saved(TEXT, LAMP), {"doc": TEXT}, against="")[0].state is State.MISSING


def test_a_short_quote_is_there_or_missing_never_changed() -> None:
    assert verify(saved(TEXT, place("1871")), {"doc": TEXT.replace("1871", "1872")})[0].state is State.MISSING


def test_an_answer_without_citations_has_nothing_that_could_fall() -> None:
    assert verify({"schema": SCHEMA, "citations": []}, {}) == ()
    assert all_stand(())


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({}, "not a saved answer: its schema is not 'qa.answer/1'"),
        ({"schema": SCHEMA}, "no list of citations"),
        ({"schema": SCHEMA, "citations": ["x"]}, "citation 1 is no object"),
        ({"schema": SCHEMA, "citations": [{"start": "0"}]}, "citation 1: 'start' is '0', not a whole number"),
        ({"schema": SCHEMA, "citations": [{"start": 0, "end": 2}]}, "citation 1: 'quote' is None, not a text"),
        (
            {"schema": SCHEMA, "citations": [{"start": 0, "end": 2, "quote": "abc"}]},
            re.escape("offsets 0..2 do not fit its quote of 3 characters"),
        ),
    ],
)
def test_malformed_answers_say_what_is_wrong_and_what_mends_it(answer: Mapping[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message) as raised:
        verify(answer, {})
    assert raised.value.hint == "give an answer that was saved by `qa ask --json`"


VOCABULARY = ["the", "lamp", "of", "Tarn", "is", "red", "and", "two", "boats", "‘came’", "home.\n"]
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1).map(" ".join)


@st.composite
def cited(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(WORDS)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(cited())
def test_any_quote_of_an_untouched_text_is_verified(quoted: tuple[str, int, int]) -> None:
    text, start, end = quoted
    (verdict,) = verify(json.loads(json.dumps(saved(text, (start, end)))), {"doc": text})
    assert (verdict.state, verdict.found, verdict.text) == (State.VERIFIED, Span(start, end), text[start:end])


@given(cited(), st.integers(1, 50))
def test_any_quote_moves_by_exactly_what_is_put_before_it(quoted: tuple[str, int, int], shift: int) -> None:
    text, start, end = quoted
    unique = f"<{text[start:end]}>"
    whole = text[:start] + unique + text[end:]
    (verdict,) = verify(saved(whole, (start, start + len(unique))), {"doc": "#" * shift + whole})
    assert (verdict.state, verdict.found) == (State.MOVED, Span(start + shift, start + shift + len(unique)))


@given(cited(), st.text())
def test_every_verdict_shows_the_words_that_stand_at_its_place(quoted: tuple[str, int, int], other: str) -> None:
    text, start, end = quoted
    (verdict,) = verify(saved(text, (start, end)), {"doc": other})
    assert 0.0 <= verdict.similarity <= 1.0
    assert verdict.text == (verdict.found.within(other) if verdict.found else "")
    assert verdict.stands == (text[start:end] == verdict.text)
