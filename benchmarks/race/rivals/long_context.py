"""One prompt with the documents in it and no retrieval: as much of them as the model's window holds; uses no library.

As documented: documents first, each in tags with its number, the question at the end
(platform.claude.com/docs/en/build-with-claude/prompt-engineering/long-context-tips), and marks for citations. Where the
documents are longer than the window, each gives the same share from its beginning: nobody knows where the answer is.
"""

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from benchmarks.race.rivals.answers import Reply, Source
from benchmarks.race.rivals.serving import (
    CONTEXT_TOKENS,
    MAX_TOKENS,
    MODEL,
    QUESTION_SECONDS,
    Ask,
    Document,
    Endpoint,
)

RESERVED_TOKENS = 300  # for the instruction, the question and what the chat template adds
INSTRUCTION = (
    "Answer the question from the documents alone, and cite the document after each sentence by its number, like [1]. "
    "If the documents do not hold the answer, say that the documents do not say."
)


def prompt(documents: list[Document], endpoint: Endpoint) -> Ask:
    """Fills the window once; the same beginning for every question, which the server need not read again."""
    sources = cut(documents, CONTEXT_TOKENS - MAX_TOKENS - RESERVED_TOKENS, lambda text: _tokens(endpoint, text))
    beginning = together(sources)

    def ask(question: str) -> Reply:
        return Reply(_complete(endpoint, f"{beginning}\n\n{INSTRUCTION}\n\nQuestion: {question}"), sources)

    return ask


def cut(documents: list[Document], tokens: int, count: Callable[[str], int]) -> list[Source]:
    """The beginnings of the documents that fill so many tokens together; count: how many a text has.

    All get the same share of characters, those that are shorter than it leave the rest to the others. The share is
    halved between too much and too little until it fits to within a hundredth.
    """
    longest = max(len(document.text) for document in documents)
    if count(together(_beginnings(documents, longest))) <= tokens:
        return _beginnings(documents, longest)
    fits, too_long = 0, longest
    while too_long - fits > max(1, fits // 100):
        share = (fits + too_long) // 2
        if count(together(_beginnings(documents, share))) <= tokens:
            fits = share
        else:
            too_long = share
    return _beginnings(documents, fits)


def together(sources: list[Source]) -> str:
    """The documents in their tags, numbered from 1."""
    numbered = (
        f'<document index="{number}">\n<document_content>\n{source.text}\n</document_content>\n</document>'
        for number, source in enumerate(sources, start=1)
    )
    return "\n".join(["<documents>", *numbered, "</documents>"])


def _beginnings(documents: list[Document], characters: int) -> list[Source]:
    return [Source(document.text[:characters], document.id) for document in documents]


def _tokens(endpoint: Endpoint, text: str) -> int:
    return len(_post(endpoint, endpoint.url.removesuffix("/v1") + "/tokenize", {"content": text})["tokens"])


def _complete(endpoint: Endpoint, text: str) -> str:
    request = {
        "model": MODEL,
        "messages": [{"role": "user", "content": text}],
        "max_tokens": MAX_TOKENS,
        "temperature": 0,
        "cache_prompt": True,
    }
    reply = _post(endpoint, f"{endpoint.url}/chat/completions", request)
    return str(reply["choices"][0]["message"]["content"] or "")


def _post(endpoint: Endpoint, url: str, content: dict[str, object]) -> dict[str, Any]:
    request = urllib.request.Request(
        url,
        json.dumps(content).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {endpoint.key}"},
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=QUESTION_SECONDS) as reply:
        read: dict[str, Any] = json.load(reply)
        return read
