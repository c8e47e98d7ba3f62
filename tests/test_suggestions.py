from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from qa.suggestions import DOCUMENTS, follow_ups, opening_questions
from qa.types import Answer, Document, Outcome, Turn
from tests.surface_fakes import ANSWERED, NOT_FOUND, citation_of

TEXT = """Ada Brook, the mayor of the town, opened the bridge. "The bridge belongs to all of us," Brook said.

Tom Reed, an engineer, stayed away. "It will not stand another winter," said Tom Reed. Reed has left the town.

Ned Hale, a fisherman, was seen at the river.
"""
DOCUMENT = Document("d", "The bridge", ("bridge.md",), TEXT)
SENTENCES = [each.strip() for each in TEXT.replace("\n", " ").split(". ")]


def asks(document: Document, refused: str = "") -> Callable[[str], Answer]:
    """Answers with every sentence that holds the last name asked for; refuses what is about `refused`."""

    def ask(question: str) -> Answer:
        name = question.rstrip("?").removesuffix(" say").split()[-1]
        proof = [each for each in SENTENCES if name in each and each in document.text]
        if not proof or name == refused:
            return replace(NOT_FOUND, question=question, standalone_question=question)
        citations = tuple(citation_of(each, number, document) for number, each in enumerate(proof, 1))
        return replace(ANSWERED, question=question, standalone_question=question, short=None, citations=citations)

    return ask


def test_people_and_what_they_say_is_asked_for_in_turn() -> None:
    assert opening_questions([DOCUMENT], asks(DOCUMENT), seconds=60) == (
        "What did Ada Brook say?",
        "What did Tom Reed say?",
        "Who is Ned Hale?",
    )


def test_what_the_sources_do_not_prove_is_not_suggested() -> None:
    assert opening_questions([DOCUMENT], asks(DOCUMENT, "Reed"), seconds=60) == (
        "What did Ada Brook say?",
        "Who is Ned Hale?",
    )
    assert opening_questions([DOCUMENT], lambda _: replace(NOT_FOUND), seconds=60) == ()
    other = citation_of("has left the town.", 1, DOCUMENT)
    elsewhere = replace(ANSWERED, citations=(other,))  # an answer, but of somebody else
    assert opening_questions([DOCUMENT], lambda _: elsewhere, seconds=60) == ()


def test_only_the_first_documents_are_read_and_only_for_a_while() -> None:
    read: list[str] = []

    def documents() -> Iterator[Document]:
        for number in range(1000):
            read.append(str(number))
            yield replace(DOCUMENT, id=str(number), text="Nothing is said here.\n")

    assert opening_questions(documents(), asks(DOCUMENT)) == ()
    assert len(read) == DOCUMENTS
    assert opening_questions([DOCUMENT], asks(DOCUMENT), seconds=-1) == ()


@pytest.mark.parametrize(
    ("count", "expected"), [(1, ("What did Tom Reed say?",)), (3, ("What did Tom Reed say?", "Who is Ned Hale?"))]
)
def test_a_follow_up_is_about_somebody_else_near_the_quote(count: int, expected: tuple[str, ...]) -> None:
    first = asks(DOCUMENT)("What did Ada Brook say?")
    history = [Turn(first.question, replace(first, outcome=Outcome.ANSWERED))]
    assert follow_ups(history, lambda _: DOCUMENT, asks(DOCUMENT), count, seconds=60) == expected
    again = [*history, Turn("what did tom reed say?", NOT_FOUND), history[0]]
    assert follow_ups(again, lambda _: DOCUMENT, asks(DOCUMENT), count, seconds=60)[0] == "Who is Tom Reed?"
