"""Holds what every format is read into, and makes its text and dates uniform; reads no format itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import TypeAlias

_UNKEPT = {0: "\ufffd"} | dict.fromkeys(
    range(0xD800, 0xE000), "\ufffd"
)  # NUL and lone surrogates: no database has them


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of one document with what its file says of itself.

    title: "" when the file gives none. pages: start offset of each page, strictly ascending.
    metadata: author, date, publisher; empty values are left out.
    """

    text: str
    title: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[int, ...] = ()


Reader: TypeAlias = Callable[[str, bytes], Extracted]
"""Reads the bytes of one file, whose name is for errors only. Raises `UnreadableDocument`."""


def extracted(
    text: str, title: object = "", *, pages: tuple[int, ...] = (), day: object = None, **metadata: object
) -> Extracted:
    """What was read, in uniform shape: characters that no database keeps are replaced one for one."""
    values = {name: one_line(value) for name, value in metadata.items()} | {"date": iso_date(day)}
    kept = {name: value for name, value in values.items() if value}
    return Extracted(text.translate(_UNKEPT), one_line(title), kept, pages)


def one_line(value: object) -> str:
    """A value of a file's properties as one line; "" for None, "a, b" for a list."""
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(one_line, value)))
    return "" if value is None else " ".join(str(value).translate(_UNKEPT).split())


def iso_date(value: object) -> str:
    """A date as YYYY-MM-DD where it is one (ISO 8601, or as in e-mail); else as it stands, on one line."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    line = one_line(value)
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(line).date().isoformat()
        except (ValueError, OverflowError):  # a year, or a zone, that no calendar has
            continue
    return line


def paged(pages: Iterable[str]) -> tuple[str, tuple[int, ...]]:
    """The text of all pages, joined, and the offset at which each begins.

    A page that ends within a sentence is joined to the next one by a line end alone, so that the sentence stays whole.
    """
    text, starts = "", list[int]()
    for page in pages:
        if text:
            text += "\n" if text[-1].isalnum() or text[-1] in ",;-–" else "\n\n"
        elif starts:
            text = "\n" * len(starts)  # pages without text still count
        starts.append(len(text))
        text += page.strip()
    return text, tuple(starts)
