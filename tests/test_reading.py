"""Spans out of logits, natural ends, and the stop-gap."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.models import Calibration, TokenScores
from qa.reading import SentenceReader, SpanReader, evidence_sentences, merged, natural_ends
from qa.types import Span
from tests import builders
from tests.fakes import WordEmbedder

TEXT = "Anna Lind spoke on Sunday. Peter Ruiz listened."


class WordScores:
    """Weights that score whole words: +5 for those of `answer`, -5 for the others; null at 0."""

    name = "fake-weights"
    threshold = 0.5
    max_answer_tokens = 4
    calibration = Calibration(scale=0.5, bias=-0.25)

    def __init__(self, answer: str, answerable: float = 0.0) -> None:
        self.answer = answer.split()
        self.answerable = answerable

    def score(self, question: str, texts: Sequence[str]) -> list[TokenScores]:
        return [self._score(text) for text in texts]

    def _score(self, text: str) -> TokenScores:
        words, offsets, at = text.split(), [], 0
        for word in words:
            at = text.index(word, at)
            offsets.append((at, at + len(word)))
            at += len(word)
        start = [5.0 if word == self.answer[0] else -5.0 for word in words]
        end = [5.0 if word == self.answer[-1] else -5.0 for word in words]
        return TokenScores(
            np.array(start, dtype=np.float32),
            np.array(end, dtype=np.float32),
            np.array(offsets, dtype=np.int64).reshape(-1, 2),
            0.0,
            0.0,
            self.answerable,
            self.answerable,
        )


def test_no_answer_reaches_from_one_paragraph_into_the_next() -> None:
    document = builders.document("The talks of Anna\n\nRuiz listened. Then Anna met Ruiz there.")
    found = SpanReader(WordScores("Anna Ruiz")).read("Who listened?", [builders.passage(document)]).findings
    assert [each.text for each in found if "Anna" in each.text and "Ruiz" in each.text] == ["Anna met Ruiz"]


def test_the_best_span_is_found_with_its_sentence_and_probability() -> None:
    document = builders.document(TEXT)
    here = builders.passage(document, start=5)
    reading = SpanReader(WordScores("Peter Ruiz", answerable=-1.0)).read("Who listened?", [here])
    best = reading.findings[0]
    assert best.text == "Peter Ruiz"
    assert best.span.within(TEXT) == "Peter Ruiz"
    assert [span.within(TEXT) for span in best.evidence] == ["Peter Ruiz listened."]
    assert best.probability == pytest.approx(1 / (1 + np.exp(-(0.5 * (10 - 1) - 0.25))))
    assert reading.null_scores == pytest.approx((1 - best.probability,))


def test_an_answer_is_never_longer_than_the_weights_allow() -> None:
    document = builders.document("one two three four five six seven")
    reading = SpanReader(WordScores("one seven")).read("What?", [builders.passage(document)])
    assert max(len(finding.text.split()) for finding in reading.findings) <= WordScores.max_answer_tokens


def test_no_passages_no_findings() -> None:
    assert SpanReader(WordScores("x")).read("What?", []).findings == ()
    assert SentenceReader(WordEmbedder()).read("What?", []).null_scores == ()


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("He said “Rex is here.” Then", "“Rex is here", "Rex is here"),
        ("He said “Rex is here.” Then", "“Rex is here.”", "“Rex is here.”"),
        ("by Anna Lind, mayor", "Anna Lind,", "Anna Lind"),
        ("by Anna Lind, mayor", "nna Lin", "Anna Lind"),
        ("on Sunday. Then", "Sunday.", "Sunday"),
        ("in the U.S. today", "the U.S.", "the U.S."),
        ("(two days) later", "(two days", "two days"),
        ("his '24 hours' end", "'24 hours", "24 hours"),
        ("well, ... no", "...", None),
        ("# Lind and Ruiz sign", "# Lind and Ruiz", "Lind and Ruiz"),
        ("the **old bridge** fell", "**old bridge**", "old bridge"),
        ("the **old bridge** fell", "the **old bridge", "old bridge"),
        ("**A kill leaves a prefix**, whole documents", "a prefix**, whole", "a prefix"),
        ("kept in `indexes/` here", "indexes/`", "indexes/"),
        ("run `qa index` and `qa ask`", "`qa index` and `qa ask`", "`qa index` and `qa ask`"),
        ("| Milvus | 3.2 |", "| 3.2 |", "3.2"),
    ],
)
def test_natural_ends(text: str, part: str, expected: str | None) -> None:
    span = natural_ends(text, builders.place(text, part))
    assert (span.within(text) if span else None) == expected


@given(st.text(min_size=1, max_size=60), st.data())
def test_natural_ends_stay_in_the_text_and_touch_the_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    given_span = Span(start, data.draw(st.integers(start + 1, len(text))))
    span = natural_ends(text, given_span)
    assert span is None or (span.end <= len(text) and span.overlaps(given_span))


def test_the_same_words_are_one_finding_with_all_their_evidence() -> None:
    document = builders.document("Anna Lind spoke. Later Anna Lind left.")
    low = builders.finding(document, "Anna Lind", "Later Anna Lind left.", probability=0.4)
    high = builders.finding(document, "Anna Lind", "Anna Lind spoke.", probability=0.8)
    (one,) = merged([low, high])
    assert one.probability == 0.8
    assert [span.within(document.text) for span in one.evidence] == ["Anna Lind spoke.", "Later Anna Lind left."]


def test_evidence_of_a_span_across_two_sentences_is_both() -> None:
    document = builders.document(TEXT)
    (span,) = evidence_sentences(builders.passage(document), builders.place(TEXT, "Sunday. Peter"))
    assert span.within(TEXT) == TEXT


def test_the_stop_gap_prefers_the_sentence_with_the_words_of_the_question() -> None:
    document = builders.document(TEXT)
    reading = SentenceReader(WordEmbedder()).read("On what day did Anna Lind speak?", [builders.passage(document)])
    assert reading.findings[0].text == "Anna Lind spoke on Sunday."
    assert 0 < reading.findings[0].probability <= 1
    assert reading.null_scores == pytest.approx((1 - reading.findings[0].probability,))
