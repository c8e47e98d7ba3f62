"""Plain LlamaIndex, its default query engine and CitationQueryEngine, all at their defaults; uses none of our stages.

As documented: the first lines of developers.llamaindex.ai/python/framework/getting_started/faq, of the starter tutorial
(`VectorStoreIndex.from_documents(...)`, `.as_query_engine()`), and the example of the citation engine
(developers.llamaindex.ai/python/examples/query_engine/citation_query_engine, `CitationQueryEngine.from_args(index)`).
So chunks of 1,024 tokens with 20 of overlap, the two nearest retrieved, response mode "compact"; the citation engine
cuts them into sources of 512 tokens. The default engine cites nothing in its text: its source nodes stand behind all.
"""

import time
from typing import TYPE_CHECKING, Any

from benchmarks.race.rivals.answers import Reply, Source
from benchmarks.race.rivals.serving import (
    CONTEXT_TOKENS,
    MAX_TOKENS,
    MODEL,
    QUESTION_SECONDS,
    Ask,
    Document,
    Endpoint,
    embedder_folder,
)

if TYPE_CHECKING:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import NodeWithScore


def default_engine(documents: list[Document], endpoint: Endpoint) -> Ask:
    """`index.as_query_engine()`."""
    engine = _index(documents).as_query_engine(llm=_language_model(endpoint))
    return lambda question: _ask(engine, question, cites_all=True)


def citation_engine(documents: list[Document], endpoint: Endpoint) -> Ask:
    """`CitationQueryEngine.from_args(index)`."""
    from llama_index.core.query_engine import CitationQueryEngine

    engine = CitationQueryEngine.from_args(_index(documents), llm=_language_model(endpoint))
    return lambda question: _ask(engine, question, cites_all=False)


def _ask(engine: Any, question: str, cites_all: bool) -> Reply:  # noqa: ANN401 - either engine
    """The retrieval that the engine would do inside is called first, for its own time and its hits."""
    from llama_index.core.schema import QueryBundle

    start = time.perf_counter()
    found = engine.retrieve(QueryBundle(question))
    retrieved = time.perf_counter() - start
    given = engine.synthesize(QueryBundle(question), found)
    sources = [source_of(node) for node in given.source_nodes]
    return Reply(str(given), sources, cites_all, [source_of(node) for node in found], retrieved)


def source_of(found: "NodeWithScore") -> Source:
    """A node's text, without the line "Source 1:" that the citation engine puts over it."""
    text = found.node.get_content()
    if text.startswith("Source ") and text.partition("\n")[0].endswith(":"):
        text = text.partition("\n")[2]
    return Source(text, found.node.ref_doc_id or "", found.score or 0.0)


def _index(documents: list[Document]) -> "VectorStoreIndex":
    from llama_index.core import Document as TheirDocument
    from llama_index.core import VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return VectorStoreIndex.from_documents(
        [TheirDocument(id_=document.id, text=document.text) for document in documents],
        embed_model=HuggingFaceEmbedding(model_name=embedder_folder(), device="cpu"),
    )


def _language_model(endpoint: Endpoint) -> Any:  # noqa: ANN401 - an OpenAILike
    import httpx
    from llama_index.llms.openai_like import OpenAILike

    return OpenAILike(
        model=MODEL,
        api_base=endpoint.url,
        api_key=endpoint.key,
        http_client=httpx.Client(trust_env=False),
        is_chat_model=True,
        context_window=CONTEXT_TOKENS,
        max_tokens=MAX_TOKENS,
        temperature=0,
        timeout=QUESTION_SECONDS,
        max_retries=0,
    )
