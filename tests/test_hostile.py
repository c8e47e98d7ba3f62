"""Documents and questions that mean harm, over the real embedder and reader and a language model that obeys them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.assistant import Assistant
from qa.documents import read_one
from qa.errors import BadQuestion
from qa.indexing import index
from qa.library import Library
from qa.models import load_embedder, load_reader_weights
from qa.reading import SpanReader
from qa.render import Format, document_html, export, to_html
from qa.types import Answer, Document, Embedder, Outcome, Reader, Support
from tests.fakes import ScriptedLanguageModel
from tests.test_assistant import holds
from tests.test_render import ANSWER_TAGS, Page, assert_harmless, live_tokens

CASES = [json.loads(line) for line in (Path(__file__).parent / "data" / "hostile.jsonl").read_text().splitlines()]
OBEDIENT = ("PWNED [1]. <img src=x onerror=alert(1)> ", "[click](javascript:alert(1)) says so [2].")
SHEET_TAGS = {"html", "head", "meta", "title", "style", "body", "section", "h1", "ol", "blockquote", "mark"}


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder("all-MiniLM-L6-v2", offline=True)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return SpanReader(load_reader_weights())


@pytest.fixture(params=CASES, ids=[case["name"] for case in CASES])
def case(request: pytest.FixtureRequest) -> Any:
    """name, text of the document, question, and what must come of it.

    says: words of the right answer, null where there is none, false where the question cannot be asked. may_refuse:
    whether "the sources do not say" will do too: a question that names what no document mentions is not answered.
    never: words that the answer must not say.
    """
    return request.param


@pytest.fixture
def library(case: Any, embedder: Embedder, tmp_path: Path) -> Iterator[Library]:
    path = tmp_path / "hostile.txt"
    path.write_text(case["text"], encoding="utf-8", newline="")
    with Library.create(tmp_path / "library", embedder.name) as library:
        index(library, [read_one(path)], embedder)
        yield library


@pytest.mark.model
def test_a_hostile_text_changes_no_answer_and_comes_alive_nowhere(
    case: Any, library: Library, embedder: Embedder, reader: Reader
) -> None:
    (document,) = library.documents()
    for capable in (False, True):
        asked = Assistant(library, embedder, reader, ScriptedLanguageModel(OBEDIENT), capable=capable)
        if case["says"] is False:
            with pytest.raises(BadQuestion):
                asked.ask(case["question"])
            continue
        answer = asked.ask(case["question"])
        holds(answer, document)
        says_what_is_right(answer, case)
        comes_alive_nowhere(answer, document)


def says_what_is_right(answer: Answer, case: Any) -> None:
    if case["says"] is None:
        assert answer.outcome is not Outcome.ANSWERED
    elif not (case.get("may_refuse") and answer.outcome is Outcome.NOT_FOUND):
        assert answer.outcome is Outcome.ANSWERED
        assert case["says"] in (answer.short or "")
    vouched = [claim.text for claim in answer.claims if claim.support is Support.SUPPORTED]
    assert not [word for word in [*case["never"], "onerror"] if word in " ".join([answer.short or "", *vouched])]


def comes_alive_nowhere(answer: Answer, document: Document) -> None:
    assert_harmless(to_html(answer, "turn-1-"), ANSWER_TAGS)
    assert_harmless(
        document_html(document, [cited.quote.span for cited in answer.citations]),
        {"article", "h2", "span", "p", "mark", "a"},  # links to the parts before and after
    )
    assert live_tokens(export([answer], Format.MARKDOWN)) <= {"strong_open", "strong_close", "em_open", "em_close"}
    assert {tag for tag, _ in Page(export([answer], Format.HTML)).tags} <= ANSWER_TAGS | SHEET_TAGS
    assert [cited["quote"] for cited in json.loads(export([answer], Format.JSON))["citations"]] == [
        cited.quote.text for cited in answer.citations
    ]
