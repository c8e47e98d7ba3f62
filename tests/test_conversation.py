"""Follow-ups, small talk, and questions that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import conversation
from qa.conversation import ABOUT, CANNOT_READ, GREETING, THANKS, checked, notice, standalone
from qa.errors import BadQuestion
from qa.types import Turn
from tests.builders import turn


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


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ([turn("Who is Anna Lind?", "the mayor")], "What did she open?", "What did Anna Lind open?"),
        ([turn("Who opened the bridge?", "Anna Lind")], "When was her speech?", "When was Anna Lind's speech?"),
        ([turn("Who called Lind a fool?", "Ruiz")], "Where does he live?", "Where does Ruiz live?"),
        ([turn("What did Lind open?", "the new bridge")], "Who built it?", "Who built the new bridge?"),
        ([turn("What does the Tiber Council want?")], "Whom did they ask?", "Whom did Tiber Council ask?"),
        (
            [turn("What did Lind open?", "the new bridge")],
            "And on which day?",
            "And on which day? (What did Lind open? the new bridge)",
        ),
        ([turn("What did Lind open?", "the new bridge")], "Why?", "Why? (What did Lind open? the new bridge)"),
        ([turn("Who is Anna Lind?", "the mayor")], "Who is Ruiz?", "Who is Ruiz?"),
        ([turn("Who is Anna Lind?", "the mayor")], "Is it true that Ruiz left?", "Is it true that Ruiz left?"),
        ([turn("Who is Anna Lind?", "the mayor"), turn("How tall?")], "Was she ill?", "Was Anna Lind ill?"),
    ],
)
def test_a_follow_up_stands_alone(history: list[Turn], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


@given(st.text(max_size=60))
def test_without_history_a_question_is_left_alone(question: str) -> None:
    assert standalone(question, []) == question


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_contexts_never_nest(earlier: str, question: str) -> None:
    first = turn("When did Lind say that? (Who is Lind? the mayor)", "Monday")
    resolved = standalone("And why?", [turn(earlier), first])
    assert resolved == "And why? (Who is Lind? the mayor Monday)"
    assert isinstance(conversation.standalone(question, [first]), str)
