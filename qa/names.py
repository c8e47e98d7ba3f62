"""Turns a document into the names that stand in it, and a short name into its full form; knows no statements.

Only capitals, titles and word lists are read, no model: a name is a run of capitalised words (with particles,
initials and hyphens) that is freed of titles, sentence openers and a possessive.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.types import Document, Span
from qa.wordlists import (
    ABBREVIATIONS,
    CALENDAR,
    FEMALE_NAMES,
    FEMALE_TITLES,
    MALE_NAMES,
    MALE_TITLES,
    OPENERS,
    PERSON_NOUNS,
    PLACES_AND_BODIES,
    POSTNOMINALS,
    ROLE,
    TITLES,
    words,
)

PARTICLES = words("de da di du del della der den van von la le el al bin ibn ben ten ter dos das")
_PART = r"[^\W_]*(?:[’'\-][^\W_]+)*"
CAPITAL = re.compile(rf"(?<!\w)(?<!\w[’'\-])(?:(?:al|el|as|ad|ash|bin)-(?=[A-ZÀ-Þ])|[^\W\d_a-z]){_PART}")
LOWER = re.compile(rf"(?<!\w)[a-z]{_PART}")
BETWEEN = re.compile(rf"\s+(?:(?:{'|'.join(sorted(PARTICLES))})\s+){{0,3}}")
_LABEL = re.compile(r"[^\W_][\w \-]{0,20}:\s")  # "Anna Lind\nSubject: …" is no name of three words
LONGEST_GAP = 20  # characters: three particles
POSSESSIVE = re.compile(r"[’']s?$")
MOST_NAMESAKES = 40  # people of one surname; with more no short form can be completed anyway
LONGEST_RUN = 8  # words; a longer run of capitals is a headline, not a name


PLACES_TOO = words("georgia virginia florence victoria carolina charlotte sydney adelaide lourdes troy marshall")


class Gender(StrEnum):
    """What a first name or a title says of its bearer."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Name:
    """One place where a name stands.

    span: the name without titles and possessive; head: where the whole run
    with its titles starts. person: it looks like a person's. possessive: `’s` follows.
    """

    text: str
    span: Span
    head: int
    person: bool
    possessive: bool


@dataclass(frozen=True, slots=True)
class Names:
    """All names of one document, in its order; made by `names`."""

    mentions: tuple[Name, ...]
    starts: tuple[int, ...]
    by_end: Mapping[int, Name]
    by_head: Mapping[int, Name]
    full: Mapping[str, tuple[Name, ...]]
    titled: Mapping[str, Gender]

    def complete(self, short: str, before: int | None = None) -> tuple[str, Span] | None:
        """The fullest form that the document gives of a person's name, and where it first stands so.

        short: a surname, a first name or a full name, in any case; titles and a possessive are ignored.
        before: an offset; of several people of that name the only one named before it is meant.
        None when the document gives no fuller form, or when two people fit.
        """
        words = [word for word in bare(short).casefold().split() if word not in TITLES]
        if not words:
            return None
        fitting = [name for name in self.full.get(words[-1], ()) if _fits(words, name)]
        fitting = fitting or [name for name in self.full.get(f"{words[0]} ", ()) if _opens(words, name)]
        chosen = _only_person(fitting)
        if chosen is None and before is not None:
            chosen = _only_person([name for name in fitting if name.span.end <= before])
        return (chosen.text, chosen.span) if chosen else None

    def within(self, start: int, end: int) -> Sequence[Name]:
        """The names that lie in these offsets, in order."""
        first, last = bisect_left(self.starts, start), bisect_right(self.starts, end)
        return [name for name in self.mentions[first:last] if name.span.end <= end]

    def is_person(self, name: Name) -> bool:
        """Whether a name is a person's: full names look it, short ones must have a full form or a title."""
        if not name.person:
            return False
        known = first_name_gender(name.text) is not Gender.UNKNOWN and name.text.casefold() not in PLACES_TOO
        return " " in name.text or name.head < name.span.start or known or self.complete(name.text) is not None

    def gender(self, full_name: str) -> Gender:
        """What titles in the document, else the first name, say; UNKNOWN when neither does."""
        told = self.titled.get(full_name.casefold(), Gender.UNKNOWN)
        return told if told is not Gender.UNKNOWN else first_name_gender(full_name)


def names(document: Document) -> Names:
    """Every name of the document. Linear in its length."""
    mentions = tuple(_mentions(document.text))
    full: dict[str, list[Name]] = defaultdict(list)
    titled: dict[str, Gender] = {}
    for name in mentions:
        words = name.text.casefold().split()
        if name.person and len(words) > 1:
            full[words[-1]].append(name)
            full[f"{words[0]} "].append(name)  # the blank keeps first names apart from last names
        gender = _title_gender(document.text, name)
        if gender is not Gender.UNKNOWN:
            titled.setdefault(name.text.casefold(), gender)
    return Names(
        mentions=mentions,
        starts=tuple(name.span.start for name in mentions),
        by_end={name.span.end: name for name in mentions},
        by_head={name.head: name for name in mentions},
        full={key: _distinct(found) for key, found in full.items()},
        titled=titled,
    )


def bare(name: str) -> str:
    """A name without possessive, brackets and outer punctuation."""
    return POSSESSIVE.sub("", name.strip(' \t\n,.;:!?()[]"“”‘'))


def first_name_gender(full_name: str) -> Gender:
    """What the first name alone says, by a short list of unambiguous first names."""
    first = full_name.casefold().split()[0].split("-")[0]
    if first in FEMALE_NAMES:
        return Gender.FEMALE
    return Gender.MALE if first in MALE_NAMES else Gender.UNKNOWN


def _fits(words: Sequence[str], name: Name) -> bool:
    """Whether `words` are the end of the name, or its first and last word."""
    own = name.text.casefold().split()
    return own[-len(words) :] == list(words) or (len(words) > 1 and {*words} <= {*own} and own[0] == words[0])


def _opens(words: Sequence[str], name: Name) -> bool:
    return name.text.casefold().split()[: len(words)] == list(words)


def _only_person(fitting: Sequence[Name]) -> Name | None:
    """The fullest form when all are one person's, its first place; None when two people fit."""
    if not fitting:
        return None
    fullest = max(fitting, key=lambda name: (len(name.text.split()), -name.span.start))
    own = {*fullest.text.casefold().split()}
    return fullest if all({*name.text.casefold().split()} <= own for name in fitting) else None


def _distinct(found: Sequence[Name]) -> tuple[Name, ...]:
    """The first mention of each spelling: what `complete` needs, so that it stays quick."""
    first: dict[str, Name] = {}
    for name in found:
        first.setdefault(name.text.casefold(), name)
    return tuple(first.values()) if len(first) <= MOST_NAMESAKES else ()


def _title_gender(text: str, name: Name) -> Gender:
    """What the title or the word before the name says ("Mrs", "spokeswoman")."""
    before = text[max(0, name.span.start - 40) : name.span.start].split()
    word = before[-1].casefold().strip(".") if before else ""
    if word in FEMALE_TITLES or word.endswith("woman"):
        return Gender.FEMALE
    return Gender.MALE if word in MALE_TITLES or word.endswith("man") else Gender.UNKNOWN


def _mentions(text: str) -> Iterator[Name]:
    lower_words = {*LOWER.findall(text)}
    for run in _runs(text):
        name = _name(text, run, lower_words)
        if name:
            yield name


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Capitalised words with only blanks, initials' points and particles between them."""
    run: list[re.Match[str]] = []
    for token in CAPITAL.finditer(text):
        if not (token[0][0].isupper() or (token[0][0].islower() and token[0][0].isascii())):
            continue  # a small letter beyond ASCII, or of a script without capitals
        if run and not _joined(text, run[-1], token):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _joined(text: str, left: re.Match[str], right: re.Match[str]) -> bool:
    gap = text[left.end() : right.start()]
    if gap == " ":
        return not POSSESSIVE.search(left[0])
    if gap in {"’ ", "' "} and left[0].endswith("s"):
        return right[0].casefold() in PLACES_AND_BODIES  # "Musicians’ League"
    if len(gap) > LONGEST_GAP or POSSESSIVE.search(left[0]):
        return False
    if gap.startswith("."):
        initial = len(left[0]) == 1 and left[0].isupper()
        return (initial or left[0].casefold() in ABBREVIATIONS) and gap[1:].strip() == "" and len(gap) < 4
    if "\n" in gap and _LABEL.match(text, right.start()):
        return False
    return bool(BETWEEN.fullmatch(gap)) and gap.count("\n") < 2


def _name(text: str, run: list[re.Match[str]], lower_words: set[str]) -> Name | None:
    if len(run) > LONGEST_RUN:
        return None
    tokens = _without_openers(text, run, lower_words)
    while tokens and tokens[-1][0].casefold() in POSTNOMINALS:
        tokens = tokens[:-1]
    if not tokens:
        return None
    kept = _without_titles(tokens)
    possessive = POSSESSIVE.search(kept[-1][0])
    end = kept[-1].start() + (possessive.start() if possessive else len(kept[-1][0]))
    span = Span(kept[0].start(), end)
    if span.within(text).casefold() in CALENDAR:
        return None
    person = _is_personal(text, kept, tokens)
    return Name(span.within(text), span, tokens[0].start(), person, bool(possessive))


def _without_openers(text: str, run: list[re.Match[str]], lower_words: set[str]) -> list[re.Match[str]]:
    """The run without a first word that is capitalised only because a sentence starts there."""
    tokens = list(run)
    while tokens and bare(tokens[0][0]).casefold() in OPENERS | CALENDAR:
        tokens = tokens[1:]
    while tokens and tokens[-1][0].casefold() in CALENDAR:
        tokens = tokens[:-1]
    if len(tokens) == len(run) > 1 and _opens_sentence(text, tokens[0].start()):
        first = tokens[0][0].casefold()
        known = first in FEMALE_NAMES or first in MALE_NAMES or first in TITLES
        if not known and (first in lower_words or (len(tokens) > 2 and (first in PERSON_NOUNS or ROLE.search(first)))):
            tokens = tokens[1:]
    return tokens


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start].rstrip(" \t\"'“‘")
    return not before or before[-1] in ".!?:\n”’…"


def _without_titles(tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    """The words after the last title, when any are left: "Foreign Minister Ana Ruiz" becomes "Ana Ruiz"."""
    for index in range(len(tokens) - 1, 0, -1):
        if tokens[index - 1][0].casefold() in TITLES:
            body = tokens[index][0].casefold() in PLACES_AND_BODIES
            return tokens if body else tokens[index:]
    return tokens


def _is_personal(text: str, kept: list[re.Match[str]], tokens: list[re.Match[str]]) -> bool:
    words = [POSSESSIVE.sub("", token[0]) for token in kept]
    if any(word.casefold() in PLACES_AND_BODIES for word in words) or len(words) > 5:
        return False
    if any(character.isdigit() for word in words for character in word):
        return False
    article = text[max(0, tokens[0].start() - 4) : tokens[0].start()].casefold() == "the "
    shout = len(words) == 1 and words[0].isupper() and len(words[0]) < 6 and not _labels(text, kept[-1].end())
    return not shout and not (article and len(kept) == len(tokens)) and words[-1].casefold() not in TITLES


def _labels(text: str, end: int) -> bool:
    return text[end : end + 1] == ":"
