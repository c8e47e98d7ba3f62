"""Turns what a rival gave into the answer JSON that `qa eval` scores; knows no rival and imports nothing but Python.

Where a rival leaves us to guess, we guess in its favour: a refusal is whatever sounds like one, and the place of a text
that it cites is looked up in the documents, because it gives no offsets. What stands nowhere in them is cited at no
place, and is not verbatim.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = "qa.answer/1"

REFUSALS = re.compile(
    r"empty response"  # LlamaIndex's, when nothing was retrieved
    r"|none of the (provided )?(sources|documents|information|passages)"
    r"|(sources?|documents?) (\[\d+\] )?(are|is|were) (not|un)\s?helpful"
    r"|(do|does|did)(n't|n’t| not) (explicitly |directly |specifically )?"
    r"(provide|mention|contain|say|specify|state|include|give|indicate|answer|know|have (enough|any|the|information))"
    r"|no (specific |relevant |direct |further |additional )?(information|mention|answer|evidence|details?|sources?)\b"
    r"|(is|are|was|were)(n't|n’t| not) (explicitly |directly |specifically |clearly )?"
    r"(mentioned|provided|stated|specified|available|given|known|disclosed|clear)"
    r"|(can|could)(not|n't|n’t| not) (be )?(answer|determine|find|provide|say|tell|conclude)"  # paper-qa's
    r"|unable to (answer|determine|find|provide)"
    r"|\b(unknown|insufficient information|not enough information)\b",
    re.IGNORECASE,
)
"""A text whose first sentence holds one of these counts as "not found", whatever it says after it."""

_ONE_MARK = r"\s*(?:\[(?:source |document )?|\((?:source |document ))(?:\d+(?:\s*,\s*\d+)*)[\])]"
_MARK = re.compile(_ONE_MARK, re.IGNORECASE)
_SENTENCE_END = re.compile(rf"(?<=[.!?])(?<!\b\w\.)(?<!\b\d\d\.)(?P<marks>(?:{_ONE_MARK})*)\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A text that a rival cites or retrieved. document_id: of its document, "" when the rival forgot it."""

    text: str
    document_id: str = ""
    score: float = 0.0


@dataclass(frozen=True)
class Reply:
    """What a rival gave for one question.

    sources: numbered from 1, as marks "[1]" in the text name them. cites_all: it marks nothing, and every source stands
    behind every sentence. hits: what it retrieved, best first. retrieved: seconds until then, None when it retrieves
    nothing or does not tell.
    """

    text: str
    sources: Sequence[Source] = ()
    cites_all: bool = False
    hits: Sequence[Source] = ()
    retrieved: float | None = None


def refuses(text: str) -> bool:
    """Whether a text is a refusal: its first sentence matches `REFUSALS`, or it is empty."""
    first = re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]
    return not first or REFUSALS.search(first) is not None


def marked_numbers(text: str) -> tuple[int, ...]:
    """The source numbers in a text's marks, "[2]", "[1, 3]", "(Source 2)", each once, in order of first mention."""
    numbers = (number for mark in _MARK.findall(text) for number in re.findall(r"\d+", mark))
    return tuple(dict.fromkeys(map(int, numbers)))


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with the marks that stand in it or right behind its end.

    "U.S." and the number of a list's item end none.
    """
    found, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        found.append(text[start : end.end("marks")].strip())
        start = end.end()
    return [sentence for sentence in [*found, text[start:].strip()] if sentence]


def to_answer(
    question: str, reply: Reply, texts: Mapping[str, str], models: Mapping[str, str], seconds: float
) -> dict[str, Any]:
    """The answer JSON; texts: document id -> text. seconds: from the question until the whole text was there.

    A number that no source has is cited all the same, at no place. Nothing is shown before the end: the first sentence
    and the short answer count as there when everything is.
    """
    milliseconds = seconds * 1000
    refused = refuses(reply.text)
    claims, numbers = ([], ()) if refused else _claims(reply)
    hits = [(place, hit.score) for hit in reply.hits if (place := find(hit, texts)) is not None]
    citations = [_citation(number, reply.sources, texts) for number in numbers]
    return {
        "schema": SCHEMA,
        "question": question,
        "standalone_question": question,
        "outcome": "not_found" if refused else "answered" if citations else "unverified",
        "short": None,
        "text": reply.text.strip(),
        "confidence": None,
        "claims": claims,
        "citations": citations,
        "hits": [
            {"passage_id": f"{name}:{start}-{end}", "document_id": name, "start": start, "end": end, "score": score}
            for (name, start, end), score in hits
        ],
        "timings_ms": {
            "retrieve": milliseconds if reply.retrieved is None else reply.retrieved * 1000,
            "read": milliseconds,
            "first_sentence": None if refused else milliseconds,
            "total": milliseconds,
        },
        "models": dict(models),
    }


def failure(question: str, models: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """The answer JSON of a question at which the rival failed or was too slow: nothing shown, and no refusal either."""
    answer = to_answer(question, Reply(""), {}, models, seconds)
    return {**answer, "outcome": "unverified"}


def find(source: Source, texts: Mapping[str, str]) -> tuple[str, int, int] | None:
    """Document id, start and end of a source's first place: in its own document, if it knows that, or in any.

    White space is taken loosely when no document has the words exactly so. None when they stand nowhere.
    """
    words = source.text.strip()
    if not words:
        return None
    known = {source.document_id: texts[source.document_id]} if source.document_id in texts else texts
    for name, text in known.items():
        if (start := text.find(words)) >= 0:
            return name, start, start + len(words)
    loosely = re.compile(r"\s+".join(map(re.escape, words.split())))
    for name, text in known.items():
        if place := loosely.search(text):
            return name, place.start(), place.end()
    return None


def _claims(reply: Reply) -> tuple[list[dict[str, Any]], tuple[int, ...]]:
    """The sentences with the numbers behind each, and all numbers in order of first mention."""
    everything = tuple(range(1, len(reply.sources) + 1))
    claims = []
    for sentence in sentences(reply.text):
        numbers = everything if reply.cites_all else marked_numbers(sentence)
        if bare := _MARK.sub("", sentence).strip():
            claims.append({"text": bare, "citations": list(numbers), "support": "unsupported"})
    return claims, everything if reply.cites_all else marked_numbers(reply.text)


def _citation(number: int, sources: Sequence[Source], texts: Mapping[str, str]) -> dict[str, Any]:
    source = sources[number - 1] if 0 < number <= len(sources) else Source("")
    place = find(source, texts)
    if place is None:
        name, start, end, quote = "", 0, max(1, len(source.text)), source.text
    else:
        name, start, end = place
        quote = texts[name][start:end]
    return {
        "number": number,
        "document_id": name,
        "title": name,
        "source": name,
        "start": start,
        "end": end,
        "quote": quote,
    }
