"""Turns a piece of a sentence into the noun phrase with which it ends; knows nothing of verbs of saying.

Offsets are the document's; `masked` is the text of `sentences.prose`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.names import Name, Names
from qa.statements.cues import AUXILIARIES, DETERMINERS, PREPOSITIONS, PRONOUNS, STANDALONE
from qa.wordlists import POSTNOMINALS, ROLE, TITLES

LONGEST_DESCRIPTION = 10  # words
LINKS = frozenset({"of", "for", "from", "at", "in", "with", "near"})
_WORD = re.compile(r"[^\s,;:()]+")
_BRACKETS = re.compile(r"\([^()\n]{0,80}\)")
_NOT_OPENING = frozenset({"but", "and", "yet", "so", "while", "although", "because", "if"})


class Kind(StrEnum):
    """How a sentence names its subject."""

    NAME = "name"
    PRONOUN = "pronoun"
    DESCRIPTION = "description"
    ELIDED = "elided"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who does the saying, by the sentence alone. start, end: the naming place (0, 0 when elided)."""

    kind: Kind
    start: int
    end: int
    name: Name | None = None


ELIDED = Subject(Kind.ELIDED, 0, 0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence between two commas, without its outer blanks."""

    start: int
    end: int
    text: str


def named(name: Name) -> Subject:
    """The subject that a name is."""
    return Subject(Kind.NAME, name.span.start, name.span.end, name)


def pieces(text: str, offset: int) -> list[Piece]:
    """The parts of a text that starts at `offset`, between its commas."""
    found = []
    for match in re.finditer(r"[^,]+", text):
        body = match[0].strip()
        if body:
            start = offset + match.start() + match[0].index(body[0])
            found.append(Piece(start, start + len(body), body))
    return found


def without_brackets(text: str) -> str:
    """The text with what stands in round brackets blanked, every other character in its place."""
    return _BRACKETS.sub(lambda match: " " * len(match[0]), text)


def pure_name(masked: str, known: Names, piece: Piece) -> Name | None:
    """The person whose name, with titles and letters after it, is all that the piece holds."""
    name = known.by_head.get(piece.start)
    return name if name and name.person and _ends(masked, name, piece.end) else None


def last_of_chain(masked: str, names: Sequence[Name]) -> Name:
    """The person in "White House press secretary Ana Ruiz", where bodies and roles stand before the name."""
    chosen = names[0]
    for following in names[1:4]:
        between = masked[chosen.span.end : following.head].removeprefix("’s").removeprefix("'s").split()
        role = bool(between) and len(between) < 5 and all(word.islower() for word in between)
        if not (role and (ROLE.search(between[-1]) or between[-1] in TITLES)) and not (
            chosen.possessive and not between
        ):
            break
        chosen = following
    return chosen


def noun_phrase(known: Names, piece: Piece) -> Subject | None:
    """The noun phrase with which a piece of a sentence ends, or None."""
    words = list(_WORD.finditer(piece.text))
    while words and words[-1][0].casefold().strip("\ue001") in POSTNOMINALS:
        words = words[:-1]
    if not words:
        return None
    last = words[-1]
    lower = last[0].casefold()
    if lower in PRONOUNS:
        return Subject(Kind.PRONOUN, piece.start + last.start(), piece.start + last.end())
    if lower in {"and", "but", "or", "then", "before"}:
        return ELIDED
    relative = next((index for index, word in enumerate(words) if index and word[0] == "who"), None)
    if relative:
        return _with_relative(known, piece, words, relative)
    name = known.by_end.get(piece.start + last.end())
    if name and name.head >= piece.start:
        return _name_or_phrase(known, piece, words, name)
    return _description(piece, words) if last[0][0].isalpha() or last[0].endswith("-year-old") else None


def description_after(piece: Piece, words: Sequence[str]) -> Subject | None:
    """The unnamed speaker who follows a verb; words: those of the piece."""
    first = words[0].casefold()
    whole = Subject(Kind.DESCRIPTION, piece.start, piece.start + len(piece.text.rstrip()))
    if len(words) == 1 and first in PRONOUNS:
        return Subject(Kind.PRONOUN, whole.start, whole.end)
    if first in DETERMINERS and (len(words) > 1 or first in STANDALONE):
        return whole
    bare_plural = len(words) < 4 and piece.text.islower() and (words[-1].endswith("s") or first in STANDALONE)
    return whole if bare_plural and first not in PREPOSITIONS else None


def _ends(masked: str, name: Name, end: int) -> bool:
    """Whether nothing but letters after a name ("QC") stands between it and `end`."""
    rest = masked[name.span.end : end].replace("\ue001", "").casefold().split()
    return all(word in POSTNOMINALS for word in rest) and not name.possessive


def _with_relative(known: Names, piece: Piece, words: Sequence[re.Match[str]], relative: int) -> Subject | None:
    """The phrase with its "who" clause ("three people who were there"), or the name before one."""
    head = words[:relative]
    name = known.by_end.get(piece.start + head[-1].end())
    if name and name.head >= piece.start:
        return named(name)
    described = _description(piece, head)
    if described is None or len(words) - relative > LONGEST_DESCRIPTION:
        return described
    return Subject(Kind.DESCRIPTION, described.start, piece.start + words[-1].end())


def _name_or_phrase(known: Names, piece: Piece, words: Sequence[re.Match[str]], name: Name) -> Subject | None:
    before = [word for word in words if piece.start + word.end() <= name.head]
    joint = before[-1][0].casefold() if before else ""
    if joint == "and" and len(before) > 1:
        other = known.by_end.get(piece.start + before[-2].end())
        if other:
            return Subject(Kind.DESCRIPTION, other.span.start, name.span.end)
    inner = [word[0].casefold() for word in before[-4:]]
    linked = bool(inner) and inner[-1] in LINKS | {"to"}
    if linked and (any(word[0].casefold() in DETERMINERS for word in before) or len(before) < 4):
        return _description(piece, words)
    return named(name)


def _description(piece: Piece, words: Sequence[re.Match[str]]) -> Subject | None:
    """An unnamed speaker, from the determiner of the outermost phrase ("a spokesman for the firm")."""
    first = _outermost(words)
    if first is None or len(words) - first > LONGEST_DESCRIPTION:
        return None
    lower = [word[0].casefold() for word in words[first:]]
    counted = len(lower) > 3 and lower[1] == "of"  # "one of the three"
    if lower[-1] in PREPOSITIONS or (lower[-1] in DETERMINERS - STANDALONE and not counted):
        return None
    if any(word in AUXILIARIES for word in lower):
        return None
    return Subject(Kind.DESCRIPTION, piece.start + words[first].start(), piece.start + words[-1].end())


def _outermost(words: Sequence[re.Match[str]]) -> int | None:
    lower = [word[0].casefold() for word in words]
    if lower[-1] in STANDALONE & DETERMINERS:
        return len(words) - 1
    fixed = [index for index, word in enumerate(lower[:-1]) if word in DETERMINERS or word.endswith(("’s", "'s"))]
    if not fixed:
        return _undetermined(words, lower)
    first = fixed[-1]
    while first > 0 and lower[first - 1] in LINKS:
        earlier = [index for index in fixed if index < first - 1]
        if not earlier:
            return 0 if first < 5 and lower[0] not in PREPOSITIONS else first
        first = earlier[-1]
    if fixed[0] == 0 and first and lower[first - 1] in {"to", "by", "on", "about"}:  # "an email shown to the inquiry"
        return 0
    while first - 1 in fixed:  # "his two brothers", "the firm’s lawyer"
        first -= 1
    if lower[first].endswith(("’s", "'s")) and first - 1 >= 0 and any(i in fixed for i in (first - 1, first - 2)):
        first = max(index for index in fixed if index < first)
    return first


def _undetermined(words: Sequence[re.Match[str]], lower: Sequence[str]) -> int | None:
    """A bare plural: the whole opening when it is short ("State Department officials"), else its last word."""
    first = 1 if lower[0] in _NOT_OPENING else 0
    if first == len(words):
        return None
    if len(words) - first <= 6 and lower[first] not in PREPOSITIONS | {"when", "after", "before"}:
        return first
    return len(words) - 1 if lower[-1].endswith("s") or lower[-1] in STANDALONE else None
