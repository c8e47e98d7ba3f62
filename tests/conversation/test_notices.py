"""Small talk, and questions that are none."""

import pytest

from qa.conversation import ABOUT, CANNOT_READ, GREETING, THANKS, checked, notice
from qa.errors import BadQuestion


@pytest.mark.parametrize("question", ["", "   ", "?!", "\n\t"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(BadQuestion, match="the question is empty"):
        checked(question)


def test_an_over_long_question_is_refused_with_its_length() -> None:
    with pytest.raises(BadQuestion, match="100,000 characters, more than 2,000"):
        checked("w" * 100_000)


def test_a_question_loses_only_the_white_space_around_it() -> None:
    assert checked("  Who?\n") == "Who?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hello!", GREETING),
        ("Hi there", GREETING),
        ("thanks", THANKS),
        ("What can you do?", ABOUT),
        ("who are you?", ABOUT),
        ("Wer hat das gesagt?", CANNOT_READ),
        ("Qui a dit que la mairie devrait fermer ?", CANNOT_READ),
        ("谁说德国应该断绝关系？", CANNOT_READ),
        ("Who said hello?", ""),
        ("Tillerson?", ""),
        ("what can you do about the roof?", ""),
    ],
)
def test_notice(question: str, expected: str) -> None:
    assert notice(question) == expected
