"""Offers a library's passages and answers to LlamaIndex pipelines; knows nothing of how they are found or made.

Its words are LlamaIndex's: a node is a passage or a quote, a query is a question, a response an answer.
"""

import asyncio
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from qa.assistant import Assistant
from qa.errors import DocumentNotFound
from qa.render import OUTCOME_WORDS, citation_row, passage_row, to_json
from qa.types import Answer, Citation, Hit, Passage

SHOWN = ("title", "page", "heading", "author", "date", "publisher")
"""The metadata that a pipeline's own models see beside a node's text; offsets and ids would only confuse them."""


class PassageRetriever(BaseRetriever):  # type: ignore[misc]  # LlamaIndex's classes are untyped to mypy here
    """The passages that suit a question, as nodes.

    A node's text is the passage, its `start_char_idx` and `end_char_idx` are offsets into the document's text, its
    id is the passage's, and its metadata is that of `qa.render.passage_row` without the text. Raises `BadQuestion`.
    """

    def __init__(
        self, assistant: Assistant, count: int | None = None, callback_manager: CallbackManager | None = None
    ) -> None:
        """count: how many passages, None for as many as the assistant reads itself."""
        super().__init__(callback_manager)
        self._assistant = assistant
        self._count = count

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._assistant.search(query_bundle.query_str, self._count)
        nodes = (self._node(hit) for hit in hits)
        return [node for node in nodes if node is not None]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _node(self, hit: Hit) -> NodeWithScore | None:
        """None when another process has removed the passage's document since it was found."""
        try:
            document = self._assistant.document(hit.passage.document_id)
        except DocumentNotFound:
            return None
        row = passage_row(hit, document)
        del row["text"], row["score"]
        return NodeWithScore(node=_node(hit.passage.id, hit.passage.text, row), score=hit.score)


class AnswerEngine(BaseQueryEngine):  # type: ignore[misc]  # as above
    """Answers, as responses whose source nodes are the citations.

    The response's text is the answer with its [n] marks, its metadata is the answer as JSON (docs/DESIGN.md). The
    source node of [n] is the n-th: its text is the quote, its metadata the citation as JSON, `quote`, `start`, `end`,
    `document_id`, `title` and `page` among it, and its score the answer's confidence. Raises `BadQuestion`.
    """

    def __init__(self, assistant: Assistant, callback_manager: CallbackManager | None = None) -> None:
        super().__init__(callback_manager)
        self._assistant = assistant

    def _query(self, query_bundle: QueryBundle) -> Response:
        return _response(self._assistant.ask(query_bundle.query_str))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}  # the prompts are not LlamaIndex's to change: what they write is checked


def _response(answer: Answer) -> Response:
    nodes = [NodeWithScore(node=_quote(each), score=answer.confidence) for each in answer.citations]
    return Response(answer.text or OUTCOME_WORDS[answer.outcome], nodes, to_json(answer))


def _quote(citation: Citation) -> TextNode:
    place = Passage(citation.quote.document_id, citation.quote.span, citation.quote.text)
    return _node(place.id, place.text, citation_row(citation))


def _node(identity: str, text: str, row: dict[str, Any]) -> TextNode:
    metadata = {name: value for name, value in row.items() if name != "metadata"} | row[
        "metadata"
    ]  # stores want it flat
    hidden = [name for name in metadata if name not in SHOWN]
    return TextNode(
        id_=identity,
        text=text,
        start_char_idx=row["start"],
        end_char_idx=row["end"],
        metadata=metadata,
        excluded_llm_metadata_keys=hidden,
        excluded_embed_metadata_keys=hidden,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=row["document_id"])},
    )
