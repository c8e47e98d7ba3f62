"""Finds the block of metadata at the head of a text; knows nothing of files or passages."""

import re
from typing import Any

import yaml

BYTE_ORDER_MARK = "\ufeff"

_BLOCK = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<body>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LONGEST = 10_000  # characters
_MOST_BRACKETS = 100  # the YAML parser takes seconds for some thousands of nested ones
# ValueError and OverflowError: dates such as 2017-13-45; RecursionError: a thousand dashes
_MALFORMED = (yaml.YAMLError, ValueError, OverflowError, RecursionError)


def front_matter(text: str) -> tuple[dict[str, str], int]:
    """The metadata at the head of `text`, and the offset at which the text proper begins.

    The block is YAML between two lines of `---` and opens the text. Keys become lower case, a list becomes
    "a, b", deeper values are left out. A block that is no YAML mapping is text: no metadata then. The text
    proper never begins with a byte order mark.
    """
    start = int(text.startswith(BYTE_ORDER_MARK))
    block = _BLOCK.match(text)
    if block is None or len(block["body"]) > _LONGEST or sum(map(block["body"].count, "[{")) > _MOST_BRACKETS:
        return {}, start
    try:
        values: Any = yaml.safe_load(block["body"])
    except _MALFORMED:
        return {}, start
    if not isinstance(values, dict) or not values:
        return {}, start
    named = {str(key).strip().lower(): _plain(value) for key, value in values.items()}
    return {key: value for key, value in named.items() if value}, block.end()


def _plain(value: object) -> str:
    """A scalar or a list of scalars as one line; nothing deeper, since YAML's aliases make bombs of that."""
    if isinstance(value, list):
        return ", ".join(_line(item) for item in value if not isinstance(item, list | dict))
    return "" if value is None or isinstance(value, dict) else _line(value)


def _line(value: object) -> str:
    return " ".join(str(value).split())
