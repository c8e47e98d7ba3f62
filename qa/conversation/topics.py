"""Finds the people and things that the last turns were about, likeliest first; changes no question."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from qa.conversation.shapes import PARTICIPLE, carried, is_identifying, opening, subject_of
from qa.names import Gender, Names, names
from qa.sentences import sentences
from qa.types import Answer, Document, Outcome, Turn
from qa.wording import STOP_WORDS, words
from qa.wording import names as capitalised
from qa.wordlists import CALENDAR, PLACES_AND_BODIES

LOOKED_BACK = 4  # turns; a pronoun hardly ever reaches further
_BODY = r"[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,3}"
_PLACED = "in|into|across|throughout|near|outside|inside|within"
LONGEST_THING = 6  # words of a short answer that "it" may stand for

_HE = re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|her|hers)\b", re.IGNORECASE)
_PHRASE = re.compile(r"\b(?:the|a|an|this|that|these|those|\w+['’]s)((?: [a-z][\w-]*){1,4})")
_DO = re.compile(r"\b(?:did|does|do|will|would|can|could|should|may|might|must)$", re.IGNORECASE)
_AN_ACT = re.compile(
    r"\b(?:do|doing|done|happen|happened|happening|say|said|mean|reply|answer|tweet)\W*$", re.IGNORECASE
)
_MANY = re.compile(
    r"^(?:two|three|four|five|six|seven|eight|nine|ten|many|some|several|most|all|both|\d+) [a-z]"
    r"|^(?:the )?[a-z][a-z ]*[^s]s$"
)
_ARTICLE = re.compile(r"^(?:(?i:an?|the|this|that|these|those|some|its|his|her|their|our|\w+['’]s)|[A-Z0-9]\S*)\s")
# what is announced or wanted may be an act ("recall the envoys"), which "it" does not stand for
_TELLS_OR_WANTS = re.compile(
    r"\b(?:announce|want|decide|demand|promise|plan|agree|claim|suggest|propose|hope|fear|believe|think|urge)",
    re.IGNORECASE,
)


def _is_time(text: str) -> bool:
    """Whether a name is a day's or a month's, which no pronoun stands for."""
    return CALENDAR.issuperset(words(text))


@dataclass(frozen=True, slots=True)
class Mention:
    """Someone or something that was spoken of, as it is to be named.

    gender: of a person, as far as it is known. subject: it did or was what its question asks about.
    """

    text: str
    person: bool
    several: bool
    gender: Gender
    subject: bool = False


@dataclass(frozen=True)
class Topic:
    """What the turns before a question were about; `history` is not empty, oldest first."""

    history: Sequence[Turn]

    @property
    def last(self) -> str:
        """The last question, as it stands alone, without the exchange that it carries."""
        return self.history[-1].answer.standalone_question

    @property
    def short(self) -> str:
        """The last short answer, "" when there was none."""
        return _short(self.history[-1].answer)

    @property
    def exchange(self) -> str:
        """The last question and its short answer, as a question that leans on them carries them along."""
        return f"{carried(self.last)} {self.short}".strip()

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """All mentions, the likeliest first: later turns before earlier ones, and what was asked for in front."""
        found: dict[str, Mention] = {}
        for mention in itertools.chain.from_iterable(self._by_turn):
            found.setdefault(mention.text.casefold(), mention)
        return tuple(found.values())

    @cached_property
    def _by_turn(self) -> tuple[tuple[Mention, ...], ...]:
        """The mentions of each turn that is looked back at, later turns first."""
        back = list(reversed(self.history))[:LOOKED_BACK]
        return tuple(tuple(each for each in self._mentions(turn) if not _is_time(each.text)) for turn in back)

    def person(self, gender: Gender, besides: str = "") -> str:
        """The person whom "he" or "she" means, "" when nobody was spoken of. besides: a text that names others."""
        known = set(words(besides))
        others = [each for each in self.mentions if words(each.text)[-1:] and words(each.text)[-1] not in known]
        people = [each for each in others if each.person and not each.several]
        fitting = [each for each in people if each.gender in {gender, Gender.UNKNOWN}]
        perhaps = [each for each in others if not each.person and self._may_be_person(each.text)]
        return next((each.text for each in (*fitting, *perhaps)), "")

    def several(self) -> str:
        """Whom or what "they" means: several, else a body ("the council"), else a thing, else one person."""
        groups = [each for each in self.mentions if each.several]
        things = [each for each in self.mentions if not each.person]
        bodies = [each for each in things if PLACES_AND_BODIES & set(words(each.text)[-1:])]
        return next((each.text for each in (*groups, *bodies, *things, *self.mentions)), "")

    def thing(self, *, acted_on: bool) -> str:
        """What "it" means, "" when no thing was spoken of.

        acted_on: "it" is an object, and so rather means another object of the same question than its subject
        (the parallelism preference of Lappin & Leass 1994, "An Algorithm for Pronominal Anaphora Resolution").
        """
        for mentions in self._by_turn:
            things = [each for each in mentions if not each.person and not each.several]
            objects = [each for each in things if acted_on and not each.subject]
            if things:
                return (objects or things)[0].text
        return ""

    def place(self) -> str:
        """Where "there" is: the answer to "where", else a place that was named; "" when none was."""
        asked = opening(self.last)
        is_name = capitalised(self.short) == (self.short,) and not self.is_person(self.short)
        if self.short and (asked == "where" or (asked in {"what", "which"} and is_name)):
            return self.short
        named = (each.text for each in self.mentions if not each.person and capitalised(each.text) == (each.text,))
        return next(named, "")

    def body_of(self, person: str) -> str:
        """For whom a person acts, told beside the name ("Norway's envoy, Anna Lind"); "" when unknown."""
        surname = re.escape(person.split()[-1])
        told = (
            rf"({_BODY})['’]s(?: [a-z][\w-]*){{1,4}},?(?: [A-Z][\w-]*)* {surname}\b",
            rf"\b{surname},? (?:the )?({_BODY})['’]s [a-z]",
            rf"\b{surname}, (?:the |an? )?(?:[a-z][\w-]* ){{1,4}}(?:of|for|at|from) (?:the )?({_BODY})",
        )
        found = (re.search(pattern, self._text) for pattern in told)
        return next((match[1] for match in found if match), "")

    def is_person(self, name: str) -> bool:
        """Whether `name` is a person's, by its looks and by the passages of the conversation."""
        there = [each for each in self._known.mentions if each.text.casefold() == name.casefold()]
        if there:
            return any(self._known.is_person(each) for each in there)
        return bool(self._known.complete(name))

    def _mentions(self, turn: Turn) -> Iterator[Mention]:
        question, short = turn.answer.standalone_question, _short(turn.answer)
        asked = carried(question)
        first = opening(asked)
        wants_person = first in {"who", "whom", "whose", "by"} and not is_identifying(asked)
        wants_thing = first in {"what", "which"} and not is_identifying(asked) and not _AN_ACT.search(asked)
        if _TELLS_OR_WANTS.search(asked) and not _ARTICLE.match(short):
            wants_thing = False
        answered = [*self._answered(short, person=wants_person)]
        told = [*self._asked(asked)]
        if wants_person:
            yield from (each for each in answered if each.person)
        yield from (*answered, *told) if wants_thing else told
        if not is_identifying(asked) and not _AN_ACT.search(asked):
            yield from answered
        if turn.answer.outcome is not Outcome.NOT_FOUND:
            for claim in turn.answer.claims[:1]:
                yield from (self._named(name) for name in capitalised(claim.text)[:2])

    def _answered(self, short: str, *, person: bool) -> Iterator[Mention]:
        if not short or len(short.split()) > LONGEST_THING:
            return
        named = capitalised(short)
        several = bool(_MANY.match(short)) or (" and " in short and len(named) != 1)
        if several or not (person or named):
            yield Mention(_definite(short, several), person, several, Gender.UNKNOWN)
        elif person:
            name = next(filter(self.is_person, named), short)
            yield Mention(self._full(name), True, False, self._gender(name))
        yield from (self._named(name) for name in named)

    def _asked(self, question: str) -> Iterator[Mention]:
        named = self._names_of(question)
        subject = subject_of(question)
        leading = [name for name in named if subject.startswith(name)]
        yield from (replace(self._named(name), subject=True) for name in leading)
        for phrase in _phrases(question):
            several = bool(_MANY.match(phrase.removeprefix("the ")))
            yield Mention(phrase, False, several, Gender.UNKNOWN)
        yield from (self._named(name) for name in named if name not in leading)

    def _named(self, name: str) -> Mention:
        person = self.is_person(name)
        return Mention(
            self._full(name) if person else name, person, False, self._gender(name) if person else Gender.UNKNOWN
        )

    def _names_of(self, question: str) -> tuple[str, ...]:
        """The names of a question; of one typed without capitals, the names of the passages that it spells."""
        if found := capitalised(question):
            return found
        typed = set(words(question)) - STOP_WORDS
        spelt = (name.text for name in self._known.mentions if set(words(name.text)) <= typed)
        return tuple(dict.fromkeys(spelt))

    def _may_be_person(self, name: str) -> bool:
        """Whether nothing speaks against a lone surname, of which no passage gives a fuller form."""
        if capitalised(name) != (name,) or (PLACES_AND_BODIES | CALENDAR) & set(words(name)):
            return False
        return not re.search(rf"\b(?i:{_PLACED}) {re.escape(name)}\b", self._text)

    def _full(self, name: str) -> str:
        found = self._known.complete(name)
        return found[0] if found else name

    def _gender(self, name: str) -> Gender:
        """By title and first name; else by the pronouns that follow where this person alone is named."""
        full = self._full(name)
        if (told := self._known.gender(full)) is not Gender.UNKNOWN:
            return told
        he = she = 0
        surname = full.split()[-1]
        parts = [span.within(self._text) for span in sentences(self._text)]
        for here, after in itertools.zip_longest(parts, parts[1:], fillvalue=""):
            if surname in here and all(surname in each for each in capitalised(here) if self.is_person(each)):
                rest = here[here.index(surname) :]  # "He called Lind a dreamer" says nothing of Lind
                near = rest if _HE.search(rest) or _SHE.search(rest) else " ".join(after.split()[:1])
                he, she = he + len(_HE.findall(near)), she + len(_SHE.findall(near))
        if he == she:
            return Gender.UNKNOWN
        return Gender.MALE if he > she else Gender.FEMALE

    @cached_property
    def _text(self) -> str:
        """Everything that was said and shown: questions, answers and the passages that were found."""
        parts: dict[str, None] = {}
        for turn in self.history[-LOOKED_BACK:]:
            asked = carried(turn.answer.standalone_question)
            if capitalised(asked):  # a name typed in small letters would pass for a common word everywhere
                parts[asked] = None
            parts.update(dict.fromkeys(claim.text for claim in turn.answer.claims))
            parts.update(dict.fromkeys(hit.passage.text for hit in turn.answer.hits))
        return "\n\n".join(parts)

    @cached_property
    def _known(self) -> Names:
        return names(Document("", "", ("",), self._text))


def _short(answer: Answer) -> str:
    return (answer.short or "").rstrip(".") if answer.outcome is Outcome.ANSWERED else ""


def _definite(thing: str, several: bool) -> str:
    """A thing as one goes on to speak of it: "a new bridge" and "new bridge" become "the new bridge"."""
    bare = re.sub(r"^an? ", "", thing)
    return bare if several or _ARTICLE.match(f"{bare} ") else f"the {bare}"


def _phrases(question: str) -> list[str]:
    """The things that a question names with an article ("the new bridge"), without the verb that follows them."""
    found = []
    for match in _PHRASE.finditer(question):
        following = match.group(1).split()
        noun = list(itertools.takewhile(lambda word: word not in STOP_WORDS, following))
        inverted = _DO.search(question[: match.start()].strip()) is not None  # "did the bridge cost": a verb comes last
        if len(noun) > 1 and (inverted or PARTICIPLE.search(noun[-1])):
            noun = noun[:-1]
        if noun:
            first = match.group().split()[0]
            found.append(" ".join(["the" if first.lower() in {"a", "an"} else first, *noun]))
    return found
