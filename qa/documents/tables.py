"""Turns tables into lines that say what each value is; computes nothing in them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import chain

from qa.documents.archives import open_zip
from qa.documents.extracted import Extracted, extracted, one_line
from qa.documents.plain import decode

_DELIMITERS = ",;\t|"
_SAMPLE = 20_000  # characters from which the delimiter is told
_LONGEST_CELL = 10_000_000


def row_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A line for each row, each value after the name of its column: "City: Oslo; Founded: 1048".

    A value far from its column's name answers no question. A first row that names no columns is a row like others.
    """
    cells = ([_shown(cell) for cell in row] for row in rows)
    filled = (row for row in cells if any(row))
    first, second = next(filled, None), next(filled, None)
    if first is None:
        return
    if second is None or not _names_columns(first, max(place for place, cell in enumerate(second, 1) if cell)):
        yield "; ".join(filter(None, first))
        first = []
    for row in chain(filter(None, [second]), filled):
        names = first[: len(row)] + [""] * (len(row) - len(first))
        yield "; ".join(f"{name}: {value}" if name else value for name, value in zip(names, row, strict=True) if value)


def _names_columns(row: Sequence[str], below: int) -> bool:
    """Whether a first row is a head: words, none of them twice, none of them a number. below: where the second ends."""
    words = [cell for cell in row if cell]
    named = len(words) > max(len(row), below) / 2 and len(set(words)) == len(words)
    return named and len(row) > 1 and not any(_is_number(cell) for cell in words)


def _is_number(cell: str) -> bool:
    return cell.lstrip("+-$€£").replace(",", "").replace(".", "").rstrip("%").isdigit()


def _shown(cell: object) -> str:
    """A cell as a person reads it: 12.0 is 12, and a day has no midnight."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return (
        cell.isoformat(" ") if isinstance(cell, datetime) else str(cell) if isinstance(cell, date) else one_line(cell)
    )


def read_csv(name: str, raw: bytes) -> Extracted:
    """Each row as a line; the delimiter is a comma, semicolon, tab or bar. Raises `UnreadableDocument`."""
    text = decode(name, raw).removeprefix("\ufeff")
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:_SAMPLE], _DELIMITERS)
    except csv.Error:  # one column, or rows unlike each other
        dialect = csv.excel
    csv.field_size_limit(_LONGEST_CELL)
    return extracted("\n\n".join(row_lines(csv.reader(io.StringIO(text, newline=""), dialect))))


def read_xlsx(name: str, raw: bytes) -> Extracted:
    """Each sheet under its name, each row as a line; formulas as they were last computed.

    Raises `UnreadableDocument`.
    """
    import openpyxl

    open_zip(name, raw).close()
    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    parts = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # else every row is as wide as the widest, and every one is there
        rows = list(row_lines(sheet.iter_rows(values_only=True)))
        parts += [f"# {one_line(sheet.title)}", *rows] if rows else []
    about = book.properties
    return extracted("\n\n".join(parts), about.title, author=about.creator, day=about.created)
