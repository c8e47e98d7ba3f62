"""Misspelt questions. Everyone here is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.spelling import mended

TEXTS = [
    "The mayor of Kilmore, Anna Tillerson, closed the harbour on Thursday.",
    "Gunnar Lindgreen announced a strike.",
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wich day did tilerson close the harbour", "which day did tillerson close the harbour"),
        ("Wich harbor was closed?", "Which harbor was closed?"),
        ("what did lindgren anounce", "what did lindgreen announce"),
        ("Who is Gunnar Lindgren?", "Who is Gunnar Lindgreen?"),
        ("On wich day?", "On which day?"),
        ("was it allready closed", "was it already closed"),
        ("did tilersno close it", "did tillerson close it"),
    ],
)
def test_a_misspelt_word_is_mended(typed: str, meant: str) -> None:
    assert mended(typed, TEXTS) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Which day did Tillerson close the harbour?",
        "Who spoke for Iceland?",
        "Who is Anna Tillers?",
        "Is Lund there?",
        "Lund is who?",
        "who criticised the colour",
        "Who wrote to a.tilerson@example.org about GDPR and tilerson's e-mail?",
        "Was schloss Öland?",
        "who called for trikes",
    ],
)
def test_other_words_stay_as_they_are(question: str) -> None:
    assert mended(question, TEXTS) == question


@given(st.text(max_size=60))
def test_what_is_spelt_as_in_the_passages_stays(text: str) -> None:
    assert mended(text, [text]) == text


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=3))
def test_only_letters_change(question: str, texts: list[str]) -> None:
    assert [each for each in mended(question, texts) if not each.isalpha()] == [
        each for each in question if not each.isalpha()
    ]
