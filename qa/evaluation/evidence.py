"""Turns evidence strings into places in documents; knows nothing of answers or scores."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from qa.errors import BadQuestionFile
from qa.types import Example, Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a span of one document."""

    document_id: str
    span: Span

    def overlaps(self, other: "Place") -> bool:
        """Whether both are in one document and share at least one character."""
        return self.document_id == other.document_id and self.span.overlaps(other.span)


Evidence: TypeAlias = tuple[tuple[Place, ...], ...]
"""For each evidence string of one question, every place where it stands (never an empty tuple)."""

_ALIKE = ('"“”„‟«»', "'‘’‚‛`´", "-‐‑‒–—―")
"""Characters that typists and editors swap for one another: any of a group matches any other of it."""


def find_places(words: str, texts: Mapping[str, str]) -> tuple[Place, ...]:
    """Every place where `words` stand, by document and then by offset; texts: document id -> text.

    They are sought as they are; only when no document has them so, with quotation marks, dashes and white
    space taken loosely (straight for curly, one space for a line break). Spans are offsets into the
    document as it is, either way.
    """
    for pattern in (re.escape(words.strip()), _loosely(words)):
        places = tuple(
            Place(document_id, Span(*match.span()))
            for document_id, text in texts.items()
            for match in re.finditer(pattern, text)
        )
        if places:
            return places
    return ()


def locate_evidence(
    examples: Sequence[Example], texts: Mapping[str, str], allow_missing: bool = False
) -> dict[str, Evidence]:
    """Example id -> the places of its evidence strings, in their order; texts: document id -> text.

    Raises `BadQuestionFile`, naming the question, for evidence that is in no document; with
    `allow_missing` such a string is left out instead.
    """
    evidence: dict[str, Evidence] = {}
    for example in examples:
        found = [find_places(words, texts) for words in example.evidence]
        if not all(found) and not allow_missing:
            raise _missing(example, example.evidence[found.index(())], len(texts))
        evidence[example.id] = tuple(filter(None, found))
    return evidence


def _loosely(words: str) -> str:
    return r"\s+".join("".join(map(_any_of_its_kind, word)) for word in words.split())


def _any_of_its_kind(character: str) -> str:
    group = next((group for group in _ALIKE if character in group), None)
    return f"[{re.escape(group)}]" if group else re.escape(character)


def _missing(example: Example, words: str, document_count: int) -> BadQuestionFile:
    shown = words if len(words) <= 80 else f"{words[:77]}..."
    return BadQuestionFile(
        f"question {example.id!r}: its evidence is in none of {document_count} documents: {shown!r}",
        "copy evidence word for word from a document, build the library from the documents that the questions "
        "are about (`qa index FOLDER`), or leave such evidence out (`--allow-missing-evidence`)",
    )
