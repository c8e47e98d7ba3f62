"""paper-qa by its `Docs` object, without its agent; uses none of our stages.

As documented in its README (github.com/Future-House/paper-qa): "Manual (No Agent) Adding/Querying Documents", since the
agent needs a model that calls tools; "Locally Hosted" for a llama.cpp server, its temperature and frequency penalty;
"Local Embedding Models (Sentence Transformers)". `use_json` is off, in its favour: the small model's JSON could not be
read, and every question tried was refused. The rest is at its default: chunks of 5,000 characters with 250
of overlap, ten of them summarised and scored one by one, five in the answer's prompt. Looking up the papers' metadata
needs the internet and is off. The README warns that models of 7 B parameters do badly with it.
"""

import asyncio
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
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

_KEYS = re.compile(r"\(\s*(pqac-\w+(?:[\s,;]+pqac-\w+)*)\s*\)")


def docs(documents: list[Document], endpoint: Endpoint) -> Ask:
    """`Docs.aadd` for each document, `Docs.aquery` for each question."""
    from paperqa import Docs

    settings = _settings(endpoint)
    shelf = Docs()
    loop = asyncio.new_event_loop()

    async def add() -> None:
        with tempfile.TemporaryDirectory() as folder:
            for document in documents:
                path = Path(folder, f"{document.id}.txt")
                path.write_text(document.text, encoding="utf-8", newline="")
                named = {"citation": document.title, "docname": document.id, "dockey": document.id}
                await shelf.aadd(path, **named, settings=settings)

    async def answer(question: str) -> Reply:
        start = time.perf_counter()
        embedder = settings.get_embedding_model()
        found = await shelf.retrieve_texts(question, settings.answer.evidence_k, settings, embedder)
        retrieved = time.perf_counter() - start
        session = await shelf.aquery(question, settings=settings)
        hits = [source_of(text) for text in found]
        return reply_of(session.raw_answer or session.answer, session.contexts, hits, retrieved)

    loop.run_until_complete(add())
    return lambda question: loop.run_until_complete(asyncio.wait_for(answer(question), QUESTION_SECONDS - 5))


def reply_of(text: str, contexts: Sequence[Any], hits: Sequence[Source], retrieved: float) -> Reply:
    """An answer with its keys "(pqac-1a, pqac-2b)" as marks "[1, 2]" of its contexts; an invented key becomes [0]."""
    places = {context.id: number for number, context in enumerate(contexts, start=1)}

    def mark(keys: re.Match[str]) -> str:
        numbers = (str(places.get(key, 0)) for key in re.findall(r"pqac-\w+", keys[1]))
        return f"[{', '.join(numbers)}]"

    return Reply(_KEYS.sub(mark, text), [source_of(context.text) for context in contexts], False, hits, retrieved)


def source_of(text: Any) -> Source:  # noqa: ANN401 - a paperqa Text, or what looks like one
    """A chunk with the document that it is from."""
    return Source(text.text, str(text.doc.dockey))


def _settings(endpoint: Endpoint) -> Any:  # noqa: ANN401 - a paperqa Settings
    from paperqa import Settings
    from paperqa.settings import ParsingSettings, PromptSettings

    name = f"openai/{MODEL}"
    local = {
        "model_list": [
            {
                "model_name": name,
                "litellm_params": {
                    "model": name,
                    "api_base": endpoint.url,
                    "api_key": endpoint.key,
                    "temperature": 0.1,
                    "frequency_penalty": 1.5,
                    "max_tokens": MAX_TOKENS,
                    "timeout": QUESTION_SECONDS,
                },
            }
        ]
    }
    return Settings(
        llm=name,
        llm_config=local,
        summary_llm=name,
        summary_llm_config=local,
        embedding=f"st-{embedder_folder()}",
        parsing=ParsingSettings(use_doc_details=False, multimodal=False),
        prompts=PromptSettings(use_json=False),
    )
