"""Turns the documents that Answers cite into BibTeX and CSL-JSON; knows only what the documents say of themselves.

CSL-JSON: https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from qa.render.annotations import address_of
from qa.render.escaping import escape_latex, visible
from qa.render.words import fetched
from qa.types import Answer, Citation
from qa.wordlists import FEMALE_NAMES, MALE_NAMES, PLACES_AND_BODIES

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?")
_WRITTEN_DATES = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class _Name:
    """Who wrote it. given: "" for a body, or a name whose parts nobody knows."""

    family: str
    given: str = ""


def to_bibtex(answers: Sequence[Answer]) -> str:
    """One @misc entry for each cited document, in order of first mention."""
    return "\n".join(_entry(citation) for citation in _documents(answers))


def to_csl(answers: Sequence[Answer]) -> list[dict[str, object]]:
    """One item for each cited document, in order of first mention; every value is a JSON type."""
    return [_item(citation) for citation in _documents(answers)]


def _documents(answers: Sequence[Answer]) -> Iterator[Citation]:
    """The first citation of each document."""
    seen = dict[str, Citation]()
    for answer in answers:
        for citation in answer.citations:
            seen.setdefault(citation.quote.document_id, citation)
    yield from seen.values()


def _key(citation: Citation) -> str:
    """As in "lee2017-9f86d081884c7d65": the document's id makes it unique, and the same in every export."""
    names, date = _names(citation), _date(citation.metadata.get("date", ""))
    first = re.sub(r"[^a-z]", "", (names[0].family if names else "").lower())[:20]
    return f"{first or 'source'}{date[0] if date else ''}-{re.sub(r'[^0-9A-Za-z]', '', citation.quote.document_id)}"


def _entry(citation: Citation) -> str:
    told = {name: _line(citation.metadata.get(name, "")) for name in ("publisher", "date", "accessed")}
    date, accessed = _date(told["date"]), _date(told["accessed"])
    year, month, day = (*date, 0, 0, 0)[:3]
    fields = {
        "author": " and ".join(map(_bibtex_name, _names(citation))),
        "title": f"{{{escape_latex(_line(citation.title))}}}",  # twice in braces: no style changes its capitals
        "publisher": escape_latex(told["publisher"]),
        "howpublished": escape_latex(told["publisher"]),  # what plain BibTeX prints of @misc
        "year": str(year) if year else escape_latex(told["date"]),
        "day": str(day) if day else "",
        "url": _address(citation),
        "urldate": "-".join(f"{part:02}" for part in accessed),
        "note": escape_latex(_file(citation)),
    }
    rows = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    rows += [f"  month = {_MONTHS[month - 1]},\n"] if month else []
    return f"@misc{{{_key(citation)},\n{''.join(rows)}}}\n"


def _bibtex_name(name: _Name) -> str:
    family, given = escape_latex(name.family), escape_latex(name.given)
    return f"{family}, {given}" if given else f"{{{family}}}"


def _item(citation: Citation) -> dict[str, object]:
    names = [
        {"family": name.family, "given": name.given} if name.given else {"literal": name.family}
        for name in _names(citation)
    ]
    item = {
        "id": _key(citation),
        "type": "webpage" if _address(citation) else "document",
        "title": _line(citation.title),
        "author": names,
        "issued": _csl_date(citation.metadata.get("date", "")),
        "accessed": _csl_date(citation.metadata.get("accessed", "")),
        "publisher": _line(citation.metadata.get("publisher", "")),
        "URL": _address(citation),
        "note": _file(citation),
    }
    return {name: value for name, value in item.items() if value}


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _address(citation: Citation) -> str:
    """The web address that is known of the document, "" when there is none."""
    told = (citation.metadata.get("url", ""), citation.source)
    return next((address_of(each) for each in told if fetched(each)), "")


def _file(citation: Citation) -> str:
    return "" if fetched(citation.source) else f"File {_line(citation.source)}"


def _date(text: str) -> tuple[int, ...]:
    """Year, month and day, as far as `text` gives them; () for what is no date."""
    match = _DATE.fullmatch(text.strip())
    if match:
        parts = tuple(int(part) for part in match.groups() if part)
        padded = (*parts, 1, 1)[:3]
        return parts if _is_day(*padded) else ()
    for form in _WRITTEN_DATES:
        try:
            day = datetime.strptime(text.strip(), form)
        except ValueError:
            continue
        return day.year, day.month, day.day
    return ()


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        datetime(year, month, day)
    except ValueError:
        return False
    return True


def _csl_date(text: str) -> dict[str, object]:
    date, line = _date(text), _line(text)
    if date:
        return {"date-parts": [list(date)]}
    return {"literal": line} if line else {}


def _names(citation: Citation) -> list[_Name]:
    """The authors. Parted at "and", ";" and, between names of two words and more, at commas.

    A name is parted into family and given name only where that is sure: "Lee, Ann", or a known first name and no
    word that bodies have. Every other stays whole, as a bibliography prints the name of a body.
    """
    author = _line(citation.metadata.get("author", ""))
    names = [part.strip() for part in re.split(r"\s*;\s*|\s+and\s+(?=[A-Z]\S*\s+[A-Z])", author) if part.strip()]
    return [name for part in names for name in _parted(part)]


def _parted(part: str) -> list[_Name]:
    pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
    if len(pieces) > 1 and all(" " in piece for piece in pieces):
        return [_name(piece) for piece in pieces]
    if len(pieces) == 2 and " " not in pieces[0] and _is_person(f"{pieces[1]} {pieces[0]}"):
        return [_Name(pieces[0], pieces[1])]
    return [_name(part)]


def _name(text: str) -> _Name:
    if not _is_person(text):
        return _Name(text)
    words = text.split()
    # "van der Berg": a family name begins with the first small word
    start = next((at for at, word in enumerate(words) if at and word[0].islower()), len(words) - 1)
    return _Name(" ".join(words[start:]), " ".join(words[:start]))


def _is_person(text: str) -> bool:
    words = text.split()
    known = words[0].lower() in FEMALE_NAMES | MALE_NAMES
    capital = words[-1][0].isupper() and all(re.fullmatch(r"[^\W\d_][\w.'’-]*", word) for word in words)
    body = any(word.lower() in PLACES_AND_BODIES for word in words)
    return len(words) in range(2, 6) and known and capital and not body
