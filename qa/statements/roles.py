"""Turns a description ("the judge") into the person of that role; knows nothing of who speaks.

Only roles that the document itself gives count: a title or role before the name ("Judge Ana Ruiz", "baker Tom Hale"),
or an apposition on either side of it. Two people of one role, or an unnamed one beside, and nobody is meant.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from qa.names import Name, Names
from qa.statements.cues import DETERMINERS
from qa.statements.phrases import LINKS
from qa.types import Span
from qa.wordlists import PERSON_NOUNS, TITLES

REACH = 90  # characters on either side of a name that are looked at
MOST_RIVALS = 50  # unnamed bearers of a role that are looked for
_BEFORE = re.compile(r"(?:[^\W\d_][\w’'\-\ue001]*\s){1,6}\Z")
_PIECE = re.compile(r"[^,.;:!?\n\ue000]*")
_LAST_PIECE = re.compile(r"([^,.;:!?\n\ue000]*),\s\Z")
_SHORT_FORMS = {
    "sen": "senator", "gov": "governor", "rep": "representative", "det": "detective", "insp": "inspector",
    "supt": "superintendent", "sgt": "sergeant", "capt": "captain", "cllr": "councillor", "dr": "doctor",
    "prof": "professor", "pc": "officer", "gen": "general", "col": "colonel", "lt": "lieutenant", "adm": "admiral",
    "cmdr": "commander", "ceo": "executive",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bearer:
    """One person with the words that name his or her role at one place; start: where that place is."""

    name: str
    place: Span
    words: frozenset[str]
    start: int


@dataclass(slots=True)
class Roles:
    """The roles that one document gives to its people."""

    masked: str
    known: Names
    bearers: Mapping[str, list[Bearer]] = field(init=False)
    rivals: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bearers: dict[str, list[Bearer]] = defaultdict(list)
        for name in self.known.mentions:
            if self.known.is_person(name):
                for noun, bearer in self._bearers(name):
                    bearers[noun].append(bearer)
        self.bearers = bearers

    def bearer(self, description: str, position: int) -> tuple[str, Span] | None:
        """The full name, and where it stands, of the one person whom "the judge" at `position` means; else None."""
        first, *rest = description.casefold().split()
        if first not in {"the", "that", "this"} or not 0 < len(rest) < 4:
            return None
        noun, wanted = rest[-1], set(rest[:-1])
        fitting = [each for each in self.bearers.get(noun, ()) if each.start < position and wanted <= each.words]
        people = {each.name.casefold() for each in fitting}
        if len(people) != 1 or any(place < position for place in self._rivals(noun)):
            return None
        return fitting[0].name, fitting[0].place

    def _bearers(self, name: Name) -> Iterator[tuple[str, Bearer]]:
        full, place = self.known.complete(name.text, before=name.span.start) or (name.text, name.span)
        for phrase in self._phrases(name):
            words = [_SHORT_FORMS.get(word, word) for word in phrase]
            yield words[-1], Bearer(full, place, frozenset(words), name.span.start)

    def _phrases(self, name: Name) -> Iterator[list[str]]:
        low = max(0, name.head - REACH)
        before = self.masked[low : name.span.start]
        touching = _BEFORE.search(before)
        if touching:
            yield from _role(_after_determiner(_words(touching[0])))
        behind = _LAST_PIECE.search(self.masked, low, name.head)
        if behind:
            yield from _role(_head(_words(behind[1])))
        if self.masked[name.span.end : name.span.end + 2] == ", ":
            following = _PIECE.match(self.masked, name.span.end + 2, name.span.end + REACH)
            if following:
                yield from _role(_head(_words(following[0])))

    def _rivals(self, noun: str) -> tuple[int, ...]:
        """Where an unnamed bearer of the role is brought in ("another judge", "two judges"), appositions apart."""
        if noun not in self.rivals:
            pattern = re.compile(
                rf"(?<!, )\b(?:an?|another|second|third|other|two|three|four|some|several|many)\s"
                rf"(?:[\w’'\-]+\s){{0,2}}{re.escape(noun)}s?\b(?!\s[A-ZÀ-Þ])(?!,\s[A-ZÀ-Þ])",
                re.IGNORECASE,
            )
            found = [match.start() for match, _ in zip(pattern.finditer(self.masked), range(MOST_RIVALS), strict=False)]
            self.rivals[noun] = tuple(found)
        return self.rivals[noun]


def head_noun(description: str) -> str:
    """The noun that a description is about: "a pal of the actress" is a pal."""
    return next(reversed(_head(_words(description))), "")


def _words(text: str) -> list[str]:
    return [word.strip("\ue001’'-") for word in text.casefold().split()]


def _head(words: list[str]) -> list[str]:
    """The words before the first preposition or relative clause, without those before the last determiner."""
    cut = next((index for index, word in enumerate(words) if word in LINKS | {"who", "whose", "to", "on"}), len(words))
    return words[:cut]


def _after_determiner(words: list[str]) -> list[str]:
    last = max((index for index, word in enumerate(words) if word in DETERMINERS | LINKS), default=-1)
    return words[last + 1 :]


def _role(words: list[str]) -> Iterator[list[str]]:
    if words and (words[-1] in PERSON_NOUNS or words[-1] in TITLES or words[-1] in _SHORT_FORMS):
        yield words
