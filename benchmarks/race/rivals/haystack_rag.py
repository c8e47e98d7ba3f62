"""Haystack's retrieval-augmented pipeline as its first tutorial builds it; uses none of our stages.

As documented: the tutorial "Creating Your First QA Pipeline with Retrieval-Augmentation"
(haystack.deepset.ai/tutorials/27_first_rag_pipeline): text embedder, `InMemoryEmbeddingRetriever` (ten documents by
default), prompt builder and chat generator, with this embedder and the tutorial's template. Its documents are short;
longer ones are cut as docs.haystack.deepset.ai/docs/documentsplitter does by default, into 200 words. `AnswerBuilder`
without a pattern of references (docs.haystack.deepset.ai/docs/answerbuilder) names all retrieved documents: they stand
behind all of the text.
"""

import time
from typing import Any

from benchmarks.race.rivals.answers import Reply, Source
from benchmarks.race.rivals.serving import (
    MAX_TOKENS,
    MODEL,
    QUESTION_SECONDS,
    Ask,
    Document,
    Endpoint,
    embedder_folder,
)

TEMPLATE = """
Given the following information, answer the question.

Context:
{% for document in documents %}
    {{ document.content }}
{% endfor %}

Question: {{question}}
Answer:
"""


def pipeline(documents: list[Document], endpoint: Endpoint) -> Ask:
    """Both halves of the tutorial's pipeline; they are run one after the other, for the time of the first."""
    from haystack import Pipeline
    from haystack.components.builders import AnswerBuilder, ChatPromptBuilder
    from haystack.components.embedders import SentenceTransformersTextEmbedder
    from haystack.components.generators.chat import OpenAIChatGenerator
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.dataclasses import ChatMessage
    from haystack.utils import ComponentDevice, Secret

    retrieving = Pipeline()
    retrieving.add_component(
        "text_embedder",
        SentenceTransformersTextEmbedder(embedder_folder(), device=ComponentDevice.from_str("cpu"), progress_bar=False),
    )
    retrieving.add_component("retriever", InMemoryEmbeddingRetriever(_store(documents)))
    retrieving.connect("text_embedder.embedding", "retriever.query_embedding")

    generating = Pipeline()
    generating.add_component(
        "prompt_builder",
        ChatPromptBuilder([ChatMessage.from_user(TEMPLATE)], required_variables=["documents", "question"]),
    )
    generating.add_component(
        "llm",
        OpenAIChatGenerator(
            api_key=Secret.from_token(endpoint.key),
            model=MODEL,
            api_base_url=endpoint.url,
            generation_kwargs={"max_tokens": MAX_TOKENS, "temperature": 0},
            timeout=QUESTION_SECONDS,
            max_retries=0,
            http_client_kwargs={"trust_env": False},
        ),
    )
    generating.add_component("answer_builder", AnswerBuilder())
    generating.connect("prompt_builder.prompt", "llm.messages")
    generating.connect("llm.replies", "answer_builder.replies")

    def ask(question: str) -> Reply:
        start = time.perf_counter()
        found = retrieving.run({"text_embedder": {"text": question}})["retriever"]["documents"]
        retrieved = time.perf_counter() - start
        made = generating.run(
            {
                "prompt_builder": {"documents": found, "question": question},
                "answer_builder": {"query": question, "documents": found},
            }
        )["answer_builder"]["answers"][0]
        sources = [source_of(document) for document in made.documents]
        return Reply(made.data or "", sources, True, [source_of(document) for document in found], retrieved)

    return ask


def source_of(document: Any) -> Source:  # noqa: ANN401 - a haystack Document, or what looks like one
    """A retrieved document's text, with the name of what it was cut from."""
    return Source(document.content or "", document.meta.get("document", ""), document.score or 0.0)


def _store(documents: list[Document]) -> Any:  # noqa: ANN401 - an InMemoryDocumentStore
    from haystack import Document as TheirDocument
    from haystack.components.embedders import SentenceTransformersDocumentEmbedder
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack.utils import ComponentDevice

    store = InMemoryDocumentStore()
    splitter = DocumentSplitter()
    embedder = SentenceTransformersDocumentEmbedder(
        embedder_folder(), device=ComponentDevice.from_str("cpu"), progress_bar=False
    )
    for component in (splitter, embedder):
        if hasattr(component, "warm_up"):
            component.warm_up()
    whole = [TheirDocument(content=document.text, meta={"document": document.id}) for document in documents]
    store.write_documents(embedder.run(splitter.run(whole)["documents"])["documents"])
    return store
