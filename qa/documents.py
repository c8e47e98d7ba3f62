"""Turns files and folders into Documents; knows nothing of passages, models or the library."""

import codecs
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from qa.errors import NoDocuments, UnreadableDocument
from qa.frontmatter import front_matter
from qa.sentences import heading_words
from qa.types import Document

SUFFIXES = (".md", ".txt")
"""The formats that are read, lower case."""

MAXIMUM_BYTES = 50_000_000  # a longer file is data, not something to be read: it would swamp every search
_ABOUT_DOCUMENTS = {"readme.md", "sources.md"}  # they describe a folder of documents; they are not among them
_TITLE_LENGTH = 120  # a longer first line is a paragraph
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+[^\r\n]*", re.MULTILINE)


def read_paths(paths: Sequence[Path]) -> tuple[tuple[Document, ...], tuple[UnreadableDocument, ...]]:
    """Every document under `paths` (files, and folders with all they hold), and the files that failed.

    A folder is read in sorted order; hidden files, README.md and SOURCES.md are skipped there but are read
    when named. Two files of equal text become one document with both sources.
    Raises `NoDocuments` when nothing at all is readable.
    """
    documents: dict[str, Document] = {}
    failures: list[UnreadableDocument] = []
    for path in dict.fromkeys(file for place in paths for file in _files(place)):
        try:
            document = read_file(path)
        except UnreadableDocument as failure:
            failures.append(failure)
            continue
        known = documents.setdefault(document.id, document)
        if known is not document:
            documents[document.id] = replace(known, sources=known.sources + document.sources)
    if not documents:
        raise _nothing_in(paths, failures)
    return tuple(documents.values()), tuple(failures)


def read_file(path: Path) -> Document:
    """One file as a Document whose text is the decoded file, newlines and all, so that offsets hold in it.

    UTF-8, or UTF-16 with its byte order mark. Raises `UnreadableDocument`.
    """
    if path.suffix.lower() not in SUFFIXES:
        formats = " and ".join(SUFFIXES)
        raise UnreadableDocument(
            f"{path}: not a format that is read (given: {path.suffix or 'no suffix'!r})",
            f"give {formats} files; convert others first, for example with `pandoc FILE -o FILE.md`",
        )
    text = _decode(path, _bytes(path))
    metadata, start = front_matter(text)
    if not text[start:].strip():
        raise UnreadableDocument(f"{path}: holds no text", "put text into the file, or leave it out")
    title = metadata.pop("title", "") or _title(text, start, path)
    identity = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Document(identity, title, (str(path),), text, metadata=metadata)


def _files(path: Path) -> Iterator[Path]:
    """`path` itself unless it is a folder; of a folder, the files in it that are documents, sorted."""
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        about = file.name.lower() in _ABOUT_DOCUMENTS
        if file.suffix.lower() in SUFFIXES and not hidden and not about and not file.is_dir():
            yield file


def _nothing_in(paths: Sequence[Path], failures: Sequence[UnreadableDocument]) -> NoDocuments:
    places = ", ".join(map(str, paths)) or "no path at all"
    if failures:
        return NoDocuments(f"nothing readable in {places}: {failures[0].message}", failures[0].hint)
    return NoDocuments(
        f"nothing readable in {places}: no {' or '.join(SUFFIXES)} file there",
        "put a document there, or name another folder: `qa index PATH`",
    )


def _bytes(path: Path) -> bytes:
    try:
        if (size := path.stat().st_size) > MAXIMUM_BYTES:
            raise UnreadableDocument(
                f"{path}: {size / 1e6:.0f} MB, more than the {MAXIMUM_BYTES / 1e6:.0f} MB that are read",
                f"cut it into parts: `split --line-bytes=40M {path} part- --additional-suffix={path.suffix}`",
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(
            f"{path}: {error.strerror or error}", f"check the name and the rights: `ls -l {path}`"
        ) from error


def _decode(path: Path, raw: bytes) -> str:
    """The file's characters. The byte order mark is kept as U+FEFF, character 0 of the text.

    Dropping it would shift every offset by one against the decoded file; it is white to every later stage.
    """
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = ("utf-16-le" if raw.startswith(codecs.BOM_UTF16_LE) else "utf-16-be") if wide else "utf-8"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"{path}: not {encoding.upper()} at byte {error.start}",
            f"convert it: `iconv -f WINDOWS-1252 -t UTF-8 {path} > {path.stem}-utf8{path.suffix}`",
        ) from error
    if "\0" in text:
        raise UnreadableDocument(f"{path}: binary data (a NUL at character {text.index(chr(0))})", "give a text file")
    return text


def _title(text: str, start: int, path: Path) -> str:
    """The first Markdown heading, else a first line that stands alone, else the file's name."""
    heading = _HEADING.search(text, start)
    if heading and (words := heading_words(heading[0])):
        return words
    lines = text[start:].lstrip()[: 2 * _TITLE_LENGTH].splitlines()
    stands_alone = len(lines) > 1 and not lines[1].strip() and len(lines[0]) < _TITLE_LENGTH
    return lines[0].rstrip() if stands_alone and path.suffix.lower() == ".txt" else path.name
