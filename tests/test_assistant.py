"""The stages in order, over fakes and over the stop-gap reader."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.assistant import Assistant, prepare
from qa.config import Config
from qa.conversation import CANNOT_READ, GREETING
from qa.documents import read_one
from qa.errors import BadQuestion, LibraryNotFound, ModelFailed, NoDocuments
from qa.indexing import IndexChange, index
from qa.library import Library
from qa.reading import SentenceReader
from qa.types import (
    Answer,
    Answered,
    Document,
    Found,
    LanguageModel,
    Outcome,
    Passage,
    Reading,
    Retrieved,
    Support,
    Written,
)
from tests import builders
from tests.fakes import FailingLanguageModel, ScriptedLanguageModel, ScriptedReader, WordEmbedder

TEXT = """Bridge opens at Kilmore

Anna Lind, the mayor of Kilmore, spoke on Sunday. “The bridge is open,” Lind said. “It cost two million.”

Peter Ruiz did not praise the council. He called Lind a dreamer.
"""


@contextmanager
def assistant(
    folder: Path,
    language_model: LanguageModel | None = None,
    reader: ScriptedReader | SentenceReader | None = None,
    *,
    capable: bool | Callable[[], bool] = False,
) -> Iterator[Assistant]:
    embedder = WordEmbedder()
    path = folder / "kilmore.txt"
    path.write_text(TEXT, encoding="utf-8")
    with Library.create(folder / "library", embedder.name) as library:
        index(library, [read_one(path)], embedder)
        yield Assistant(library, embedder, reader or SentenceReader(embedder), language_model, capable=capable)


def holds(answer: Answer, document: Document) -> None:
    """The invariants of DESIGN.md that every answer keeps."""
    for cited in answer.citations:
        assert cited.quote.span.within(document.text) == cited.quote.text
    marks = [number for claim in answer.claims for number in claim.citations]
    assert sorted(set(marks)) == [cited.number for cited in answer.citations]
    assert (answer.outcome is Outcome.ANSWERED) == bool(answer.citations)
    assert (answer.outcome is Outcome.NOT_FOUND) == (not answer.claims)
    assert all((claim.support is Support.UNSUPPORTED) == (not claim.citations) for claim in answer.claims)
    if answer.short is not None:
        assert any(answer.short in cited.quote.text for cited in answer.citations)


def test_events_come_in_order_and_the_answer_is_what_was_written(tmp_path: Path) -> None:
    model = ScriptedLanguageModel(["Anna Lind said", " the bridge is open.", " Ruiz won."])
    with assistant(tmp_path, model) as asked:
        events = list(asked.stream("Who said that the bridge is open?"))
        (document,) = asked.documents()
    assert [type(event) for event in events] == [Retrieved, Found, Written, Answered]
    retrieved, found, written, answered = events
    assert isinstance(retrieved, Retrieved)
    assert isinstance(found, Found)
    assert isinstance(written, Written)
    assert isinstance(answered, Answered)
    answer = answered.answer
    assert found.short == answer.short == "Anna Lind"
    assert answer.claims == (written.claim,)
    assert written.claim.text == "Anna Lind said the bridge is open."
    assert written.citations == found.citations == answer.citations
    assert answer.hits == retrieved.hits
    assert answer.confidence is None
    assert answer.timings.retrieve <= answer.timings.read <= answer.timings.total
    holds(answer, document)


def test_an_unproved_draft_never_shows_and_the_quotes_stand(tmp_path: Path) -> None:
    with assistant(tmp_path, ScriptedLanguageModel(["Anna Lind said it cost three million."])) as asked:
        answer = asked.ask("Who said that the bridge is open?")
        (document,) = asked.documents()
    assert "three" not in answer.text
    assert {claim.support for claim in answer.claims} == {Support.QUOTED}
    holds(answer, document)


def test_an_unproved_draft_of_a_capable_model_shows_marked(tmp_path: Path) -> None:
    model = ScriptedLanguageModel(["Anna Lind said it cost three million [1]."])
    with assistant(tmp_path, model, capable=True) as asked:
        answer = asked.ask("Who said that the bridge is open?")
        (document,) = asked.documents()
    assert answer.claims[0].support is Support.UNSUPPORTED
    assert answer.claims[0].text == "Anna Lind said it cost three million."
    assert "Sources:\n[1] “The bridge is open,” Lind said." in model.asked[0][-1].content
    holds(answer, document)


@pytest.mark.parametrize(
    ("question", "understood", "short", "quoted"),
    [
        ("Who is Anna Lind?", "Who is Anna Lind?", "the mayor of Kilmore", "Anna Lind, the mayor of Kilmore"),
        ("who said the brigde is open", "who said the bridge is open", "Anna Lind", "The bridge is open"),
        ("What is this text about?", "What is this text about?", None, "Anna Lind, the mayor of Kilmore"),
        (
            "Did Ruiz praise the council?",
            "Did Ruiz praise the council?",
            None,
            "Peter Ruiz did not praise the council.",
        ),
    ],
)
def test_each_kind_of_question_is_answered_in_its_way(
    tmp_path: Path, question: str, understood: str, short: str | None, quoted: str
) -> None:
    model = ScriptedLanguageModel(["Nothing of this is true."])
    with assistant(tmp_path, model) as asked:
        answer = asked.ask(question)
        (document,) = asked.documents()
    assert (answer.standalone_question, answer.short) == (understood, short)
    assert any(quoted in cited.quote.text for cited in answer.citations)
    assert bool(model.asked) == (short is not None)  # there is nothing to join without a short answer
    holds(answer, document)


class ChangingLibrary(Library):
    """Another process replaces the only document right after the first search."""

    newer: Document | None = None

    def search_words(self, text: str, count: int, among: Collection[str] | None = None) -> list[tuple[Passage, float]]:
        found = super().search_words(text, count, among)
        if self.newer is not None:
            index(self, [self.newer], WordEmbedder())
            self.newer = None
        return found


def test_a_document_that_is_replaced_meanwhile_is_looked_for_again(tmp_path: Path) -> None:
    path, embedder = tmp_path / "kilmore.txt", WordEmbedder()
    path.write_text(TEXT, encoding="utf-8")
    with ChangingLibrary.create(tmp_path / "library", embedder.name) as library:
        index(library, [read_one(path)], embedder)
        path.write_text(TEXT.replace("two million", "three million"), encoding="utf-8")
        library.newer = read_one(path)
        asked = Assistant(library, embedder, SentenceReader(embedder), None)
        events = list(asked.stream("Who said that the bridge is open?"))
        (document,) = asked.documents()
    assert [type(event) for event in events].count(Retrieved) == 2
    assert isinstance(events[-1], Answered)
    holds(events[-1].answer, document)
    assert events[-1].answer.short == "Anna Lind"
    assert {hit.passage.document_id for hit in events[-1].answer.hits} == {document.id}


def test_a_model_that_fails_leaves_the_quotes(tmp_path: Path) -> None:
    with assistant(tmp_path, FailingLanguageModel(ModelFailed("it is gone", "restart it"))) as asked:
        answer = asked.ask("Who said that the bridge is open?")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.claims[0].support is Support.QUOTED


def test_closing_the_events_closes_the_model(tmp_path: Path) -> None:
    model = ScriptedLanguageModel(["Anna Lind said the bridge is open. ", "More. ", "More."])
    with assistant(tmp_path, model) as asked:
        events = asked.stream("Who said that the bridge is open?")
        for event in events:
            if isinstance(event, Written):
                break
        events.close()
    assert model.closed


def test_warming_reads(tmp_path: Path) -> None:
    reader = ScriptedReader(Reading((), ()))
    with assistant(tmp_path, reader=reader) as asked:
        asked.warm()
    assert len(reader.asked) == 1


def test_warming_takes_one_piece_of_the_model_and_closes_it(tmp_path: Path) -> None:
    model = ScriptedLanguageModel(["", "Nobody", " did", "."])
    with assistant(tmp_path, model) as asked:
        asked.warm()
    assert (model.taken, model.closed) == (2, True)


def test_a_reader_that_finds_nothing_likely_means_not_found(tmp_path: Path) -> None:
    document = builders.document(TEXT)
    unlikely = Reading((builders.finding(document, "Sunday", probability=0.3),), (0.7,))
    with assistant(tmp_path, reader=ScriptedReader(unlikely)) as asked:
        answer = asked.ask("When did the mayor of Kilmore speak?")
    assert (answer.outcome, answer.short, answer.claims, answer.text) == (Outcome.NOT_FOUND, None, (), "")
    assert answer.hits


def test_a_name_that_no_document_holds_is_not_found_without_reading(tmp_path: Path) -> None:
    reader = ScriptedReader(Reading((), ()))
    with assistant(tmp_path, reader=reader) as asked:
        answer = asked.ask("When did Angela Merkel speak?")
    assert answer.outcome is Outcome.NOT_FOUND
    assert reader.asked[0][1] == ()


@pytest.mark.parametrize(("question", "notice"), [("hello", GREETING), ("Wer hat das gesagt?", CANNOT_READ)])
def test_small_talk_and_other_languages_are_met_with_a_notice(tmp_path: Path, question: str, notice: str) -> None:
    with assistant(tmp_path) as asked:
        answer = asked.ask(question)
    assert (answer.outcome, answer.text, answer.hits) == (Outcome.NOT_FOUND, notice, ())


def test_a_bad_question_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    with assistant(tmp_path) as asked, pytest.raises(BadQuestion, match="the question is empty"):
        asked.stream(" ")


def test_a_follow_up_is_asked_in_full(tmp_path: Path) -> None:
    with assistant(tmp_path) as asked:
        answer = asked.converse("On which day did she speak?", ["Who is Anna Lind?"])
    assert answer.standalone_question == "On which day did Anna Lind speak?"
    assert "Sunday" in answer.text


def test_a_capable_model_words_the_stand_alone_question(tmp_path: Path) -> None:
    model = ScriptedLanguageModel(["When did the mayor Anna Lind speak?"])
    with assistant(tmp_path, model, capable=True) as asked:
        answer = asked.converse("On which day did she speak?", ["Who is Anna Lind?"])
    assert answer.standalone_question == "When did the mayor Anna Lind speak?"
    assert "On which day did she speak?" in model.asked[0][-1].content


def test_a_model_that_does_not_tell_its_size_counts_as_a_small_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def unknown() -> bool:
        raise ModelFailed("its size is unknown", "set QA_CAPABLE")

    model = ScriptedLanguageModel(["Anna Lind said it cost three million."])
    with assistant(tmp_path, model, capable=unknown) as asked:
        answer = asked.ask("Who said that the bridge is open?")
    assert {claim.support for claim in answer.claims} == {Support.QUOTED}
    assert "its size is unknown" in caplog.text


def test_suggestions_can_be_answered(tmp_path: Path) -> None:
    with assistant(tmp_path) as asked:
        suggested = asked.suggestions()
        answers = [asked.ask(question) for question in suggested]
    assert suggested
    assert all(answer.outcome is Outcome.ANSWERED for answer in answers)


@settings(max_examples=40, deadline=None)
@given(
    draft=st.text(max_size=150),
    question=st.sampled_from(["Who said that the bridge is open?", "What did it cost?", "x"]),
)
def test_whatever_a_model_writes_the_answer_keeps_its_promises(
    tmp_path_factory: pytest.TempPathFactory, draft: str, question: str
) -> None:
    with assistant(tmp_path_factory.mktemp("any"), ScriptedLanguageModel([draft]), capable=True) as asked:
        holds(asked.ask(question), asked.documents()[0])


def test_an_assistant_without_a_library_says_how_to_build_one(tmp_path: Path) -> None:
    config = Config.load(library=tmp_path / "none", prose=False)
    with pytest.raises(LibraryNotFound, match="none"):
        Assistant.open(config)


@pytest.mark.model
def test_a_library_is_asked_although_its_folder_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    config = Config.load(library=tmp_path / "library", documents=folder, prose=False)
    with pytest.raises(NoDocuments, match="documents: no such folder of documents, and no library yet"):
        prepare(config)
    folder.mkdir()
    (folder / "one.txt").write_text(TEXT, encoding="utf-8")
    prepare(config)
    (folder / "one.txt").unlink()
    assert prepare(config) == IndexChange()
    folder.rmdir()
    assert prepare(config) == IndexChange()
    with Assistant.open(config) as asked:
        assert len(asked.about()) == 1


@pytest.mark.model
def test_a_new_document_is_picked_up_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "one.txt").write_text(TEXT, encoding="utf-8")
    config = Config.load(library=tmp_path / "library", documents=folder, prose=False)
    assert len(prepare(config).added) == 1
    (folder / "two.md").write_text("# Mill\n\nThe old mill at Dunmore burned down on Friday.\n", encoding="utf-8")
    change = prepare(config)
    assert (len(change.added), len(change.unchanged)) == (1, 1)
    with Assistant.open(config) as asked:
        answer = asked.ask("When did the old mill at Dunmore burn down?")
    assert answer.citations[0].quote.text == "The old mill at Dunmore burned down on Friday."
