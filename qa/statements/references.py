"""Turns the subject of a sentence into a speaker, pronouns with caution; knows nothing of quotations' attribution.

A pronoun is resolved only when one person fits; else the pronoun itself stays the speaker: no speaker at all
is better than a wrong one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa.names import Gender, Name, Names
from qa.statements.descriptions import Descriptions
from qa.statements.persons import Speaker
from qa.statements.phrases import Kind, Subject
from qa.statements.sentences import QUOTED, WINDOW, Sentence
from qa.types import Span

WANTED = {"he": Gender.MALE, "she": Gender.FEMALE, "his": Gender.MALE, "her": Gender.FEMALE}
_SAME = {
    Gender.MALE: re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE),
    Gender.FEMALE: re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE),
}
MOST_MENTIONED = 20  # people of a sentence or paragraph that are kept: more are a list
REACH = 2  # sentences back in which the last speaker or subject is still meant by "he"


@dataclass(slots=True)
class References:
    """What has been read so far, sentence by sentence: who spoke last, whom the last sentences were about."""

    text: str
    masked: str
    known: Names
    descriptions: Descriptions = field(init=False)
    completed: dict[int, tuple[str, Span]] = field(default_factory=dict)  # by where the name starts
    learnt: dict[str, Gender] = field(default_factory=dict)
    spoke: tuple[int, Speaker] | None = None
    subject: tuple[int, Speaker] | None = None
    told: int = -1  # number of the last sentence that is more than a quotation
    mentioned: list[Speaker] = field(default_factory=list)  # in that sentence
    paragraph: int = -1
    paragraph_start: int = 0
    around: list[Speaker] = field(default_factory=list)  # in this paragraph and the one before
    before: list[Speaker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.descriptions = Descriptions(self.masked, self.known)

    def speaker(self, subject: Subject, sentence: Sentence, number: int) -> Speaker | None:
        """Who is meant; None for "I", "we", "you". number: counts the sentences of the document."""
        if subject.kind is Kind.NAME and subject.name:
            return self.named(subject.name)
        span = Span(subject.start, subject.end)
        text = span.within(self.text)
        if subject.kind is Kind.DESCRIPTION:
            return self._described(text, span)
        lower = text.casefold()
        if lower in WANTED:
            meant = self._meant(WANTED[lower], sentence, number, subject.start)
            return meant or Speaker(text, span, span, WANTED[lower], resolved=False)
        if lower == "it" and (body := self._body(sentence, number, subject.start)):
            return replace(body, place=span)
        return None if lower in {"i", "we", "you"} else Speaker(text, span, span, Gender.UNKNOWN, resolved=False)

    def named(self, name: Name) -> Speaker:
        """The speaker that a name names, completed when it is a person's."""
        start = name.span.start
        if start not in self.completed:
            full = self.known.complete(name.text, before=start) if name.person else None
            self.completed[start] = full or (name.text, name.span)
        text, named_at = self.completed[start]
        return Speaker(text, name.span, named_at, self._gender(text), body=not self.known.is_person(name))

    def enter(self, sentence: Sentence) -> None:
        """Starts a sentence: a new paragraph forgets the last but one."""
        if sentence.paragraph != self.paragraph:
            self.paragraph, self.paragraph_start = sentence.paragraph, sentence.start
            self.before, self.around = self.around, []

    def leave(self, sentence: Sentence, number: int, subject: Speaker | None, spoke: Speaker | None) -> None:
        """Ends a sentence: its subject and its last speaker are what the next pronoun may mean."""
        people = [self.named(name) for name in self._people(sentence.start, sentence.end)][-MOST_MENTIONED:]
        if self._has_prose(sentence):
            self.mentioned, self.told = people, number
        self.around = [*self.around, *people][-MOST_MENTIONED:]
        if subject and subject.resolved:
            self.subject = (number, subject)
        elif spoke and spoke.resolved:
            self.subject = (number, spoke)
        if spoke:
            self.spoke = (number, spoke) if spoke.resolved else None
        self.descriptions.remember(number, subject, spoke=False)
        self.descriptions.remember(number, spoke, spoke=True)

    def _described(self, text: str, span: Span) -> Speaker:
        everyone = {person.text.casefold(): person for person in [*self.before, *self.around]}
        found = self.descriptions.speaker(text, span, list(everyone.values()))
        if found.gender is Gender.UNKNOWN and not found.body:
            return replace(found, gender=self._gender(found.text) if found.named else Gender.UNKNOWN)
        return found

    def _gender(self, full_name: str) -> Gender:
        return self.learnt.get(full_name.casefold()) or self.known.gender(full_name)

    def _has_prose(self, sentence: Sentence) -> bool:
        return any(c.isalpha() for c in self.masked[sentence.start : sentence.end])

    def _people(self, start: int, end: int) -> Sequence[Name]:
        return [
            name
            for name in self.known.within(start, end)
            if self.masked[name.span.start] != QUOTED and not name.possessive and self.known.is_person(name)
        ]

    def _recent(self, number: int, reach: int) -> list[Speaker]:
        return [entry[1] for entry in (self.spoke, self.subject) if entry and number - entry[0] <= reach]

    def _body(self, sentence: Sentence, number: int, position: int) -> Speaker | None:
        """The body that "it" means: what the sentence before was about, unless this one names another."""
        recent = self._recent(number, 1)
        bodies = {each.text.casefold(): each for each in recent if each.body}
        inner = [name for name in self.known.within(sentence.start, position) if self.masked[name.span.start] != QUOTED]
        return next(iter(bodies.values())) if len(bodies) == 1 and len(recent) < 3 and not inner else None

    def _meant(self, gender: Gender, sentence: Sentence, number: int, position: int) -> Speaker | None:
        low = max(sentence.start, position - WINDOW)
        same = _SAME[gender].search(self.masked, low, position)
        people = [self.named(name) for name in self._people(low, same.start() if same else position)]
        inner = self._fitting(people, gender)
        recent = self._fitting(self._recent(number, REACH), gender)
        if inner:
            chosen = inner[0] if len(inner) == 1 and all(inner[0].same(other) for other in recent) else None
        else:
            chosen = self._by_grammar(recent, gender, sentence, number) if recent else self._only_one_around(gender)
        return self._nearest(chosen, gender, position) if chosen else None

    def _by_grammar(
        self, options: Sequence[Speaker], gender: Gender, sentence: Sentence, number: int
    ) -> Speaker | None:
        """The last speaker or subject, when it is one person and nobody else in the last sentence fits."""
        if len(options) != 1:
            return self._newcomer(options, gender, sentence, number)
        only = options[0]
        behind = self.subject[1].place.start if self.subject and self.subject[1].same(only) else -1
        later = [other for other in self.mentioned if other.place.start > behind]  # not "asked by Hale, Ruiz shrugged"
        rivals = [other for other in self._fitting(later, gender) if not other.same(only)]
        subject = bool(self.subject and self.subject[0] == self.told and self.subject[1].same(only))
        both = bool(self.spoke and self.spoke[1].same(only) and subject)
        return only if both or not rivals else None

    def _newcomer(self, options: Sequence[Speaker], gender: Gender, sentence: Sentence, number: int) -> Speaker | None:
        """Who has just been brought in by full name after another spoke; not when the quotation speaks of a he too."""
        if not self.subject or self.subject[0] != self.told or number - self.told > 1:
            return None
        new = self.subject[1]
        first = new.named and " " in new.text and (new.place == new.named_at or self._opened_paragraph(new))
        others = [other for other in self._fitting(self.mentioned, gender) if not other.same(new)]
        own = [quotation.start for quotation in sentence.quotations]
        said = self.text[own[0] : sentence.quotations[-1].end] if own else ""
        speaks_of = _SAME[gender].search(said)
        return new if first and own and not others and not speaks_of and any(map(new.same, options)) else None

    def _opened_paragraph(self, new: Speaker) -> bool:
        """Whether the paragraph began with this subject, after another spoke in the one before."""
        return not self.masked[self.paragraph_start : new.place.start].strip()

    def _only_one_around(self, gender: Gender) -> Speaker | None:
        """The one person of that gender here and in the paragraph before; else the one who may be of it."""
        fitting = self._fitting([*self.before, *self.around], gender)
        sure = [person for person in fitting if self._gender(person.text) is gender]
        return sure[0] if len(sure) == 1 else None

    def _nearest(self, chosen: Speaker, gender: Gender, position: int) -> Speaker:
        """The same speaker with the last place before `position` that names it."""
        self.learnt[chosen.text.casefold()] = gender
        places = [
            name.span
            for name in reversed(self.known.within(max(0, position - 4 * WINDOW), position))
            if self.masked[name.span.start] != QUOTED and self.named(name).same(chosen)
        ][:1]
        place = places[0] if places else chosen.place
        return replace(chosen, place=place, gender=gender)

    def _fitting(self, people: Sequence[Speaker], gender: Gender) -> list[Speaker]:
        """Those that the pronoun may mean, each once."""
        found: dict[str, Speaker] = {}
        for person in people:
            told = self.learnt.get(person.text.casefold(), person.gender)
            if person.resolved and told in {gender, Gender.UNKNOWN} and not person.plural and not person.body:
                found.setdefault(person.text.casefold(), person)
        return list(found.values())
