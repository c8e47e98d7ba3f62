"""Turns Answers into one text of any of the formats in which they leave; knows nothing of where it goes."""

import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from qa.render.annotations import to_annotations
from qa.render.bibliography import to_bibtex, to_csl
from qa.render.data import to_json
from qa.render.escaping import escape_json
from qa.render.sheet import to_sheet
from qa.render.text import to_markdown
from qa.types import Answer


class Format(StrEnum):
    """How answers leave."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    BIBTEX = "bibtex"
    CSL = "csl"
    ANNOTATIONS = "annotations"


MEDIA_TYPES: Mapping[Format, str] = {
    Format.MARKDOWN: "text/markdown",
    Format.HTML: "text/html",
    Format.JSON: "application/json",
    Format.BIBTEX: "application/x-bibtex",
    Format.CSL: "application/vnd.citationstyles.csl+json",
    Format.ANNOTATIONS: "application/ld+json",
}


def export(answers: Sequence[Answer], form: Format) -> str:
    """The answers as one text that ends with a line end, without characters that a terminal takes for commands.

    JSON of several answers is JSON Lines; every other format holds them all in one piece.
    """
    return _WRITERS[form](answers)


def dump(value: object, indent: int | None = 2) -> str:
    """`value` as JSON in UTF-8; characters that nobody could see are escaped."""
    return escape_json(json.dumps(value, ensure_ascii=False, indent=indent)) + "\n"


def _json(answers: Sequence[Answer]) -> str:
    return "".join(dump(to_json(answer), 2 if len(answers) == 1 else None) for answer in answers)


_WRITERS: Mapping[Format, Callable[[Sequence[Answer]], str]] = {
    Format.MARKDOWN: to_markdown,
    Format.HTML: to_sheet,
    Format.JSON: _json,
    Format.BIBTEX: to_bibtex,
    Format.CSL: lambda answers: dump(to_csl(answers)),
    Format.ANNOTATIONS: lambda answers: dump(to_annotations(answers)),
}
