"""Turns a file of JSON lines into articles, one a line; knows nothing of questions in such files."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from qa.documents.extracted import Extracted, extracted, one_line
from qa.documents.plain import decode
from qa.errors import UnreadableDocument

_TEXT = ("text", "body", "content", "article", "maintext")
_TITLE = ("title", "headline", "name")
_AUTHOR = ("author", "authors", "byline", "creator")
_DATE = ("date", "published", "date_published", "published_at", "publish_date", "datePublished", "created")
_PUBLISHER = ("publisher", "source", "site", "sitename", "publication")
_KEY = ("id", "url", "link")


def read_records(name: str, raw: bytes) -> tuple[dict[str, Extracted], tuple[UnreadableDocument, ...]]:
    """The articles by their id, url or line number, and at most one failure, which counts the bad lines."""
    articles: dict[str, Extracted] = {}
    bad: list[str] = []
    for number, line in _lines(decode(name, raw)):
        try:
            key, article = _article(json.loads(line), number)
        except (ValueError, RecursionError) as error:
            bad.append(f"line {number}: {error}")
            continue
        articles[key if key not in articles else str(number)] = article
    if not bad:
        return articles, ()
    failure = UnreadableDocument(
        f"{name}: {len(bad)} of {len(bad) + len(articles)} lines are no articles ({bad[0]})",
        'each line is an object such as {"title": "…", "text": "…", "date": "2024-05-03"}',
    )
    return articles, (failure,)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold something, with their numbers from 1."""
    lines = text.removeprefix("\ufeff").split("\n")  # not splitlines: JSON may hold U+2028 within a string
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _article(record: Any, number: int) -> tuple[str, Extracted]:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(record, dict):
        raise ValueError("not an object")
    text = _first(record, _TEXT)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"no text (its fields: {', '.join(map(str, record))[:80]})")
    article = extracted(
        text,
        _first(record, _TITLE),
        day=_first(record, _DATE),
        author=_first(record, _AUTHOR),
        publisher=_first(record, _PUBLISHER),
        url=record.get("url"),
    )
    return one_line(_first(record, _KEY)) or str(number), article


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> Any:  # noqa: ANN401
    return next((record[name] for name in names if record.get(name) not in (None, "")), None)
