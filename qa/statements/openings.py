"""Turns the opening of a sentence into the subject with which it starts; knows nothing of verbs of saying.

Offsets are the document's; `masked` is the text of `sentences.prose`.
"""

import re
from collections.abc import Sequence

from qa.names import Name, Names
from qa.statements.cues import DETERMINERS, PREPOSITIONS, SIGN_WORDS
from qa.statements.phrases import LINKS, Kind, Piece, Subject, last_of_chain, named, pieces, pure_name, without_brackets
from qa.statements.sentences import QUOTED
from qa.wordlists import CALENDAR, PERSON_NOUNS, words

INTRODUCTIONS = 3  # pieces between commas that are looked at
_FIRST = re.compile(r"[^\s,;:()]+")
# "ARDEN, May 4 (Newsline) - "
_DATELINE = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ .\-]{2,30}(?:,[^()\n–—-]{0,40})?(?:\s?\([^()\n]{1,40}\))?\s[–—-]{1,2}\s")
_TIMES = words("later then meanwhile earlier yesterday today tonight now finally afterwards still but and")
_PARTICIPLE = re.compile(r"[A-Z][a-z]+(?:ing|ed)\b|Known\b|Born\b|Asked\b|Told\b")
_DESCRIPTION = re.compile(r"(?:The|the|A|a|An|an|One|one|Another|another|This|this|That|that)(?:\s[a-z’'\-]+){1,4}")

_NUMBERED = re.compile(r"(?:A (?:second|third|fourth|fifth)|The (?:other|first|second|third)|Another)\Z")


def leading_subject(masked: str, known: Names, low: int, high: int) -> Subject | None:
    """The subject with which a sentence opens, after an introduction such as "On Friday,"; None when unsure."""
    dateline = _DATELINE.match(masked, low, high)
    low = dateline.end() if dateline else low
    text = without_brackets(masked[low:high])
    first = _FIRST.search(text)
    if first is None or SIGN_WORDS.search(text):
        return None
    if first[0].casefold() in {"he", "she", "they"}:
        return Subject(Kind.PRONOUN, low + first.start(), low + first.end())
    found = pieces(text, low)
    for index, piece in enumerate(found[:INTRODUCTIONS]):
        subject = _opening(masked, known, piece) or _apposed(masked, known, found[index : index + 3])
        if subject:
            return subject
        if not _introduces(piece):
            return _described(piece)
    return None


def _opening(masked: str, known: Names, piece: Piece) -> Subject | None:
    """The name with which a piece opens, behind roles and bodies ("Athletic’s striker Jo Hill")."""
    names = [name for name in known.within(piece.start, piece.end) if masked[name.span.start] != QUOTED]
    if not names:
        return None
    before = masked[piece.start : names[0].head].split()
    if any(word.casefold() in PREPOSITIONS for word in before) or _PARTICIPLE.match(piece.text):
        return None
    chosen = last_of_chain(masked, names)
    return None if chosen.possessive else named(chosen)


def _apposed(masked: str, known: Names, found: Sequence[Piece]) -> Subject | None:
    """The name in "The firm’s boss, Jo Hill, …": one noun phrase, then nothing but a name, then more."""
    if len(found) < 3 or not (name := pure_name(masked, known, found[1]) or _with_role(known, found[1])):
        return None
    lower = [word.casefold() for word in found[0].text.split()]
    lower = lower[: lower.index("who")] if "who" in lower else lower
    inner = [index for index, word in enumerate(lower) if index and word in DETERMINERS]
    one_phrase = all(lower[index - 1] in LINKS for index in inner) and len(lower) < 9
    opens = lower[0] in DETERMINERS or lower[0].endswith(("’s", "'s"))
    return named(name) if opens and one_phrase else None


def _with_role(known: Names, piece: Piece) -> Name | None:
    """The person in a piece that is a role and a name ("artist Dov Pearl")."""
    name = known.by_end.get(piece.end)
    before = piece.text[: name.head - piece.start].split() if name and name.head > piece.start else []
    return name if name and name.person and before and before[-1] in PERSON_NOUNS else None


def _introduces(piece: Piece) -> bool:
    first = piece.text.split()[0].casefold()
    return first in PREPOSITIONS | _TIMES | CALENDAR | {"his", "her"} or bool(_PARTICIPLE.match(piece.text))


def _described(piece: Piece) -> Subject | None:
    """An unnamed person with whom a piece opens ("The older officer hesitated")."""
    numbered = _NUMBERED.match(piece.text)
    if numbered:
        return Subject(Kind.DESCRIPTION, piece.start, piece.start + numbered.end())
    match = _DESCRIPTION.match(piece.text)
    if match is None:
        return None
    end = 0
    for word in _FIRST.finditer(match[0]):
        if word[0] in PREPOSITIONS:
            break
        if word[0].removesuffix("’s") in PERSON_NOUNS and not word[0].endswith(("’s", "'s")):
            end = word.end()
            break
    return Subject(Kind.DESCRIPTION, piece.start, piece.start + end) if end else None
