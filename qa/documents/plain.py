"""Turns text and Markdown files into text that is the file, character for character; knows no other format."""

import codecs
import re

from qa.documents.extracted import Extracted
from qa.errors import UnreadableDocument
from qa.frontmatter import front_matter
from qa.sentences import heading_words

_TITLE_LENGTH = 120  # a longer first line is a paragraph
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+[^\r\n]*", re.MULTILINE)


def read_markdown(name: str, raw: bytes) -> Extracted:
    """The decoded file, newlines and all, so that offsets hold in it; metadata from its front matter.

    UTF-8, or UTF-16 with its byte order mark. Raises `UnreadableDocument`.
    """
    text = decode(name, raw)
    metadata, start = front_matter(text)
    if not text[start:].strip():
        return Extracted("")
    return Extracted(text, metadata.pop("title", "") or _heading(text, start), metadata)


def read_text(name: str, raw: bytes) -> Extracted:
    """As `read_markdown`; a first line that stands alone is a title too."""
    found = read_markdown(name, raw)
    return Extracted(found.text, found.title or _first_line(found.text), found.metadata)


def decode(name: str, raw: bytes) -> str:
    """The file's characters. The byte order mark is kept as U+FEFF, character 0 of the text.

    Dropping it would shift every offset by one against the decoded file; it is white to every later stage.
    """
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = ("utf-16-le" if raw.startswith(codecs.BOM_UTF16_LE) else "utf-16-be") if wide else "utf-8"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"{name}: not {encoding.upper()} at byte {error.start}",
            "convert it: `iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW`",
        ) from error
    if "\0" in text:
        raise UnreadableDocument(f"{name}: binary data (a NUL at character {text.index(chr(0))})", "give a text file")
    return text


def _heading(text: str, start: int) -> str:
    """The words of the first Markdown heading; "" without one."""
    heading = _HEADING.search(text, start)
    return heading_words(heading[0]) if heading else ""


def _first_line(text: str) -> str:
    """A first line that stands alone; "" when the first paragraph goes on."""
    _, start = front_matter(text)
    lines = text[start:].lstrip()[: 2 * _TITLE_LENGTH].splitlines()
    stands_alone = len(lines) > 1 and not lines[1].strip() and len(lines[0]) < _TITLE_LENGTH
    return lines[0].rstrip() if stands_alone else ""
