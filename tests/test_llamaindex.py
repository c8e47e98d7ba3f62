"""LlamaIndex's own classes over a small library: what a pipeline gets, with the places of every quote."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import MockLLM
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle

from qa.assistant import Assistant
from qa.errors import BadQuestion
from qa.indexing import index
from qa.library import Library
from qa.llamaindex import AnswerEngine, PassageRetriever
from qa.reading import SentenceReader
from qa.render import to_json
from qa.types import Document
from tests.fakes import WordEmbedder
from tests.running import run

PAGES = (
    "Bridge opens at Kilmore\n\nAnna Lind, the mayor of Kilmore, spoke on Sunday.\n\n",
    "“The bridge is open,” Lind said. “It cost two million.”\n\nPeter Ruiz did not praise the council. "
    "😀 “Ça va,” he said.",
)
REPORT = Document("kilmore", "Kilmore", ("kilmore.pdf",), "".join(PAGES), (0, len(PAGES[0])), {"author": "Ann Lee"})
OTHER = Document("harbour", "Harbour", ("harbour.txt",), "The harbour was dug in 1804. Its pier was built of oak.")


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    embedder = WordEmbedder()
    with Library.create(tmp_path / "library", embedder.name) as library:
        index(library, [REPORT, OTHER], embedder)
        yield Assistant(library, embedder, SentenceReader(embedder), None)


def stands(found: NodeWithScore, document: Document) -> bool:
    """Whether a node's text and its metadata's offsets are the document's."""
    metadata = found.node.metadata
    place = slice(metadata["start"], metadata["end"])
    ends = (found.node.start_char_idx, found.node.end_char_idx)
    return bool(document.text[place] == found.node.text and ends == (place.start, place.stop))


def test_passages_are_nodes_with_their_places(assistant: Assistant) -> None:
    retriever = PassageRetriever(assistant)
    assert isinstance(retriever, BaseRetriever)
    nodes = retriever.retrieve("Who said that the bridge is open?")
    assert [node.node.node_id for node in nodes] == [hit.passage.id for hit in assistant.search("bridge open said")]
    documents = {each.id: each for each in (REPORT, OTHER)}
    for node in nodes:
        metadata = node.node.metadata
        assert stands(node, documents[metadata["document_id"]])
        assert node.node.ref_doc_id == metadata["document_id"]
    first = nodes[0].node.metadata
    assert (first["title"], first["source"], first["author"]) == ("Kilmore", "kilmore.pdf", "Ann Lee")
    assert nodes[0].score > nodes[-1].score > 0


def test_fewer_passages_on_request_and_the_same_ones_async(assistant: Assistant) -> None:
    retriever = PassageRetriever(assistant, 1)
    found = retriever.retrieve("harbour pier")
    assert [node.node.metadata["title"] for node in found] == ["Harbour"]
    assert run(retriever.aretrieve(QueryBundle("harbour pier"))) == found


def test_a_models_prompt_has_title_and_page_and_no_offsets(assistant: Assistant) -> None:
    (node,) = PassageRetriever(assistant, 1).retrieve("Who said that the bridge is open?")
    shown = node.node.get_content(metadata_mode=MetadataMode.LLM)
    assert "title: Kilmore" in shown
    assert "page: " in shown
    for hidden in ("start", "document_id", "passage_id", "found_by"):
        assert f"{hidden}:" not in shown


def test_passages_go_through_a_pipeline_of_llama_index(assistant: Assistant) -> None:
    synthesizer = get_response_synthesizer(MockLLM(), response_mode="compact")  # which answers with its prompt
    pipeline = RetrieverQueryEngine(
        PassageRetriever(assistant), synthesizer, [SimilarityPostprocessor(similarity_cutoff=0.03)]
    )
    response = pipeline.query("When was the harbour dug?")
    assert response.source_nodes[0].node.metadata["document_id"] == "harbour"
    assert "title: Harbour" in str(response)
    assert OTHER.text in str(response)


def test_an_answer_is_a_response_with_its_citations(assistant: Assistant) -> None:
    engine = AnswerEngine(assistant)
    assert isinstance(engine, BaseQueryEngine)
    response = engine.query("Who said that the bridge is open?")
    assert response.metadata["short"] == "Anna Lind"
    assert response.response == response.metadata["text"]
    assert "[1]" in response.response
    assert len(response.source_nodes) == len(response.metadata["citations"]) > 0
    for node, cited in zip(response.source_nodes, response.metadata["citations"], strict=True):
        assert stands(node, REPORT)
        assert node.node.text == cited["quote"] == node.node.metadata["quote"]
        assert {
            name: node.node.metadata[name] for name in ("number", "start", "end", "document_id", "title", "page")
        } == {name: cited[name] for name in ("number", "start", "end", "document_id", "title", "page")}
    assert {node.node.metadata["page"] for node in response.source_nodes} == {1, 2}
    assert response.source_nodes[0].node.metadata["author"] == "Ann Lee"


def test_an_answer_comes_async_too(assistant: Assistant) -> None:
    engine = AnswerEngine(assistant)
    response = run(engine.aquery("Who said that the bridge is open?"))
    same = to_json(assistant.ask("Who said that the bridge is open?"))
    assert {**response.metadata, "timings_ms": None} == {**same, "timings_ms": None}


def test_what_the_sources_do_not_say_has_no_nodes(assistant: Assistant) -> None:
    response = AnswerEngine(assistant).query("Who is Maria Torres?")
    assert (str(response), response.source_nodes) == ("The sources do not say.", [])
    assert response.metadata["outcome"] == "not_found"


@pytest.mark.parametrize("question", ["", "  ", "x" * 100_000])
def test_a_bad_question_is_our_error(assistant: Assistant, question: str) -> None:
    with pytest.raises(BadQuestion):
        AnswerEngine(assistant).query(question)
    with pytest.raises(BadQuestion):
        PassageRetriever(assistant).retrieve(question)
