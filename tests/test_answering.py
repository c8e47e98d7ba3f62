"""What is shown of the documents for one question, each kind in its way. Everyone here is invented."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa.answering import Answering
from qa.indexing import index
from qa.library import Library
from qa.passages import split
from qa.types import Document, Finding, FoundBy, Hit, Reading
from tests import builders
from tests.fakes import ScriptedReader, WordEmbedder

BRIDGE = builders.document(
    "Anna Lind, the mayor of Kilmore, spoke on Sunday. “The bridge is open,” Lind said. It cost two million. "
    "Peter Ruiz said that the bridge was ugly.",
    identity="bridge",
)
HARBOUR = builders.document("The harbour of Dunmore froze in May. Lind was not there.", identity="harbour")


@contextmanager
def answering(folder: Path, *findings: Finding, calibrated: bool = True) -> Iterator[tuple[Answering, ScriptedReader]]:
    embedder = WordEmbedder()
    reader = ScriptedReader(Reading(findings, ()), calibrated=calibrated)
    with Library.create(folder / "library", embedder.name) as library:
        index(library, [BRIDGE, HARBOUR], embedder)
        yield Answering(library, embedder, reader), reader


def hits(*documents: Document) -> list[Hit]:
    return [Hit(passage, 1.0, FoundBy.BOTH) for document in documents for passage in split(document)]


def test_the_best_finding_is_short_answer_quote_and_confidence(tmp_path: Path) -> None:
    found = builders.finding(BRIDGE, "two million", "It cost two million.", probability=0.7)
    with answering(tmp_path, found) as (asked, _):
        result = asked.answer("What did the bridge cost?", hits(BRIDGE, HARBOUR))
    assert (result.short, result.confidence) == ("two million", 0.7)
    assert [cited.quote.text for cited in result.citations] == ["It cost two million."]


def test_a_finding_under_the_threshold_is_not_shown(tmp_path: Path) -> None:
    with answering(tmp_path, builders.finding(BRIDGE, "two million", probability=0.49)) as (asked, _):
        assert asked.answer("What did the bridge cost?", hits(BRIDGE)).citations == ()
        asked.threshold = 0.4
        assert asked.answer("What did the bridge cost?", hits(BRIDGE)).short == "two million"


def test_a_reader_that_states_no_probability_gives_no_confidence(tmp_path: Path) -> None:
    with answering(tmp_path, builders.finding(BRIDGE, "two million"), calibrated=False) as (asked, _):
        assert asked.answer("What did the bridge cost?", hits(BRIDGE)).confidence is None


def test_a_finding_of_another_kind_than_is_asked_for_is_passed_over(tmp_path: Path) -> None:
    sunday, may = builders.finding(BRIDGE, "Sunday"), builders.finding(HARBOUR, "May", probability=0.6)
    with answering(tmp_path, sunday, may) as (asked, _):
        assert asked.answer("In which month did it freeze?", hits(BRIDGE, HARBOUR)).short == "May"


def test_documents_that_never_mention_whom_one_asks_about_are_not_read(tmp_path: Path) -> None:
    with answering(tmp_path) as (asked, reader):
        asked.answer("When did Ruiz arrive?", hits(BRIDGE, HARBOUR))
        asked.answer("When did Novak arrive?", hits(BRIDGE, HARBOUR))
    read = [{passage.document_id for passage in passages} for _, passages in reader.asked]
    assert read == [{"bridge"}, set()]


def test_a_short_name_is_completed_and_both_places_are_quoted(tmp_path: Path) -> None:
    found = builders.finding(HARBOUR, "Lind", "Lind was not there.")
    with answering(tmp_path, found) as (asked, _):
        assert asked.answer("Who was not there?", hits(HARBOUR)).short == "Lind"
    found = builders.finding(BRIDGE, "Lind", "“The bridge is open,” Lind said.")
    with answering(tmp_path / "again", found) as (asked, _):
        result = asked.answer("Who was glad?", hits(BRIDGE))
    assert result.short == "Anna Lind"
    assert [cited.quote.text[:9] for cited in result.citations] == ["“The brid", "Anna Lind"]


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who said that the bridge is open?", "Anna Lind"),
        ("Who thought the bridge was ugly?", "Peter Ruiz"),
        ("What did Ruiz say about the bridge?", "the bridge was ugly"),
        ("Who is Anna Lind?", "the mayor of Kilmore"),
    ],
)
def test_speech_and_identity_are_answered_without_the_reader(tmp_path: Path, question: str, short: str) -> None:
    with answering(tmp_path) as (asked, reader):
        assert asked.answer(question, hits(BRIDGE, HARBOUR)).short == short
    assert reader.asked == []


def test_the_opposite_of_what_was_said_is_not_given_to_the_speaker_by_the_reader_either(tmp_path: Path) -> None:
    found = builders.finding(BRIDGE, "Anna Lind", "“The bridge is open,” Lind said.", "Anna Lind")
    with answering(tmp_path, found) as (asked, reader):
        assert asked.answer("Who said that the bridge is not open?", hits(BRIDGE)).citations == ()
        assert asked.answer("Who was glad that it is not closed?", hits(BRIDGE)).short == "Anna Lind"
    assert len(reader.asked) == 2


def test_an_introduction_gives_way_to_the_next_finding_of_its_passage(tmp_path: Path) -> None:
    mayor, sunday = builders.finding(BRIDGE, "Kilmore"), builders.finding(BRIDGE, "Sunday", probability=0.3)
    with answering(tmp_path, mayor, builders.finding(HARBOUR, "May", probability=0.4), sunday) as (asked, _):
        assert asked.answer("What did Anna Lind choose?", hits(BRIDGE, HARBOUR)).short == "Sunday"
        assert asked.answer("Of which town is Anna Lind mayor?", hits(BRIDGE, HARBOUR)).short == "Kilmore"


def test_to_yes_or_no_only_the_quote_is_given(tmp_path: Path) -> None:
    with answering(tmp_path, builders.finding(BRIDGE, "ugly", "It cost two million.")) as (asked, _):
        result = asked.answer("Did the bridge cost two million?", hits(BRIDGE))
    assert result.short is None
    assert [cited.quote.text for cited in result.citations] == ["It cost two million."]


def test_one_of_two_that_are_asked_for_is_given_by_its_quote_only(tmp_path: Path) -> None:
    found = builders.finding(HARBOUR, "Dunmore", "The harbour of Dunmore froze in May.", probability=0.8)
    with answering(tmp_path, found) as (asked, _):
        result = asked.answer("Which two harbours froze?", hits(HARBOUR))
    assert (result.short, result.confidence) == (None, 0.8)
    assert [cited.quote.text for cited in result.citations] == ["The harbour of Dunmore froze in May."]


def test_a_question_for_all_gets_every_likely_finding(tmp_path: Path) -> None:
    likely, unlikely = builders.finding(HARBOUR, "May"), builders.finding(BRIDGE, "Sunday", probability=0.1)
    with answering(tmp_path, builders.finding(BRIDGE, "Kilmore"), likely, unlikely) as (asked, reader):
        result = asked.answer("Name all the towns.", hits(BRIDGE, HARBOUR))
        speakers = asked.answer("Name everyone who said something about the bridge.", hits(BRIDGE, HARBOUR))
    assert reader.asked[0][0] == "Which towns?"
    assert result.short is None
    assert [cited.quote.document_id for cited in result.citations] == ["bridge", "harbour"]
    quotes = " ".join(cited.quote.text for cited in speakers.citations)
    assert "“The bridge is open,” Lind said." in quotes
    assert "Peter Ruiz said that the bridge was ugly." in quotes


def test_a_summary_takes_one_document_or_a_sentence_of_each(tmp_path: Path) -> None:
    with answering(tmp_path) as (asked, reader):
        one = asked.answer("What is this article about?", hits(HARBOUR, BRIDGE))
        each = asked.answer("What are these documents about?", hits(HARBOUR, BRIDGE))
    assert {cited.quote.document_id for cited in one.citations} == {"harbour"}
    assert [cited.quote.document_id for cited in each.citations] == ["harbour", "bridge"]
    assert [cited.number for cited in each.citations] == [1, 2]
    assert reader.asked == []
