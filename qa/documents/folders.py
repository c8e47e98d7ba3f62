"""Finds the files under paths and reads them all at once; keeps nothing between runs."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from qa.documents.files import SUFFIXES, read_file, source_name
from qa.errors import NoDocuments, UnreadableDocument
from qa.types import Document

_ABOUT_DOCUMENTS = {"readme.md", "sources.md", "questions.jsonl"}  # they describe a folder of documents


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; what may not be looked at is none, where `Path.is_dir` may raise."""
    return os.path.isdir(path)  # noqa: PTH112


def files_under(path: Path) -> Iterator[Path]:
    """`path` itself unless it is a folder; of a folder, the files in it that are documents, sorted.

    Hidden files, README.md, SOURCES.md and questions.jsonl are left out there. Links to folders are not followed:
    they may lead in circles.
    """
    if not is_folder(path):
        yield path
        return
    for folder, below, names in os.walk(path):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            hidden = name.startswith(".") or name.lower() in _ABOUT_DOCUMENTS
            if not hidden and Path(name).suffix.lower() in SUFFIXES:
                yield Path(folder, name)


def read_paths(paths: Sequence[Path]) -> tuple[tuple[Document, ...], tuple[UnreadableDocument, ...]]:
    """Every document under `paths` (files, and folders with all they hold), and what could not be read.

    Two files of equal text become one document with both sources.
    Raises `NoDocuments` when nothing at all is readable.
    """
    documents: dict[str, Document] = {}
    failures: list[UnreadableDocument] = []
    for path in dict.fromkeys(file for place in paths for file in files_under(place)):
        read, failed = read_file(path)
        failures += failed
        for document in read:
            known = documents.setdefault(document.id, document)
            if known is not document:
                documents[document.id] = replace(known, sources=known.sources + document.sources)
    if not documents:
        raise nothing_in(paths, failures)
    return tuple(documents.values()), tuple(failures)


def nothing_in(paths: Sequence[Path | str], failures: Sequence[UnreadableDocument]) -> NoDocuments:
    """The error for paths under which nothing is readable, which names the first failure."""
    places = ", ".join(path if isinstance(path, str) else source_name(path) for path in paths) or "no path at all"
    if failures and failures[0].message.startswith(f"{places}: "):
        return NoDocuments(failures[0].message, failures[0].hint)
    if failures:
        return NoDocuments(f"nothing readable in {places}: {failures[0].message}", failures[0].hint)
    return NoDocuments(
        f"nothing readable in {places}: no {' '.join(SUFFIXES)} file there",
        "put a document there, or name another folder: `qa index PATH`",
    )
