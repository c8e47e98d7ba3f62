"""Who-said questions, and the statements that answer them."""

import pytest

from qa.attribution import THRESHOLD, asks_for_speaker, asks_for_words, speaker_findings, words_findings
from qa.statements import statements
from tests import builders
from tests.fakes import WordEmbedder

TEXT = (
    "Anna Lind, the mayor of Kilmore, spoke on Sunday. “The old bridge must close,” Lind said. "
    "“The new school is too small,” Peter Ruiz wrote."
)


@pytest.mark.parametrize(
    "question",
    [
        "Who said the bridge must close?",
        "who wrote that the school is small",
        "By whom was it said that the bridge must close?",
        "Whose words are these: the bridge must close?",
        "The bridge must close: whose words are these?",
        "Which mayor said that the bridge must close?",
        "Whose tweet called for closing the bridge?",
        "According to whom must the bridge close?",
    ],
)
def test_asks_for_the_speaker(question: str) -> None:
    assert asks_for_speaker(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is Anna Lind?",
        "What did Lind say?",
        "Who opened the bridge?",
        "When did Lind say that the bridge is old?",
        "On which day did Lind say that?",
    ],
)
def test_asks_for_something_else(question: str) -> None:
    assert not asks_for_speaker(question)


def test_a_secretary_of_state_states_nothing() -> None:
    assert not asks_for_words("What did she call the secretary of state?")
    assert asks_for_words("What did the minister state about the bridge?")


def test_the_speaker_is_found_by_what_was_said_and_named_in_full() -> None:
    document = builders.document(TEXT)
    found = speaker_findings(
        "Who said the bridge must close?", [builders.passage(document)], statements(document), WordEmbedder()
    )
    assert found[0].text == "Anna Lind"
    assert found[0].probability >= THRESHOLD
    assert "The old bridge must close" in found[0].evidence[0].within(TEXT)
    assert any(span.within(TEXT) == "Anna Lind" for span in found[0].evidence)
    assert found[1].text == "Peter Ruiz"
    assert found[1].probability < found[0].probability


def test_the_opposite_of_what_was_said_is_nobodys_statement() -> None:
    document = builders.document(TEXT)
    found = speaker_findings(
        "Who said the bridge must not close?", [builders.passage(document)], statements(document), WordEmbedder()
    )
    assert found[0].probability < THRESHOLD


@pytest.mark.parametrize(("question", "fits"), [("Who called Ruiz a fool?", True), ("Who called Novak a fool?", False)])
def test_what_someone_was_called_is_not_what_another_was_called(question: str, fits: bool) -> None:
    document = builders.document("Anna Lind called Peter Ruiz “a fool” in June. Jan Novak was there.")
    found = speaker_findings(question, [builders.passage(document)], statements(document), WordEmbedder())
    assert found[0].text == "Anna Lind"
    assert (found[0].probability >= THRESHOLD) is fits


def test_of_two_statements_that_fit_the_one_that_names_what_is_asked_about_comes_first() -> None:
    document = builders.document("“We must cut old ties now,” Anna Lind said. “Norway must cut ties,” Peter Ruiz said.")
    passages = [builders.passage(document)]
    found = speaker_findings("Which man said Norway must cut old ties?", passages, statements(document), WordEmbedder())
    assert [finding.text for finding in found] == ["Peter Ruiz", "Anna Lind"]
    assert found[1].probability > found[0].probability >= THRESHOLD


def test_a_written_statement_fits_a_question_about_writing_better() -> None:
    document = builders.document("“The school is small,” Anna Lind said. “The school is small,” Peter Ruiz wrote.")
    found = speaker_findings(
        "Whose tweet called the school small?", [builders.passage(document)], statements(document), WordEmbedder()
    )
    assert [finding.text for finding in found] == ["Peter Ruiz", "Anna Lind"]


def test_a_statement_outside_the_passages_does_not_count() -> None:
    document = builders.document(TEXT)
    first = builders.passage(document, 0, TEXT.index("“"))
    assert speaker_findings("Who said the bridge must close?", [first], statements(document), WordEmbedder()) == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Lind say?", "The old bridge must close"),
        ("What did Anna Lind say about the bridge?", "The old bridge must close"),
        ("What did Ruiz write about the new school?", "The new school is too small"),
        ("What did Ruiz say about the harvest?", None),
        ("What did Peter Novak say?", None),
        ("What is the school like?", None),
    ],
)
def test_what_someone_said(question: str, expected: str | None) -> None:
    document = builders.document(TEXT)
    found = words_findings(question, [builders.passage(document)], statements(document), WordEmbedder())
    assert next((finding.text for finding in found), None) == expected


def test_everything_that_someone_said_is_quoted_together() -> None:
    document = builders.document("“One is enough,” Anna Lind said. “Two are better,” Lind said. “Three,” she added.")
    (found,) = words_findings("What did Lind say?", [builders.passage(document)], statements(document), WordEmbedder())
    quoted = [span.within(document.text) for span in found.evidence]
    assert quoted[:2] == ["One is enough,", "Two are better,"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Lind deny?", "the bridge was unsafe"),
        ("What did Lind announce about the school?", "the school would move"),
        ("What did Lind say about the bridge?", "the bridge was unsafe"),
        ("What did Lind promise about the school?", None),
        ("What did Ruiz complain about?", "the bridge “hums” at night"),
    ],
)
def test_a_verb_that_tells_more_asks_for_what_was_told_with_it(question: str, expected: str | None) -> None:
    document = builders.document(
        "Anna Lind denied that the bridge was unsafe. Lind announced that the school would move. "
        "Peter Ruiz complained that the bridge “hums” at night."
    )
    found = words_findings(question, [builders.passage(document)], statements(document), WordEmbedder())
    assert next((finding.text for finding in found), None) == expected


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What did Hillary Clinton say?", "“I will fight,” Bill Clinton said. Hillary Clinton was away."),
        ("What did Anna Lind say?", "Anna Lind resigned. “I am glad,” said her brother, Peter Lind."),
        ("What did Lind's lawyer say?", "“I am innocent,” said Anna Lind."),
        ("What did critics of Anna Lind say?", "“I am innocent,” said Anna Lind."),
        ("What did the man who hit Lind say?", "“I am innocent,” said Anna Lind."),
        ("What did the health minister say?", "“It is safe,” the Ministry of Health said."),
    ],
)
def test_nobody_speaks_for_a_namesake_or_a_relation(question: str, text: str) -> None:
    document = builders.document(text)
    assert statements(document)
    assert words_findings(question, [builders.passage(document)], statements(document), WordEmbedder()) == ()


@pytest.mark.parametrize(
    "asked", ["Xi", "Xi Jinping", "xi jinping", "President Xi", "Xi, the president,", "the president, Xi Jinping,"]
)
def test_a_speaker_goes_by_either_name(asked: str) -> None:
    document = builders.document("“We shall see,” Xi Jinping said.")
    passage = builders.passage(document)
    (found,) = words_findings(f"What did {asked} say?", [passage], statements(document), WordEmbedder())
    assert found.text == "We shall see"
