"""Turns the subject of a sentence into a speaker, pronouns with caution; knows nothing of quotations.

A pronoun is resolved only when one person fits; else the pronoun itself stays the speaker: no speaker at all
is better than a wrong one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.names import Gender, Name, Names
from qa.statements.sentences import QUOTED, WINDOW, Sentence
from qa.statements.speakers import Kind, Subject
from qa.types import Span
from qa.wordlists import words

WANTED = {"he": Gender.MALE, "she": Gender.FEMALE}
MOST_MENTIONED = 20  # people of a sentence or paragraph that are kept: more are a list
REACH = 2  # sentences back in which the last speaker or subject is still meant by "he"
_FEMALE_WORDS = words("""woman mother mum mom wife widow daughter sister girl lady actress grandmother she her""")
_MALE_WORDS = words("man father dad husband son brother boy gentleman grandfather he his")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks.

    text: the full name, the description or the pronoun, verbatim at `named_at`. place: the nearest naming.
    gender: as far as known. resolved: False for a bare pronoun.
    """

    text: str
    place: Span
    named_at: Span
    gender: Gender
    resolved: bool = True

    def same(self, other: "Speaker") -> bool:
        """Whether both are one speaker, by name."""
        return self.text.casefold() == other.text.casefold()

    def fits(self, gender: Gender) -> bool:
        """Whether a pronoun of that gender may mean this speaker."""
        return self.gender in {gender, Gender.UNKNOWN}


@dataclass(slots=True)
class References:
    """What has been read so far, sentence by sentence: who spoke last, whom the last sentences were about."""

    text: str
    masked: str
    known: Names
    completed: dict[int, tuple[str, Span]] = field(default_factory=dict)  # by where the name starts
    learnt: dict[str, Gender] = field(default_factory=dict)
    spoke: tuple[int, Speaker] | None = None
    subject: tuple[int, Speaker] | None = None
    mentioned: list[Speaker] = field(default_factory=list)  # in the sentence before
    paragraph: int = -1
    around: list[Speaker] = field(default_factory=list)  # in this paragraph and the one before
    before: list[Speaker] = field(default_factory=list)

    def speaker(self, subject: Subject, sentence: Sentence, number: int) -> Speaker | None:
        """Who is meant; None for "I", "we", "you". number: counts the sentences of the document."""
        if subject.kind is Kind.NAME and subject.name:
            return self.named(subject.name)
        span = Span(subject.start, subject.end)
        text = span.within(self.text)
        if subject.kind is Kind.DESCRIPTION:
            return Speaker(text, span, span, _described_gender(text))
        lower = text.casefold()
        if lower in WANTED:
            meant = self._meant(WANTED[lower], sentence, number, subject.start)
            return meant or Speaker(text, span, span, WANTED[lower], resolved=False)
        return None if lower in {"i", "we", "you"} else Speaker(text, span, span, Gender.UNKNOWN, resolved=False)

    def named(self, name: Name) -> Speaker:
        """The speaker that a name names, completed when it is a person's."""
        start = name.span.start
        if start not in self.completed:
            full = self.known.complete(name.text, before=start) if name.person else None
            self.completed[start] = full or (name.text, name.span)
        text, named_at = self.completed[start]
        gender = self.learnt.get(text.casefold()) or self.known.gender(text)
        return Speaker(text, name.span, named_at, gender)

    def enter(self, sentence: Sentence) -> None:
        """Starts a sentence: a new paragraph forgets the last but one."""
        if sentence.paragraph != self.paragraph:
            self.paragraph = sentence.paragraph
            self.before, self.around = self.around, []

    def leave(self, sentence: Sentence, number: int, subject: Speaker | None, spoke: Speaker | None) -> None:
        """Ends a sentence: its subject and its last speaker are what the next pronoun may mean."""
        people = [self.named(name) for name in self._people(sentence.start, sentence.end)][-MOST_MENTIONED:]
        if self._has_prose(sentence):
            self.mentioned = people
        self.around = [*self.around, *people][-MOST_MENTIONED:]
        if subject and subject.resolved:
            self.subject = (number, subject)
        elif spoke and spoke.resolved:
            self.subject = (number, spoke)
        if spoke:
            self.spoke = (number, spoke) if spoke.resolved else None

    def _has_prose(self, sentence: Sentence) -> bool:
        return any(c.isalpha() for c in self.masked[sentence.start : sentence.end])

    def _people(self, start: int, end: int) -> Sequence[Name]:
        return [
            name
            for name in self.known.within(start, end)
            if self.masked[name.span.start] != QUOTED and not name.possessive and self.known.is_person(name)
        ]

    def _meant(self, gender: Gender, sentence: Sentence, number: int, position: int) -> Speaker | None:
        low = max(sentence.start, position - WINDOW)
        inner = _fitting([self.named(name) for name in self._people(low, position)], gender)
        recent = [entry[1] for entry in (self.spoke, self.subject) if entry and number - entry[0] <= REACH]
        options = _fitting(recent, gender)
        if inner:
            chosen = inner[0] if len(inner) == 1 and all(inner[0].same(other) for other in options) else None
        else:
            chosen = self._by_grammar(options, gender) if options else self._only_one_around(gender)
        return self._nearest(chosen, gender, position) if chosen else None

    def _by_grammar(self, options: Sequence[Speaker], gender: Gender) -> Speaker | None:
        """The last speaker or subject, when it is one person and nobody else in the last sentence fits."""
        if len(options) != 1:
            return None
        only = options[0]
        rivals = [other for other in _fitting(self.mentioned, gender) if not other.same(only)]
        both = bool(self.spoke and self.subject and self.spoke[1].same(only) and self.subject[1].same(only))
        return only if both or not rivals else None

    def _only_one_around(self, gender: Gender) -> Speaker | None:
        sure = [person for person in [*self.before, *self.around] if person.gender is gender]
        found = _fitting(sure, gender)
        return found[0] if len(found) == 1 else None

    def _nearest(self, chosen: Speaker, gender: Gender, position: int) -> Speaker:
        """The same speaker with the last place before `position` that names it."""
        self.learnt[chosen.text.casefold()] = gender
        places = [
            name.span
            for name in reversed(self.known.within(max(0, position - 4 * WINDOW), position))
            if self.masked[name.span.start] != QUOTED and self.named(name).same(chosen)
        ][:1]
        place = places[0] if places else chosen.place
        return Speaker(chosen.text, place, chosen.named_at, gender)


def _fitting(people: Sequence[Speaker], gender: Gender) -> list[Speaker]:
    """Those that the pronoun may mean, each once."""
    found: dict[str, Speaker] = {}
    for person in people:
        if person.resolved and person.fits(gender) and not _is_plural(person.text):
            found.setdefault(person.text.casefold(), person)
    return list(found.values())


def _is_plural(text: str) -> bool:
    parts = text.casefold().split()
    return parts[0] in {"two", "three", "four", "some", "several", "many", "both", "others"} or (
        text.islower() and parts[-1].endswith("s") and parts[0] not in {"a", "an", "one", "another"}
    )


def _described_gender(text: str) -> Gender:
    parts = {part for word in text.casefold().split() for part in word.split("-")}
    if parts & _FEMALE_WORDS or any(word.endswith("woman") for word in parts):
        return Gender.FEMALE
    if parts & _MALE_WORDS or any(word.endswith("man") for word in parts):
        return Gender.MALE
    return Gender.UNKNOWN
