"""Turns a PDF into text that knows its pages; recognises no letters in pictures."""

import logging
import re
from collections import Counter
from collections.abc import Sequence

from qa.documents.extracted import Extracted, extracted, paged
from qa.errors import UnreadableDocument

_MARGIN_PAGES = 3  # a first or last line that stands on so many pages and on most of them is a running head or foot
_DIGITS = re.compile(r"\d+")
_BROKEN_WORD = re.compile(r"(?<=[a-zß-öø-ÿ])(?:-|\u00ad)\n(?=[a-zß-öø-ÿ])")


def read_pdf(name: str, raw: bytes) -> Extracted:
    """The text of each page without running heads, words that a line end broke put together again.

    A hyphen at a line's end goes only when the whole word stands elsewhere in the document.
    Raises `UnreadableDocument` for an encrypted PDF and for one without text.
    """
    import io

    from pypdf import PasswordType, PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports each oddity of a file; what matters is raised
    reader = PdfReader(io.BytesIO(raw))
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise UnreadableDocument(
            f"{name}: encrypted, and it needs a password",
            "take the password off first: `qpdf --decrypt --password=… FILE.pdf OPEN.pdf`",
        )
    pages = _without_margins([page.extract_text() for page in reader.pages])
    if not any(map(str.strip, pages)):
        raise UnreadableDocument(
            f"{name}: no text in its {len(pages)} pages; it is scanned, or drawn",
            "recognise the letters first: `ocrmypdf FILE.pdf READABLE.pdf`",
        )
    text, starts = paged(_mended(pages))
    about = reader.metadata
    if about is None:
        return extracted(text, pages=starts)
    return extracted(text, about.title, pages=starts, author=about.author, day=_created(about))


def _created(about: object) -> object:
    try:
        return getattr(about, "creation_date", None)
    except ValueError:  # a date that is none: the text is worth more than it
        return None


def _without_margins(pages: Sequence[str]) -> list[str]:
    """The pages without first and last lines that stand, but for their numbers, on most of them."""
    lines = [page.strip().splitlines() for page in pages]
    for place in (0, -1):
        counts = Counter(_masked(each[place]) for each in lines if len(each) > 1)
        repeated = {line for line, count in counts.items() if count >= max(_MARGIN_PAGES, len(pages) / 2)}
        for each in lines:
            if len(each) > 1 and _masked(each[place]) in repeated:
                del each[place]
    return ["\n".join(each) for each in lines]


def _masked(line: str) -> str:
    return _DIGITS.sub("0", line.strip())


def _mended(pages: Sequence[str]) -> list[str]:
    known = set(re.findall(r"[^\W\d_]+", " ".join(pages).casefold()))

    def whole(text: str) -> str:
        return _BROKEN_WORD.sub(lambda broken: "" if _around(text, broken) in known else broken.group(), text)

    return [whole(page) for page in pages]


def _around(text: str, broken: re.Match[str]) -> str:
    """The word that the two halves make."""
    before = re.search(r"[^\W\d_]+$", text[max(0, broken.start() - 40) : broken.start()])
    after = re.match(r"[^\W\d_]+", text[broken.end() : broken.end() + 40])
    return (before[0] + after[0]).casefold() if before and after else ""
