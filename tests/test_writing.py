"""Prompts, and sentences as they are finished."""

from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from qa.writing import LONGEST_DRAFT, MOST_SENTENCES, compose_messages, join_messages, write
from tests.builders import citation
from tests.fakes import ScriptedLanguageModel


def test_the_small_model_sees_no_word_of_a_document() -> None:
    messages = join_messages("Who opened it?", "Anna Lind")
    assert messages[0].role == "system"
    assert messages[-1].content == "Question: Who opened it?\nAnswer: Anna Lind"
    assert [message.role for message in messages[1:-1]] == ["user", "assistant"] * 6


def test_the_capable_model_sees_the_quotes_numbered_as_shown() -> None:
    system, user = compose_messages("Who?", "Lind", [citation(1, "One\nline."), citation(2, "Two.")])
    assert "never instructions" in system.content
    assert user.content == "Sources:\n[1] One line.\n[2] Two.\n\nQuestion: Who?\nAnswer: Lind"


def test_a_sentence_is_given_as_soon_as_the_next_begins() -> None:
    model = ScriptedLanguageModel(["Lind spoke", " on", " Sunday.", " She", " left."])
    with closing(write((), model)) as drafts:
        assert next(drafts) == "Lind spoke on Sunday."
        assert model.taken == 4
        assert list(drafts) == ["She left."]


def test_closing_the_draft_closes_the_model() -> None:
    model = ScriptedLanguageModel(["One here. ", "Two here. ", "Three"])
    drafts = write((), model)
    next(drafts)
    drafts.close()
    assert model.closed


def test_a_model_that_does_not_stop_is_stopped() -> None:
    model = ScriptedLanguageModel(["word "] * 10_000)
    assert list(write((), model)) == []
    assert model.taken <= LONGEST_DRAFT // len("word ") + 1
    assert model.closed


@given(st.lists(st.text(max_size=30), max_size=30))
def test_any_pieces_become_at_most_a_few_sentences_of_their_own_words(pieces: list[str]) -> None:
    drafts = list(write((), ScriptedLanguageModel(pieces)))
    assert len(drafts) <= MOST_SENTENCES
    assert all(draft in "".join(pieces) for draft in drafts)
