"""Turns a text into its outermost quotations, paragraph by paragraph; knows nothing of who speaks.

Curly, straight, angle and low marks are paired within one paragraph, in one pass. A mark that may be an
apostrophe closes a quotation only when nothing better follows.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CLOSERS = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’", "'": "'", "‹": "›"}
MARKS = re.compile("[“”„«»\"‘’'‹›]")
APOSTROPHES = "’'"
# words that lose their first letters: the mark before them is an apostrophe
CLIPPED = re.compile(r"[‘’'](?:\d\ds?|t(?:is|was|were|will)|em|cause|til|n|bout|round|kay)\b", re.IGNORECASE)
PARAGRAPH = re.compile(r"\S(?:.*\S)?", re.ASCII)
BLANK_LINES = re.compile(r"\n[ \t\r]*\n\s*")
WRAPPED = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation.

    outer: from mark to mark; start, end: the words between them. open_ended: the paragraph ended first
    and the next one goes on with a mark of its own.
    """

    outer_start: int
    start: int
    end: int
    outer_end: int
    open_ended: bool = False


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Offsets of the paragraphs: parted by blank lines, or by single line ends when there are no blank lines."""
    parting = BLANK_LINES if BLANK_LINES.search(text) else re.compile(r"\n")
    found, start = [], 0
    for match in parting.finditer(text):
        found.append((start, match.start()))
        start = match.end()
    found.append((start, len(text)))
    return [trimmed for low, high in found if (trimmed := _trim(text, low, high))]


def quotations(text: str, parts: Sequence[tuple[int, int]]) -> list[list[Quotation]]:
    """The outermost quotations of each paragraph, in order."""
    return [list(_pairs(text, start, end, _next_mark(text, parts, index))) for index, (start, end) in enumerate(parts)]


def _trim(text: str, low: int, high: int) -> tuple[int, int] | None:
    piece = text[low:high]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return (low + left, low + right) if right > left else None


def _next_mark(text: str, parts: Sequence[tuple[int, int]], index: int) -> str:
    """The first character of the following paragraph: a mark there continues an open quotation."""
    return text[parts[index + 1][0]] if index + 1 < len(parts) else ""


def _pairs(text: str, start: int, end: int, next_mark: str) -> Iterator[Quotation]:
    marks = [match.start() for match in MARKS.finditer(text, start, end)]
    index = 0
    while index < len(marks):
        mark = text[marks[index]]
        if not _opens(text, marks[index], start):
            index += 1
            continue
        close = _closing(text, marks, index, end, start)
        if close is not None:
            if marks[close] > marks[index] + 1:
                yield Quotation(marks[index], marks[index] + 1, marks[close], marks[close] + 1)
            index = close + 1
        elif next_mark == mark and mark in "“‘\"'" and not _reopened(text, marks, index, start):
            if end > marks[index] + 1:
                yield Quotation(marks[index], marks[index] + 1, end, end, open_ended=True)
            return
        else:
            index += 1


def _opens(text: str, position: int, low: int) -> bool:
    mark = text[position]
    if mark not in CLOSERS:
        return False
    if mark in "‘'" and CLIPPED.match(text, position):
        return False
    before = text[position - 1] if position > low else " "
    after = text[position + 1 : position + 2]
    return not (before.isalnum() or before in ".,;!?%") and bool(after) and not after.isspace()


def _closing(text: str, marks: Sequence[int], opening: int, end: int, low: int) -> int | None:
    """Index of the mark that closes the one at `opening`, None when none does.

    The search ends at the next mark that opens the same
    way, so that all searches together read every mark a bounded number of times.
    """
    mark = text[marks[opening]]
    doubtful: int | None = None
    for index in range(opening + 1, len(marks)):
        position = marks[index]
        if text[position] == mark and index > opening and _opens(text, position, low) and _fresh(text, position):
            return doubtful
        if text[position] not in CLOSERS[mark] or not _closes(text, position, end):
            continue
        if mark in "‘'" and _may_be_apostrophe(text, position):
            doubtful = index if doubtful is None else doubtful
            continue
        return index
    return doubtful


def _fresh(text: str, position: int) -> bool:
    """Whether a mark of the opening kind cannot close as well (straight marks look alike)."""
    return text[position] not in "\"'" or text[position - 1].isspace() or text[position - 1] in "([—–-"


def _closes(text: str, position: int, end: int) -> bool:
    after = text[position + 1] if position + 1 < end else " "
    before = text[position - 1]
    if text[position] in APOSTROPHES:
        return not after.isalnum() and not before.isspace() and not CLIPPED.match(text, position)
    return not before.isspace() or not after.isalnum()


def _may_be_apostrophe(text: str, position: int) -> bool:
    """A possessive plural ("allies’ trust") or a dropped g ("goin’ home"): only more words may tell."""
    before, after = text[position - 1], text[position + 1 : position + 3]
    return (before in "sSzx" or text[position - 2 : position] == "in") and bool(re.match(r" \w", after))


def _reopened(text: str, marks: Sequence[int], opening: int, low: int) -> bool:
    """Whether another quotation of the same kind opens later in the paragraph: then this mark was stray."""
    mark = text[marks[opening]]
    return opening + 1 < len(marks) and any(
        text[position] == mark and _opens(text, position, low) for position in marks[opening + 1 : opening + 9]
    )
