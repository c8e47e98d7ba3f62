"""What rivals give, as the answer JSON that is scored: without any rival's package."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.race.rivals import haystack_rag, llamaindex, long_context, paper_qa
from benchmarks.race.rivals.answers import (
    Reply,
    Source,
    failure,
    find,
    marked_numbers,
    refuses,
    sentences,
    to_answer,
)
from benchmarks.race.rivals.serving import Document, answer_one
from qa.evaluation.answers import parse_answer
from qa.evaluation.measures import is_exact
from qa.evaluation.score import score_answer
from qa.types import Example, Outcome
from tests.evaluation.systems import EXAMPLES, HARBOUR, MILL, TEXTS

MODELS = {"embedder": "e", "reader": "none", "language_model": "m"}
OPENED, MASTER = "The harbour of Varn opened in 1871.", "Its first master was Ilse Brandt, a pilot's daughter."
GROUND = Source("The mill at Osk ground rye", "mill", 0.5)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", True),
        ("Empty Response", True),  # LlamaIndex's
        ("I cannot answer this question due to insufficient information..", True),  # paper-qa's
        ("The documents do not say.", True),
        ("The provided sources do not mention the name of the ambassador.", True),
        ("None of the sources are helpful.", True),
        ("The sources don’t say.", True),
        ("Brandt was the first master [1].", False),
        ("Brandt was the first master. The sources do not say when.", False),  # it has answered first
        ("He did not leave.", False),
    ],
)
def test_refusals_are_told_by_their_first_sentence(text: str, refused: bool) -> None:
    assert refuses(text) is refused


def test_marks_are_read_in_order_of_first_mention() -> None:
    assert marked_numbers("So [2]. And [1, 3], [Source 2], (Document 4); [a] and (5) are none.") == (2, 1, 3, 4)


def test_sentences_keep_the_marks_behind_their_end() -> None:
    text = "It opened in 1871. [1] [2] Then the U.S. Navy came [3]! 1. A list"
    assert sentences(text) == ["It opened in 1871. [1] [2]", "Then the U.S. Navy came [3]!", "1. A list"]
    assert sentences("  ") == []


def test_a_source_is_found_in_its_own_document_with_white_space_taken_loosely() -> None:
    twice = {"first": "One two.", "second": "Said: one  two\nthree. One two."}
    assert find(Source("One two.", "second"), twice) == ("second", 22, 30)
    assert find(Source("One two."), twice) == ("first", 0, 8)
    assert find(Source("one two three."), twice) == ("second", 6, 21)
    assert find(Source("nowhere"), twice) is None
    assert find(Source(" "), twice) is None


def test_marked_sentences_cite_what_they_mark() -> None:
    reply = Reply("It opened in 1871 [1]. Brandt was its master [2]. So [7].", [Source(OPENED), Source(MASTER)])
    given = parse_answer(to_answer("When?", reply, TEXTS, MODELS, 1.5), "When?", 0.0)
    assert given.outcome is Outcome.ANSWERED
    assert [(claim.text, claim.citations) for claim in given.claims] == [
        ("It opened in 1871.", (1,)),
        ("Brandt was its master.", (2,)),
        ("So.", (7,)),
    ]
    assert [is_exact(citation, TEXTS) for citation in given.citations] == [True, True, False]
    assert given.citations[0].quote.span.within(HARBOUR) == OPENED
    assert (given.timings.retrieve, given.timings.total) == (1500, 1500)


def test_a_rival_that_marks_nothing_cites_all_its_sources_behind_every_sentence() -> None:
    reply = Reply("It opened in 1871. Good.", [Source(OPENED), GROUND], True, [GROUND, Source("no text")], 0.25)
    given = parse_answer(to_answer("When?", reply, TEXTS, MODELS, 1.0), "When?", 0.0)
    assert [claim.citations for claim in given.claims] == [(1, 2), (1, 2)]
    assert [(hit.passage.document_id, hit.score) for hit in given.hits] == [("mill", 0.5)]
    assert (given.timings.retrieve, given.timings.read) == (250, 1000)
    score = score_answer(EXAMPLES[2], given, (), TEXTS)
    assert (score.text_hit, score.citations, score.exact_citations) == (True, 2, 2)


def test_unmarked_text_is_unverified_and_a_refusal_cites_nothing() -> None:
    unmarked = to_answer("When?", Reply("In 1871.", [Source(OPENED)]), TEXTS, MODELS, 1.0)
    assert (unmarked["outcome"], unmarked["citations"]) == ("unverified", [])
    refused = to_answer("When?", Reply("The documents do not say [1].", [Source(OPENED)], True), TEXTS, MODELS, 1.0)
    assert (refused["outcome"], refused["claims"], refused["citations"]) == ("not_found", [], [])


def test_a_failure_is_wrong_and_no_refusal() -> None:
    given = parse_answer(failure("Burnt?", MODELS, 2.0), "Burnt?", 0.0)
    burnt = score_answer(Example("burnt", "Burnt?", answerable=False), given, (), TEXTS)
    assert (burnt.refused, burnt.good, burnt.claims) == (False, False, 0)


def test_what_a_rival_raises_and_what_takes_too_long_are_failures(capsys: pytest.CaptureFixture[str]) -> None:
    def raises(question: str) -> Reply:
        raise RuntimeError("out of context")

    def sleeps(question: str) -> Reply:
        time.sleep(5)
        return Reply("late")

    for ask, reason in ((raises, "out of context"), (sleeps, "no answer after 0.05 seconds")):
        assert answer_one(ask, "When?", TEXTS, 0.05)["outcome"] == "unverified"
        assert reason in capsys.readouterr().err
    assert answer_one(lambda _: Reply("In 1871."), "When?", TEXTS, 5)["text"] == "In 1871."


def test_llamaindex_nodes_lose_the_line_that_numbers_them() -> None:
    def found(text: str) -> SimpleNamespace:
        node = SimpleNamespace(get_content=lambda: text, ref_doc_id="harbour")
        return SimpleNamespace(node=node, score=0.7)

    assert llamaindex.source_of(found(f"Source 2:\n{OPENED}\n")) == Source(f"{OPENED}\n", "harbour", 0.7)
    assert llamaindex.source_of(found("Source of the Nile\nis far")).text == "Source of the Nile\nis far"


def test_haystack_documents_know_what_they_were_cut_from() -> None:
    document = SimpleNamespace(content=OPENED, meta={"document": "harbour"}, score=None)
    assert haystack_rag.source_of(document) == Source(OPENED, "harbour", 0.0)


def test_paper_qa_keys_become_marks() -> None:
    def context(key: str, text: str, name: str) -> SimpleNamespace:
        return SimpleNamespace(id=key, text=SimpleNamespace(text=text, doc=SimpleNamespace(dockey=name)))

    contexts = [context("pqac-1a", OPENED, "harbour"), context("pqac-2b", MILL, "mill")]
    given = paper_qa.reply_of("So (pqac-2b). And (pqac-1a, pqac-9z) (1871).", contexts, [GROUND], 0.5)
    assert given.text == "So [2]. And [1, 0] (1871)."
    assert given.sources == [Source(OPENED, "harbour"), Source(MILL, "mill")]
    numbers = [citation["number"] for citation in to_answer("When?", given, TEXTS, MODELS, 1.0)["citations"]]
    assert numbers == [2, 1, 0]


@pytest.mark.parametrize(("room", "wanted"), [(10_000, (len(HARBOUR), len(MILL))), (300, (65, 65)), (100, (0, 0))])
def test_the_long_prompt_holds_the_same_share_of_each_document(room: int, wanted: tuple[int, int]) -> None:
    documents = [Document(name, name, text) for name, text in TEXTS.items()]
    sources = long_context.cut(documents, room, len)
    assert [source.document_id for source in sources] == ["harbour", "mill"]
    assert all(TEXTS[source.document_id].startswith(source.text) for source in sources)
    assert tuple(len(source.text) for source in sources) == pytest.approx(wanted, abs=2)
    assert room < 200 or len(long_context.together(sources)) <= room


ECHO = """
from benchmarks.race.rivals.answers import Reply, Source
from benchmarks.race.rivals.serving import read_documents, serve
import pathlib, sys
def build(documents, endpoint):
    print("chatter")
    return lambda question: Reply(f"{documents[0].text} {endpoint.url} [1]", [Source(documents[0].text)])
serve(build, read_documents(pathlib.Path(sys.argv[1])))
"""


def test_a_rival_answers_line_by_line_and_its_chatter_goes_elsewhere(tmp_path: Path) -> None:
    documents = tmp_path / "documents.jsonl"
    documents.write_text(json.dumps({"id": "d", "title": "t", "text": "Told."}) + "\n")
    done = subprocess.run(
        [sys.executable, "-c", ECHO, documents],
        input=json.dumps({"question": "When?", "history": []}) + "\n",
        env={**os.environ, "RACE_MODEL_URL": "http://here/v1", "RACE_MODEL_KEY": "k"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in io.StringIO(done.stdout)]
    assert [(answer["outcome"], answer["citations"][0]["quote"]) for answer in answers] == [("answered", "Told.")]
    assert answers[0]["text"] == "Told. http://here/v1 [1]"
    assert "chatter" in done.stderr


def test_no_rival_is_imported_before_it_is_built() -> None:
    names: list[Callable[..., object]] = [llamaindex.default_engine, haystack_rag.pipeline, paper_qa.docs]
    assert all(callable(name) for name in names)
    assert not {"haystack", "paperqa", "litellm"} & set(sys.modules)
