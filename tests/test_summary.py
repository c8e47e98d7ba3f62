"""Requests for a summary. Everyone and everything here is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.passages import split
from qa.summary import asks_for_summary, asks_of_several, central
from tests import builders
from tests.fakes import WordEmbedder

TEXT = """# The bridge of Kilmore

The old bridge of Kilmore closes to lorries on Monday. The council voted for it by nine to four. It hums when
lorries cross the old bridge, engineers told the council. The dairy loses eleven minutes a trip to the old bridge.
Nobody has seen the heron this spring. The old bridge closes to lorries because its piers have cracks."""


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("What is this article about?", False),
        ("what's it about", False),
        ("What are these documents about?", True),
        ("Please summarise the report for me", False),
        ("Can you give me a short summary of the text?", False),
        ("What are the main points?", False),
        ("TL;DR", False),
        ("What is the article about the cannery about?", False),
        ("Summarize all my documents.", True),
    ],
)
def test_asks_for_a_summary(question: str, several: bool) -> None:
    assert asks_for_summary(question)
    assert asks_of_several(question) is several


@pytest.mark.parametrize(
    "question",
    ["What is the bridge about to do?", "Who wrote the summary?", "What did the report say about Lind?", "About what?"],
)
def test_asks_for_something_else(question: str) -> None:
    assert not asks_for_summary(question)


def test_central_sentences_stand_in_their_order_and_are_unlike_each_other() -> None:
    document = builders.document(TEXT)
    found = [span.within(TEXT) for span in central(split(document), WordEmbedder(), 3)]
    assert found == [
        "The old bridge of Kilmore closes to lorries on Monday.",
        "The council voted for it by nine to four.",
        "The dairy loses eleven minutes a trip to the old bridge.",
    ]
    assert len(central(split(document), WordEmbedder(), 20)) == 6


def test_a_text_without_sentences_has_none() -> None:
    assert central(split(builders.document("# A heading\n\n- one\n- two")), WordEmbedder()) == ()


@given(st.text(max_size=300), st.integers(1, 5))
def test_every_sentence_is_verbatim_and_counted(text: str, count: int) -> None:
    document = builders.document(text or "x")
    found = central(split(document), WordEmbedder(), count)
    assert len(found) <= count
    assert [span.start for span in found] == sorted({span.start for span in found})
