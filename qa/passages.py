"""Turns Documents into Passages that know their offsets; knows nothing of files, models or the library."""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.frontmatter import front_matter
from qa.sentences import Block, blocks, divide, heading_words, sentences
from qa.types import Document, Passage, Span

__all__ = ["SPLITTER", "sentences", "sentences_of", "split"]

_MINIMUM_WORDS = 60  # of a passage that a paragraph's end may close
_MAXIMUM_WORDS = 110  # of any passage but a last one that took in a short rest; a MiniLM reads some 190
_SECTION_WORDS = 30  # of a passage that a heading closes
_REST_WORDS = 25  # a last passage shorter than this joins the one before it
_MAXIMUM_CHARACTERS = 1_000  # a longer sentence is cut, at white space where there is some
_REPEAT_WORDS = 6  # a sentence of so many words that was just read is a repeat: captions are printed twice
_REMEMBERED = 512  # passages whose sentences are kept: several stages of one answer ask for them
_REPEAT_WINDOW = 4  # sentences looked back for it

SPLITTER = (
    f"punkt-2/{_MINIMUM_WORDS}-{_MAXIMUM_WORDS}/{_SECTION_WORDS}/{_REST_WORDS}/{_MAXIMUM_CHARACTERS}"
    f"/{_REPEAT_WORDS}-{_REPEAT_WINDOW}"
)
"""Fingerprint of the method and its sizes: a library built with another one does not fit."""

_WORD = re.compile(r"\w+")
# A row of a table as "City: Oslo; Founded: 1048". The reader, given several rows at once, takes a value of the
# wrong one: of 12 questions about two small tables it answered 4 so, and 10 with a passage a row.
_ROW = re.compile(r"[^:;\n]{1,80}: [^;\n]+(?:; [^:;\n]{1,80}: [^;\n]+)+")
_UNCUT = re.compile(rf"\S{{1,{_MAXIMUM_CHARACTERS}}}")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of an over-long one, as passages are laid from it."""

    span: Span
    words: int
    is_heading: bool
    opens_block: bool
    is_repeat: bool
    is_row: bool


@lru_cache(maxsize=_REMEMBERED)
def sentences_of(passage: Passage) -> tuple[Span, ...]:
    """The sentences of one passage, in order, as spans of its document."""
    return tuple(each.moved(passage.span.start) for each in sentences(passage.text))


def split(document: Document) -> tuple[Passage, ...]:
    """The passages of one document: whole sentences, some 60 to 110 words, in order.

    Before the first passage, between two and after the last there is only white space, but for the front
    matter and a byte order mark, which belong to no passage. A sentence that repeats one just read (a
    caption printed twice) stands in a passage of repeats, so that retrieval can leave it out. A row of a table is a
    passage of its own.
    """
    text = document.text
    _, start = front_matter(text)
    if start == len(text):
        return ()
    body = tuple(blocks(text, Span(start, len(text))))
    headings = [
        (block.span.start, heading_words(block.span.within(text).splitlines()[0])) for block in body if block.is_heading
    ]
    passages = []
    for group in _grouped(_pieces(text, body)):
        span = Span(group[0].span.start, group[-1].span.end)
        above = bisect_right(headings, span.start, key=lambda heading: heading[0])
        heading = headings[above - 1][1] if above else ""
        page = bisect_right(document.pages, span.start) or None
        passages.append(Passage(document.id, span, span.within(text), page, heading))
    return tuple(passages)


def _pieces(text: str, body: Iterable[Block]) -> Iterator[_Piece]:
    """The sentences of `body`, in order; each knows whether it was just read."""
    recent: deque[list[str]] = deque(maxlen=_REPEAT_WINDOW)
    for block in body:
        opens_block = True
        is_row = bool(_ROW.fullmatch(text, block.span.start, block.span.end))
        for sentence in divide(text, block.span):
            words = _WORD.findall(sentence.within(text).casefold())  # quotation marks of any shape are left out
            is_repeat = len(words) >= _REPEAT_WORDS and words in recent
            recent.append(words)
            for span, count in _cut(text, sentence):
                yield _Piece(span, count, block.is_heading, opens_block, is_repeat, is_row)
                opens_block = False


def _cut(text: str, sentence: Span) -> Iterator[tuple[Span, int]]:
    """`sentence` whole, or in nearly equal parts within the limits; each with its number of words."""
    words = [Span(*word.span()) for word in _UNCUT.finditer(text, sentence.start, sentence.end)]
    length = sentence.end - sentence.start
    parts = max(-(-len(words) // _MAXIMUM_WORDS), -(-length // _MAXIMUM_CHARACTERS))
    share = -(-len(words) // parts)
    first = 0
    for place in range(1, len(words) + 1):
        ended = place == len(words) or place - first == share
        if ended or words[place].end - words[first].start > _MAXIMUM_CHARACTERS:
            yield Span(words[first].start, words[place - 1].end), place - first
            first = place


def _grouped(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """The pieces of each passage, in order."""
    groups: list[list[_Piece]] = []
    group: list[_Piece] = []
    for piece in pieces:
        if group and _closes(group, piece):
            headings = _trailing_headings(group)
            groups.append(group[: len(group) - headings])
            group = group[len(group) - headings :]
        group.append(piece)
    if groups and _is_rest(groups[-1], group):
        groups[-1] += group
    elif group:
        groups.append(group)
    return groups


def _closes(group: Sequence[_Piece], piece: _Piece) -> bool:
    """Whether `piece` begins a new passage."""
    if piece.is_repeat != group[-1].is_repeat or _overflows(group, [piece]):
        return True
    if piece.opens_block and (group[-1].is_row or (piece.is_row and not all(each.is_heading for each in group))):
        return True
    return piece.opens_block and _count(group) >= (_SECTION_WORDS if piece.is_heading else _MINIMUM_WORDS)


def _overflows(group: Sequence[_Piece], more: Sequence[_Piece], spare: int = 0) -> bool:
    too_long = more[-1].span.end - group[0].span.start > _MAXIMUM_CHARACTERS
    return too_long or _count(group) + _count(more) > _MAXIMUM_WORDS + spare


def _trailing_headings(group: Sequence[_Piece]) -> int:
    """How many headings end a group: they belong to what follows. None, when there is nothing else in it."""
    return next((place for place, piece in enumerate(reversed(group)) if not piece.is_heading), 0)


def _is_rest(before: Sequence[_Piece], group: Sequence[_Piece]) -> bool:
    """Whether a last group is too short to stand alone and may join the one before it."""
    rows = before[-1].is_row or group[0].is_row
    alike = not group[0].is_heading and not rows and before[-1].is_repeat == group[0].is_repeat
    return alike and _count(group) < _REST_WORDS and not _overflows(before, group, spare=_REST_WORDS)


def _count(group: Sequence[_Piece]) -> int:
    return sum(piece.words for piece in group)
