"""Whatever a model drafts, what is shown is quoted, proved or marked, through the whole answer path."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.assistant import Assistant
from qa.claims import claims
from qa.documents import read_one
from qa.indexing import index
from qa.library import Library
from qa.reading import SentenceReader
from qa.render import to_markdown
from qa.types import UNSUPPORTED_WORDS, Answer, Document, Outcome, Support
from qa.wording import fold
from qa.wordlists import words
from tests import builders
from tests.fakes import ScriptedLanguageModel, WordEmbedder

TEXT = """Bridge opens at Kilmore

Anna Lind, the mayor of Kilmore, spoke on Sunday. “The bridge is open,” Lind said. “It cost two million.”

Peter Ruiz did not praise the council. He called Lind a dreamer on 5 May [3].
"""
CITED = (
    builders.citation(1, "“The bridge is open,” Lind said. “It cost two million.”"),
    builders.citation(2, "Anna Lind, the mayor of Kilmore, spoke on Sunday."),
)
QUESTION = "Who said that the bridge is open?"


def drafted(draft: str, *, capable: bool = False, marks_unproved: bool = False) -> list[tuple[str, Support]]:
    model = ScriptedLanguageModel([draft])
    given = claims(QUESTION, "Anna Lind", CITED, model, capable=capable, marks_unproved=marks_unproved)
    return [(claim.text, claim.support) for claim in given]


QUOTES = [(f"“{' '.join(each.quote.text.split())}”", Support.QUOTED) for each in CITED]


def test_an_unproved_sentence_of_the_default_model_gives_way_to_the_quotes() -> None:
    assert drafted("Anna Lind said it cost three million.") == QUOTES


def test_an_unproved_sentence_of_a_chosen_model_is_marked_and_the_quotes_follow() -> None:
    shown = drafted("Anna Lind said it cost three million.", marks_unproved=True)
    assert shown == [("Anna Lind said it cost three million.", Support.UNSUPPORTED), *QUOTES]


def test_a_capable_model_may_say_more_than_the_short_answer() -> None:
    more = "It cost two million."
    assert (more, Support.QUOTED) in drafted(f"Anna Lind said the bridge is open. {more}", capable=True)
    assert (more, Support.QUOTED) not in drafted(f"Anna Lind said the bridge is open. {more}")


def test_without_a_model_the_quotes_are_the_answer() -> None:
    assert [claim.citations for claim in claims(QUESTION, "Anna Lind", CITED, None)] == [(1,), (2,)]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("claims")
    (folder / "kilmore.txt").write_text(TEXT, encoding="utf-8")
    embedder = WordEmbedder()
    with Library.create(folder / "library", embedder.name) as opened:
        index(opened, [read_one(folder / "kilmore.txt")], embedder)
        yield opened


@contextmanager
def assistant(library: Library, pieces: list[str], *, capable: bool, chosen: bool) -> Iterator[Assistant]:
    embedder = WordEmbedder()
    model = ScriptedLanguageModel(pieces)
    yield Assistant(library, embedder, SentenceReader(embedder), model, capable=capable, chosen=chosen)


# What a model can get wrong: words of the document in any order, other names, numbers and days, marks of every kind.
WORDS = [
    *sorted(
        words(
            "Anna Lind Peter Ruiz Olsen Kilmore Dunmore the mayor council bridge is not never open closed said denied"
        )
    ),
    *sorted(
        words("praised called cost two three million 2,000,000 5 6 May Sunday Monday a dreamer . ! ? “ ” <b> </b>")
    ),
    *("[1]", "[2]", "[9]", "[1][2]", "[1, 2]", "【1】", "(source 1)", "[0]", "[-1]", "[^1]", "[1", "1]", "\n", '"'),
]
SENTENCES = (
    "Anna Lind said the bridge is open.",
    "The bridge cost two million [1].",
    "The bridge cost three million [1].",
    "Peter Ruiz praised the council.",
    "Peter Ruiz called Lind a dreamer.",
    "Lind called Peter Ruiz a dreamer.",
    "Anna Lind spoke on Monday.",
    "He called Lind a dreamer on 5 May [3].",
    "As [7] shows, the bridge is open [1",
)
DRAFTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.lists(st.sampled_from(SENTENCES) | st.text(max_size=20), max_size=4).map(" ".join),
)
QUESTIONS = st.sampled_from(
    [QUESTION, "What did the bridge cost?", "Who did not praise the council?", "When did Lind speak?"]
)
FALSE = ("Olsen", "Dunmore", "Monday", "three million", "2,000,001", "closed", "6 May")


@settings(max_examples=150)
@given(draft=DRAFTS, cut=st.integers(1, 30), question=QUESTIONS, capable=st.booleans(), chosen=st.booleans())
def test_any_draft_whatever_is_quoted_proved_or_marked(
    library: Library, draft: str, cut: int, question: str, capable: bool, chosen: bool
) -> None:
    pieces = [draft[start : start + cut] for start in range(0, len(draft), cut)]
    with assistant(library, pieces, capable=capable, chosen=chosen) as asked:
        answer, (document,) = asked.ask(question), asked.documents()
    assert answer.outcome is Outcome.ANSWERED
    quotes_are_verbatim(answer, document)
    marks_and_citations_agree(answer)
    nothing_unsupported_is_unmarked(answer)
    if not (capable or chosen):
        assert all(claim.support is not Support.UNSUPPORTED for claim in answer.claims)


def quotes_are_verbatim(answer: Answer, document: Document) -> None:
    assert answer.citations
    for cited in answer.citations:
        assert document.text[cited.quote.span.start : cited.quote.span.end] == cited.quote.text
        assert cited.quote.document_id == document.id


def marks_and_citations_agree(answer: Answer) -> None:
    numbers = [cited.number for cited in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {number for claim in answer.claims for number in claim.citations} == set(numbers)
    own = {claim.text for claim in answer.claims if claim.text.startswith("“")}  # quotes may hold bracketed numbers
    without_quotes = [claim for claim in answer.claims if claim.text not in own]
    for claim in without_quotes:
        assert [int(mark) for mark in re.findall(r"\[(\d+)\]", claim.marked)] == list(claim.citations)
    assert {int(mark) for mark in re.findall(r"\[(\d+)\]", answer.text)} == set(numbers)


def nothing_unsupported_is_unmarked(answer: Answer) -> None:
    for claim in answer.claims:
        quotes = " ".join(cited.quote.text for cited in answer.citations if cited.number in claim.citations)
        assert (claim.support is Support.UNSUPPORTED) == (not claim.citations)
        assert (UNSUPPORTED_WORDS in claim.marked) == (claim.support is Support.UNSUPPORTED)
        if claim.support is Support.QUOTED:
            assert fold(claim.text).strip(" .\"'") in fold(" ".join(quotes.split()))
        if claim.support is Support.SUPPORTED:
            assert not any(word in claim.text for word in FALSE)
            assert digits(claim.text) <= digits(quotes + answer.question) | {"2000000"}
    unmarked = sum(claim.support is Support.UNSUPPORTED for claim in answer.claims)
    assert to_markdown([answer]).count(f"*({UNSUPPORTED_WORDS})*") == unmarked


def digits(text: str) -> set[str]:
    return set(re.findall(r"\d+", unicodedata.normalize("NFKC", text).replace(",", "")))
