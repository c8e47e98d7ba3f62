"""A library's documents and passages as rows of Milvus; asks no server."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from qa.errors import LibraryError
from qa.milvus.server import MOST_BYTES, Row
from qa.rows import About
from qa.terms import terms
from qa.types import Document, Passage, Vectors

HEAD, MARK = 0, -1
"""Parts of a document that are no text: its head; a row that only counts as a mark."""

IDENTITY = re.compile(r"[0-9A-Za-z_.-]{1,128}")
"""What a document's id can be: nothing that a condition of Milvus could take for its own."""

_PART = 16_000  # characters of a text in one row: at most four bytes each


@dataclass(frozen=True, slots=True)
class Head:
    """A document without its text, as one row.

    number: its place in the order. files: by source, a file's name, its stamp and how many sources it has.
    """

    about: About
    version: int
    number: int
    files: Mapping[str, tuple[str, str, int]]

    @classmethod
    def new(cls, document: Document, version: int, number: int) -> Self:
        """Of a document whose texts are written under `version`."""
        sizes = len(document.text), len(document.pages)
        sources = tuple(dict.fromkeys(document.sources))
        about = About(document.id, document.title, sources, *sizes, dict(document.metadata))
        return cls(about, version, number, {})

    @classmethod
    def of(cls, row: Row) -> Self:
        """As `row` wrote it."""
        kept = json.loads(row["content"])
        about = About(row["document"], **{**kept["about"], "sources": tuple(kept["about"]["sources"])})
        files = {source: (name, stamp, count) for source, (name, stamp, count) in kept["files"].items()}
        return cls(about, row["version"], kept["number"], files)

    def row(self) -> Row:
        """Raises `LibraryError` when it is too long for Milvus."""
        about = {
            "title": self.about.title,
            "sources": self.about.sources,
            "characters": self.about.characters,
            "pages": self.about.pages,
            "metadata": dict(self.about.metadata),
        }
        kept = {"about": about, "number": self.number, "files": self.files}
        content = json.dumps(kept, ensure_ascii=False)
        if len(content.encode()) > MOST_BYTES:
            raise LibraryError(
                f"title, sources and metadata of document {self.about.id} take {len(content.encode()):,} bytes; Milvus "
                f"keeps {MOST_BYTES:,}",
                "shorten its metadata, or keep it in a library in a folder: `qa index PATH --library FOLDER`",
            )
        return content_row(self.about.id, self.about.id, self.version, HEAD, content)

    def with_sources(self, sources: Sequence[str]) -> "Head":
        """With these sources and no others, each once; a file of which a source went counts as unread."""
        kept = tuple(dict.fromkeys(sources))
        files = {source: file for source, file in self.files.items() if source in kept}
        return replace(self, about=replace(self.about, sources=kept), files=files)

    def with_file(self, name: str, stamp: str, sources: Sequence[str]) -> "Head":
        """Read from that file, which has these sources, as far as they are this document's."""
        own = dict.fromkeys(set(self.about.sources).intersection(sources), (name, stamp, len(sources)))
        return replace(self, files={**self.files, **own})

    def without(self, sources: Collection[str]) -> "Head":
        """Without these sources."""
        taken = set(sources)
        return self.with_sources([each for each in self.about.sources if each not in taken])


def content_row(key: str, document: str, version: int, part: int, content: str) -> Row:
    """Of the collection of documents, without the vector that it needs and nobody looks at."""
    return {"key": key, "document": document, "version": version, "part": part, "content": content}


def text_rows(document: Document, version: int) -> Iterator[Row]:
    """The text with the beginnings of its pages, in as many rows as it takes."""
    body = json.dumps({"text": document.text, "pages": document.pages}, ensure_ascii=False)
    for part, start in enumerate(range(0, len(body), _PART), 1):
        key = f"{document.id}/{version}/{part}"
        yield content_row(key, document.id, version, part, body[start : start + _PART])


def passage_rows(document: Document, passages: Sequence[Passage], vectors: Vectors, version: int) -> Iterator[Row]:
    """Raises `ValueError` when there is not one vector for each passage, or for an id that is none of ours."""
    if not IDENTITY.fullmatch(document.id):
        raise ValueError(f"not an id of a document: {document.id!r}")
    for passage, vector in zip(passages, vectors, strict=True):
        words = [*terms(document.title), *terms(passage.heading), *2 * terms(passage.text)]
        yield {
            "key": f"{document.id}/{version}/{passage.span.start}-{passage.span.end}",
            "document": document.id,
            "version": version,
            "start": passage.span.start,
            "end": passage.span.end,
            "page": passage.page or 0,
            "heading": shortened(passage.heading),
            "text": passage.text if len(passage.text.encode()) <= MOST_BYTES else "",
            "words": shortened(" ".join(words)),
            "vector": vector.tolist(),
        }


def shortened(text: str) -> str:
    """As much of `text` as one field holds."""
    return text.encode()[:MOST_BYTES].decode(errors="ignore")
