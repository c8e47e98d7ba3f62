"""Turns the words around a verb of saying into its subject; knows nothing of other sentences.

Offsets are the document's; `masked` is the text of `sentences.prose`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.names import Name, Names
from qa.statements.cues import (
    ADVERBS,
    BE,
    DETERMINERS,
    NOT_ADVERBS,
    PREPOSITIONS,
    PRONOUNS,
    SIGN_WORDS,
    STANDALONE,
)
from qa.statements.sentences import QUOTED
from qa.wordlists import CALENDAR, POSTNOMINALS, ROLE, TITLES

LONGEST_DESCRIPTION = 10  # words
_WORD = re.compile(r"[^\s,;:()]+")
_BRACKETS = re.compile(r"\([^()\n]{0,80}\)")
_CLAUSE_BREAK = re.compile(rf"[;:{QUOTED}]|\s[—–-]+\s|—")
_RELATIVE = re.compile(r"(?:who|whose|which|whom)\b")
_PHRASE_END = re.compile(
    rf"[,.;:!?()\n—–{QUOTED}]|\s(?:who|when|while|as|after|before|during|on|by|about|following|because|if|that|"
    r"whose|last|this|yesterday|today|via|in an?|and|but|late|early|to|through|over)\b|\s(?:Mon|Tues|Wednes|Thurs|Fri|"
    r"Satur|Sun)day\b"
)


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
class _Piece:
    start: int
    end: int
    text: str


def subject_before(masked: str, known: Names, low: int, high: int) -> Subject | None:
    """The subject that ends just before a verb at `high`; the sentence starts at `low`.

    ELIDED when the verb shares the subject of an earlier one ("… and said"); None when there is none.
    """
    text = _blank_brackets(masked[low:high])
    breaks = list(_CLAUSE_BREAK.finditer(text))
    offset = _clause_start(breaks)
    stripped = _without_adverbs(text[offset:])
    if stripped is None:
        return None
    pieces = _pieces(stripped, low + offset)
    if not pieces:
        return ELIDED if text.strip(" ,") else None
    if stripped.rstrip().endswith(","):
        return _subject_of_pieces(masked, known, pieces)
    return noun_phrase(known, pieces[-1])


def subject_after(masked: str, known: Names, low: int, high: int) -> Subject | None:
    """The subject that follows a verb ending at `low` ("said the mayor, Jo Hill."); the sentence ends at `high`."""
    text = masked[low:high]
    skipped = re.match(r"\s+(?:(?:[a-z]+ly|later|then)\s+)?", text)
    if skipped is None:
        return None
    begin = skipped.end()
    stop = _PHRASE_END.search(text, begin)
    end = stop.start() if stop else len(text)
    piece = _Piece(low + begin, low + end, text[begin:end])
    named = _first_name(masked, known, piece)
    if named:
        return _named(named)
    after = _appositive(masked, known, low + end, high)
    if after:
        return _named(after)
    words = piece.text.split()
    if not words or len(words) > LONGEST_DESCRIPTION:
        return None
    return _description_after(piece, words)


def leading_subject(masked: str, known: Names, low: int, high: int) -> Subject | None:
    """The subject with which a sentence opens, after an introduction such as "On Friday,"; None when unsure."""
    text = _blank_brackets(masked[low:high])
    first = _WORD.search(text)
    if first is None or SIGN_WORDS.search(text):
        return None
    if first[0].casefold() in {"he", "she", "they"}:
        return Subject(Kind.PRONOUN, low + first.start(), low + first.end())
    for piece in _pieces(text, low)[:3]:
        outside = [name for name in known.within(piece.start, piece.end) if masked[name.span.start] != QUOTED]
        for name in outside[:1]:
            before = masked[piece.start : name.head].split()
            if name.possessive or any(word.casefold() in PREPOSITIONS for word in before):
                continue
            return _named(_past_employer(masked, outside[:2]))
        if piece.text.split()[0].casefold() not in {*PREPOSITIONS, "his", "her", "asked"}:
            return None
    return None


def _past_employer(masked: str, opening: Sequence[Name]) -> Name:
    """The person in "White House press secretary Ana Ruiz", where an office stands before the role."""
    first, *others = opening
    if not others:
        return first
    between = masked[first.span.end : others[0].head].split()
    role = bool(between) and len(between) < 5 and all(word.islower() for word in between)
    return others[0] if role and (ROLE.search(between[-1]) or between[-1] in TITLES) else first


def _named(name: Name) -> Subject:
    return Subject(Kind.NAME, name.span.start, name.span.end, name)


def _blank_brackets(text: str) -> str:
    return _BRACKETS.sub(lambda match: " " * len(match[0]), text)


def _clause_start(breaks: Sequence[re.Match[str]]) -> int:
    """Where the clause of the verb starts: after the last semicolon, colon, dash or quotation."""
    return breaks[-1].end() if breaks else 0


def _without_adverbs(text: str) -> str | None:
    """The text up to the last word that is neither adverb nor auxiliary; None for a passive or a denial."""
    while True:
        kept = text.rstrip()
        if not kept or kept.endswith(","):
            return text
        word = kept[max(map(kept.rfind, " ,\n\t")) + 1 :]
        lower = word.casefold()
        if lower in BE or lower in {"not", "never", "to", "who", "which", "whom"} or lower.endswith("n’t"):
            return None
        if not _is_adverb(word, lower):
            return text
        text = kept[: len(kept) - len(word)]


def _is_adverb(word: str, lower: str) -> bool:
    if lower in CALENDAR or lower == "on":
        return True
    adverbial = lower in ADVERBS or (lower.endswith("ly") and lower not in NOT_ADVERBS)
    return adverbial and word.islower()


def _pieces(text: str, offset: int) -> list[_Piece]:
    """The parts between commas, without their outer blanks."""
    found = []
    for match in re.finditer(r"[^,]+", text):
        body = match[0].strip()
        if body:
            start = offset + match.start() + match[0].index(body[0])
            found.append(_Piece(start, start + len(body), body))
    return found


def _subject_of_pieces(masked: str, known: Names, pieces: Sequence[_Piece]) -> Subject | None:
    """The subject before an apposition that has just ended with a comma."""
    for index, piece in enumerate(pieces):
        if index and _RELATIVE.match(piece.text):
            return noun_phrase(known, pieces[index - 1])
    if len(pieces) > 1 and (pure := _pure_name(masked, known, pieces[-1])):
        return _named(pure)
    for piece in reversed(pieces[:-1]):
        subject = noun_phrase(known, piece)
        if subject and (subject.kind is Kind.NAME or subject.start == piece.start):
            opening = piece.text.split()[0].casefold()
            if opening not in PREPOSITIONS and not piece.text[0].isdigit():
                return subject
    return noun_phrase(known, pieces[-1]) if len(pieces) == 1 else None


def _pure_name(masked: str, known: Names, piece: _Piece) -> Name | None:
    name = known.by_head.get(piece.start)
    return name if name and name.person and _ends(masked, name, piece.end) else None


def _ends(masked: str, name: Name, end: int) -> bool:
    """Whether nothing but letters after a name ("QC") stands between it and `end`."""
    rest = masked[name.span.end : end].replace("\ue001", "").casefold().split()
    return all(word in POSTNOMINALS for word in rest) and not name.possessive


def noun_phrase(known: Names, piece: _Piece) -> Subject | None:
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
    name = known.by_end.get(piece.start + last.end())
    if name and name.head >= piece.start:
        return _name_or_phrase(known, piece, words, name)
    return _description(piece, words) if last[0][0].isalpha() else None


def _name_or_phrase(known: Names, piece: _Piece, words: Sequence[re.Match[str]], name: Name) -> Subject | None:
    before = [word for word in words if piece.start + word.end() <= name.head]
    joint = before[-1][0].casefold() if before else ""
    if joint == "and" and len(before) > 1:
        other = known.by_end.get(piece.start + before[-2].end())
        if other:
            return Subject(Kind.DESCRIPTION, other.span.start, name.span.end)
    inner = [word[0].casefold() for word in before[-4:]]
    linked = bool(inner) and inner[-1] in {"of", "for", "from", "at", "with", "in", "near", "to"}
    if linked and (any(word[0].casefold() in DETERMINERS for word in before) or len(before) < 4):
        return _description(piece, words)
    return _named(name)


def _description(piece: _Piece, words: Sequence[re.Match[str]]) -> Subject | None:
    """An unnamed speaker, from the determiner of the outermost phrase ("a spokesman for the firm")."""
    first = _outermost(words)
    if first is None or len(words) - first > LONGEST_DESCRIPTION:
        return None
    if words[-1][0].casefold() in PREPOSITIONS or words[-1][0].casefold() in DETERMINERS - STANDALONE:
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
    while first > 0 and lower[first - 1] in {"of", "for", "from", "at", "in", "with", "near"}:
        earlier = [index for index in fixed if index < first - 1]
        if not earlier:
            return 0 if first < 5 and lower[0] not in PREPOSITIONS else first
        first = earlier[-1]
    while first - 1 in fixed:  # "his two brothers", "the firm’s lawyer"
        first -= 1
    if lower[first].endswith(("’s", "'s")) and first - 1 >= 0 and any(i in fixed for i in (first - 1, first - 2)):
        first = max(index for index in fixed if index < first)
    return first


def _undetermined(words: Sequence[re.Match[str]], lower: Sequence[str]) -> int | None:
    """A bare plural: the whole opening when it is short ("State Department officials"), else its last word."""
    first = 1 if lower[0] in {"but", "and", "yet", "so", "while", "although", "because", "if"} else 0
    if len(words) - first <= 6 and lower[first] not in PREPOSITIONS | {"when", "after", "before"}:
        return first if first < len(words) else None
    return len(words) - 1 if lower[-1].endswith("s") or lower[-1] in STANDALONE else None


def _first_name(masked: str, known: Names, piece: _Piece) -> Name | None:
    """The name in "economist Ana Ruiz of Tarn": only role words may stand before it."""
    for name in known.within(piece.start, piece.end)[:3]:
        before = masked[piece.start : name.head].split()
        if name.possessive:
            continue
        if any(word.casefold() in PREPOSITIONS | {"and"} for word in before) or len(before) > 6:
            return None
        return name
    return None


def _appositive(masked: str, known: Names, position: int, high: int) -> Name | None:
    """The name in ", Ana Ruiz," that follows a description."""
    if masked[position : position + 2] != ", ":
        return None
    name = known.by_head.get(position + 2)
    ended = name is not None and masked[name.span.end : name.span.end + 1] in {",", ".", "", "\n"}
    return name if name and ended and name.person and name.span.end <= high else None


def _description_after(piece: _Piece, words: Sequence[str]) -> Subject | None:
    first = words[0].casefold()
    whole = Subject(Kind.DESCRIPTION, piece.start, piece.start + len(piece.text.rstrip()))
    if len(words) == 1 and first in PRONOUNS:
        return Subject(Kind.PRONOUN, whole.start, whole.end)
    if first in DETERMINERS and (len(words) > 1 or first in STANDALONE):
        return whole
    bare_plural = len(words) < 4 and piece.text.islower() and (words[-1].endswith("s") or first in STANDALONE)
    return whole if bare_plural and first not in PREPOSITIONS else None
