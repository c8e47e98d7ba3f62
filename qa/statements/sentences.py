"""Turns a text into its sentences with the quotations masked; knows nothing of who speaks."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.statements.quotations import Quotation, paragraphs, quotations
from qa.wordlists import ABBREVIATIONS

QUOTED = "\ue000"  # a private character, so that it meets no rule for words, blanks or points
DOT = "\ue001"  # a point that ends no sentence
TERMINAL = ".!?…:;,\"'”’»)]—-–" + QUOTED
LONGEST_HEADLINE = 400  # characters; a longer paragraph without a final point is prose all the same
_POINT = re.compile(r"\.")
_ABBREVIATED = re.compile(r"([^\W\d_]+(?:\.[^\W\d_])*)\Z")
WINDOW = 500  # characters around a verb or a pronoun that are read, so that one endless sentence stays linear
_END = re.compile(rf"(?<![.!?…])[.!?…]++[)\]]*+(?=\s++[^a-z\s])|(?<={QUOTED})(?=\s++[^a-z\s])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its offsets, its paragraph's number among all, the quotations in it."""

    start: int
    end: int
    paragraph: int
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """masked: the text, every character kept in its place, quotations and inner points replaced."""

    masked: str
    sentences: tuple[Sentence, ...]


def prose(text: str, skip: Sequence[tuple[int, int]] = ()) -> Prose:
    """Sentences of all paragraphs but headlines, captions and those that meet `skip` (ordered, disjoint)."""
    parts = [part for part in paragraphs(text) if not _skipped(part, skip)]
    found = quotations(text, parts)
    masked = _mask(text, [quotation for group in found for quotation in group])
    sentences = [
        sentence
        for index, (part, group) in enumerate(zip(parts, found, strict=True))
        if len(parts) == 1 or not _is_headline(text, part)
        for sentence in _sentences(text, masked, part, index, group)
    ]
    return Prose(masked, tuple(sentences))


def _skipped(part: tuple[int, int], skip: Sequence[tuple[int, int]]) -> bool:
    last = bisect_left(skip, (part[1], 0)) - 1  # the last one that starts before the paragraph ends
    return last >= 0 and skip[last][1] > part[0]


def _mask(text: str, found: Sequence[Quotation]) -> str:
    pieces, last = [], 0
    for quotation in found:
        pieces.append(_without_inner_points(text[last : quotation.outer_start]))
        pieces.append(QUOTED * (quotation.outer_end - quotation.outer_start))
        last = quotation.outer_end
    pieces.append(_without_inner_points(text[last:]))
    return "".join(pieces)


def _without_inner_points(text: str) -> str:
    return _POINT.sub(lambda match: DOT if _is_inner(text, match.start()) else ".", text)


def _is_inner(text: str, point: int) -> bool:
    """Whether the point belongs to an abbreviation, an initial, a number or an address."""
    if text[point + 1 : point + 2].isalnum():
        return True
    word = _ABBREVIATED.search(text[max(0, point - 12) : point])
    if word is None:
        return False
    single = len(word[1]) == 1 and word[1].isupper()
    dotted = "." in word[1] and word[1].isupper()
    following = text[point + 1 : point + 3].strip()
    if dotted or word[1].casefold() in {"co", "inc", "ltd", "corp"}:
        return following[:1].islower() or following[:1] == ","
    return single or (word[1].casefold() in ABBREVIATIONS and word[1] not in {"no", "sept", "mt", "ft"})


def _is_headline(text: str, part: tuple[int, int]) -> bool:
    """No final point and not long: a headline or a caption, whose words are told again in the prose."""
    return text[part[1] - 1] not in TERMINAL and part[1] - part[0] < LONGEST_HEADLINE


def _sentences(
    text: str, masked: str, part: tuple[int, int], paragraph: int, found: Sequence[Quotation]
) -> Iterator[Sentence]:
    ends = [match.end() for match in _END.finditer(masked, *part)]
    closing = {quotation.outer_end: quotation for quotation in found}
    kept = [end for end in ends if end not in closing or _is_finished(text, closing[end])]
    start, taken = part[0], 0
    for end in [*kept, part[1]]:
        first = taken
        while taken < len(found) and found[taken].outer_end <= end:
            taken += 1
        low = start + len(masked[start:end]) - len(masked[start:end].lstrip())
        if low < end:
            yield Sentence(low, end, paragraph, tuple(found[first:taken]))
        start = end


def _is_finished(text: str, quotation: Quotation) -> bool:
    return text[quotation.end - 1] in ".!?…"
