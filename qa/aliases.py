"""Tells which names of a text no source states, whatever form it gives them; knows nothing of documents.

"Lind" is stated by "Anna Lind", "U.S." by "United States", "FDA" by "Food and Drug Administration", "Germany" by
"German". "Peter Lind" is not stated by "Anna Lind" and "Peter Ruiz": a name must stand together.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from qa.wording import names, stems, words
from qa.wordlists import CALENDAR, OPENERS, TITLES, pairs
from qa.wordlists import words as word_set

_SAME = tuple(
    (re.compile(rf"\b(?:{pattern})(?!\w)"), one)
    for pattern, one in (
        (r"U\.S\.A?\.?|U\.S|USA|United States(?: of America)?|Americans?|America(?! Latina)", "US"),
        (r"U\.K\.?|(?:Great )?Britain|United Kingdom|British|Britons?", "UK"),
        (r"U\.N\.?|United Nations", "UN"),
        (r"E\.U\.?|European Union", "EU"),
        (r"D\.P\.R\.K\.?|North Koreans?|North Korea", "DPRK"),
    )
)
_SHORT_DAYS = word_set("jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun")
# Ends of a country's name and of its people's: Germany, German; China, Chinese; Iraq, Iraqi; Spain, Spanish has none.
_PEOPLES = ("", "n", "an", "ian", "ese", "nese", "i", "ish", "ic", "s", "ns", "ans", "ians", "is")
_IRREGULAR = frozenset(
    map(
        frozenset,
        pairs(
            """france french; spain spanish; netherlands dutch; ireland irish; wales welsh; scotland scottish; scotland
            scots; poland polish; denmark danish; sweden swedish; finland finnish; england english; switzerland
            swiss; greece greek; turkey turkish; norway norwegian; philippines filipino; portugal portuguese;
            iceland icelandic"""
        ),
    )
)
_LONG_FORM = re.compile(r"\b[A-ZÀ-Þ][\w'’]*(?:[\s-]+(?:(?:and|of|for|the|in|on|de|&)\s+){0,2}[A-ZÀ-Þ][\w'’]*)+")
_COMMON_ENDING = re.compile(r"[a-z](?:ing|ed|ly)$")
_LOWER = re.compile(r"(?<![\w'’-])[a-zà-ÿ][\w'’-]*")


def unproved_names(text: str, sources: Sequence[str]) -> tuple[str, ...]:
    """The names of `text` that stand in none of the sources, days and months left out.

    Words of a name that a source has in small letters ("Mayor" for "the mayor") need not stand beside the rest.
    """
    known = [known_of(source) for source in sources]
    return tuple(
        name
        for name in _names(text, known)
        if not all(any(source.states(part) for source in known) for part in _parts(name, known))
        and not any(source.abbreviates(name) for source in known)
    )


def _names(text: str, known: Sequence["Known"]) -> Iterator[str]:
    """The names of `text`, without a first word that is capitalised only because the sentence starts there."""
    unified = _unified(text)
    for name in names(unified):
        first, _, rest = name.partition(" ")
        opens = unified.lstrip("\"'“‘( ").startswith(name) and (
            first.casefold() in OPENERS
            or _COMMON_ENDING.search(first) is not None
            or any(not each.common_stems.isdisjoint(stems(first)) for each in known)
        )
        if not opens:
            yield name
        elif rest:
            yield from names(rest)


_APART = frozenset(("new", "north", "south", "northern", "southern", "equatorial"))  # New York is not York


class Known:
    """What one source states: its names, its common words, the initials of its capitals. Threads may share it."""

    def __init__(self, source: str) -> None:
        unified = _unified(source)
        self.common = frozenset(_plain(word) for match in _LOWER.finditer(unified) for word in words(match.group()))
        self.common_stems = frozenset(stems(" ".join(self.common)))
        self.names = [frozenset(map(_plain, words(name))) for name in names(unified)]
        self.words = frozenset(map(_plain, words(unified)))
        self.initials = frozenset(
            "".join(word[0] for word in re.split(r"[\s-]+", match.group()) if word[0].isupper())
            for match in _LONG_FORM.finditer(unified)
        )

    def missing(self, text: str) -> tuple[str, ...]:
        """The names of `text` of which no word stands in the source: "America's" stands in "U.S."."""
        return tuple(name for name in names(_unified(text)) if not any(map(self._holds, words(name))))

    def states(self, part: frozenset[str]) -> bool:
        """Whether one of its names holds all words of `part`, in one form or another."""
        holding = [name for name in self.names if all(any(_akin(word, own) for own in name) for word in part)]
        if holding:
            return any(not name - part or name - part - _APART for name in holding)
        if len(part) == 1:
            return part <= self.words
        return not self.names and part <= self.words

    def abbreviates(self, name: str) -> bool:
        """Whether the name is the capitals of one of its long forms: "FDA" of "Food and Drug Administration"."""
        return len(name) > 1 and name.isupper() and any(name in initials for initials in self.initials)

    def _holds(self, word: str) -> bool:
        plain = _plain(word)
        if plain in self.words or not self._stems.isdisjoint(stems(plain)):
            return True
        return any(_akin(plain, own) for name in self.names for own in name)

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stems(" ".join(self.words)))


@lru_cache(maxsize=512)
def known_of(source: str) -> Known:
    """What a source of a few sentences states, kept for the next question."""
    return Known(source)


def _parts(name: str, known: Sequence[Known]) -> list[frozenset[str]]:
    """The runs of a name between titles, days and words that are common in a source."""
    parts: list[set[str]] = [set()]
    for word in map(_plain, words(name)):
        if word in TITLES or word in CALENDAR or word in _SHORT_DAYS or any(word in each.common for each in known):
            parts.append(set())
        else:
            parts[-1].add(word)
    return [frozenset(part) for part in parts if part]


def _unified(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    for pattern, one in _SAME:
        text = pattern.sub(one, text)
    return text


def _plain(word: str) -> str:
    """Without accents: "Hernandez" is "Hernández"."""
    return "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))


def _akin(word: str, other: str) -> bool:
    """The same name, or a country and its people."""
    if word == other or frozenset((word, other)) in _IRREGULAR:
        return True
    short, long = sorted((word, other), key=len)
    for country, people in ((short, long), (long, short)):
        base = re.sub(r"(?:[aeoy])$", "", country)
        if len(base) >= 4 and any(people == base + end for end in _PEOPLES):
            return True
    return False
