"""Who-is questions. Everyone here is invented."""

import pytest

from qa.identity import asked_about, identity_findings, only_introduces
from qa.names import names
from tests import builders


def introduced(question: str, text: str) -> list[str]:
    document = builders.document(text)
    found = identity_findings(question, [builders.passage(document)], lambda _: names(document))
    assert all(finding.span.within(text) == finding.text for finding in found)
    assert all(finding.evidence[0].contains(finding.span) for finding in found)
    return [finding.text for finding in found]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who is Anna Lind?", "Anna Lind"),
        ("and who's anna lind", "anna lind"),
        ("What is Anna Lind's job?", "Anna Lind"),
        ("Who was Lind?", "Lind"),
        ("Who is, in her view, to blame?", ""),
        ("Who said that?", ""),
        ("Who is Anna Lind's deputy?", ""),
        ("Who is the Linds’ neighbour?", ""),
        ("What is the bridge?", ""),
    ],
)
def test_whose_identity_is_asked_for(question: str, asked: str) -> None:
    assert asked_about(question) == asked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Lind, the mayor of Kilmore, spoke on Sunday.", "the mayor of Kilmore"),
        ("Anna Lind, spokeswoman for the Tiber Council (TC), told us so.", "spokeswoman for the Tiber Council"),
        ("Anna Lind, Norway's choice as its next envoy to Rome, spoke.", "Norway's choice as its next envoy to Rome"),
        ("He met Norway's foreign minister, Anna Lind, in Rome.", "Norway's foreign minister"),
        ("Anna Lind is the editor of the Echo. She spoke.", "the editor of the Echo"),
        ("On Sunday, Foreign Office spokeswoman Anna Lind spoke.", "Foreign Office spokeswoman"),
        ("He met former bank director Anna Lind.", "former bank director"),
        ("Nobody liked U.S. Secretary of State Anna Lind.", "U.S. Secretary of State"),
        ("He asked even though President Anna Lind was there.", "President"),
        ("According to Anna Lind, the mayor of Oslo, it rained.", "the mayor of Oslo"),
        ("Anna Lind, the judge appointed by the mayor, spoke.", "the judge appointed by the mayor"),
        ("The driver hit cyclist Anna Lind.", "cyclist"),
        ("He said that Anna Lind was the director of the firm.", "the director of the firm"),
    ],
)
def test_a_person_is_introduced(text: str, expected: str) -> None:
    assert introduced("Who is Anna Lind?", text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Anna Lind, who came by train, spoke on Sunday.",
        "Anna Lind, Peter Ruiz and the mayor spoke.",
        "The mayor wants Anna Lind to speak.",
        "Anna Lind was late. The mayor, Peter Ruiz, was not.",
        "Mr. Ruiz saw Anna Lind.",
        "According to Anna Lind, the mayor of Oslo lied.",
        "Besides Anna Lind, the president of the club left.",
        "After meeting Anna Lind, the president left.",
        "When he saw Anna Lind, the officer fired at once.",
        "He denied that Anna Lind was the director of the firm.",
        "He asked whether Anna Lind was the director of the firm.",
        "They are not sure Anna Lind is the director of the firm.",
    ],
)
def test_what_introduces_somebody_else_or_nobody_is_left_alone(text: str) -> None:
    assert introduced("Who is Anna Lind?", text) == []


def test_a_surname_is_enough_where_the_document_gives_the_full_name() -> None:
    text = "Anna Lind, the mayor, spoke. Lind left. Peter Lindgren, the baker, stayed."
    assert introduced("Who is Lind?", text) == ["the mayor"]
    assert introduced("Who is Peter Lind?", text) == []


def test_the_fuller_kind_of_introduction_comes_first() -> None:
    text = "Mayor Anna Lind spoke. Anna Lind, the first mayor of New Kilmore, left."
    assert introduced("Who is Anna Lind?", text) == ["the first mayor of New Kilmore", "Mayor"]


@pytest.mark.parametrize(
    ("question", "words", "expected"),
    [
        ("Whom did Lind meet in Rome?", "Norway", True),
        ("Whom did Anna Lind meet in Rome?", "foreign minister", True),
        ("Whom did Lind meet in Rome?", "Ruiz", False),
        ("Whom did Ruiz meet in Rome?", "Norway", False),
        ("Which country did Lind represent?", "Norway", False),
        ("Which country is Lind from?", "Norway", False),
    ],
)
def test_what_introduces_someone_does_not_tell_what_they_did(question: str, words: str, expected: bool) -> None:
    document = builders.document("Ruiz met Norway's foreign minister, Anna Lind, in Rome.")
    assert only_introduces(question, builders.finding(document, words), names(document)) is expected
