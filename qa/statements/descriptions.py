"""Turns a description ("that official", "the bank") into who is meant by it, as far as told; knows no pronouns."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.names import Gender, Names
from qa.statements.persons import Speaker
from qa.statements.roles import Roles, head_noun
from qa.types import Span
from qa.wordlists import BODY_NOUNS, NATIONS, words

MOST_REMEMBERED = 20  # speakers without a name, and bodies
BODY_REACH = 5  # sentences in which "the bank" still means the body last spoken of
_ONE_PERSON = re.compile(r"the (?:\S+ ){0,2}(?:\d+-year-old|(?:mum|mom|mother|dad|father)-of-\w+)\Z", re.IGNORECASE)
_FEMALE_WORDS = words("""woman mother mum mom wife widow daughter sister girl lady actress grandmother she her""")
_MALE_WORDS = words("man father dad husband son brother boy gentleman grandfather he his")


@dataclass(slots=True)
class Descriptions:
    """The unnamed speakers and the bodies of one document, as they come."""

    masked: str
    known: Names
    roles: Roles = field(init=False)
    unnamed: deque[Speaker] = field(default_factory=lambda: deque(maxlen=MOST_REMEMBERED))
    bodies: deque[tuple[int, Speaker]] = field(default_factory=lambda: deque(maxlen=MOST_REMEMBERED))

    def __post_init__(self) -> None:
        self.roles = Roles(self.masked, self.known)

    def speaker(self, text: str, span: Span, people: Sequence[Speaker]) -> Speaker:
        """Who is meant by a description at `span`. people: who was named in this paragraph and the one before."""
        own = Speaker(text, span, span, described_gender(text), body=head_noun(text) in BODY_NOUNS, named=False)
        if bearer := self.roles.bearer(text, span.start):
            name, place = bearer
            return Speaker(name, span, place, self.known.gender(name))
        if not text.casefold().startswith(("the ", "that ", "this ")):
            return own
        meant = self._earlier(own) or self._body(own) or self._one_person(text, people)
        if meant is None:
            return own
        gender = meant.gender if meant.gender is not Gender.UNKNOWN else own.gender
        return Speaker(meant.text, span, meant.named_at, gender, body=meant.body, named=meant.named)

    def remember(self, number: int, speaker: Speaker | None, spoke: bool) -> None:
        """Takes note of the subject of sentence `number`, or of who spoke in it."""
        if speaker is None or not speaker.resolved:
            return
        if speaker.body and speaker.named and (spoke or " " in speaker.text):
            self.bodies.append((number, speaker))
        elif not speaker.named and speaker not in self.unnamed:
            self.unnamed.append(speaker)

    def _earlier(self, own: Speaker) -> Speaker | None:
        """The unnamed speaker to whom "that official", "the second official" or "the official" goes back."""
        first, *rest = own.text.casefold().split()
        noun, qualities = head_noun(own.text), set(rest[:-1])
        if not rest or rest[-1] != noun:
            return None
        fitting = [
            each for each in self.unnamed
            if head_noun(each.text) == noun and qualities <= set(each.text.casefold().split()) and not each.same(own)
        ]  # fmt: skip
        if not fitting or fitting[-1].plural:
            return None
        alone = len({each.text.casefold() for each in fitting}) == 1
        return fitting[-1] if alone or first == "that" else None

    def _body(self, own: Speaker) -> Speaker | None:
        """The body that "the bank" means: one whose name ends so, or the only one spoken of lately."""
        noun = own.text.casefold().split()[-1]
        if noun not in BODY_NOUNS or len(own.text.split()) > 2 or not self.bodies:
            return None
        last = self.bodies[-1][0]
        recent = {each.text.casefold(): each for number, each in self.bodies if last - number <= BODY_REACH}
        called = [each for text, each in recent.items() if text.split()[-1] == noun]
        others = [each for text, each in recent.items() if not set(text.split()) <= NATIONS]
        chosen = called or others
        return chosen[0] if len(chosen) == 1 else None

    def _one_person(self, text: str, people: Sequence[Speaker]) -> Speaker | None:
        """The only person around whom "the 34-year-old" can mean."""
        return people[0] if len(people) == 1 and _ONE_PERSON.match(text) else None


def described_gender(text: str) -> Gender:
    """What the nouns of a description say."""
    parts = {part for word in text.casefold().split() for part in word.split("-")}
    if parts & _FEMALE_WORDS or any(word.endswith("woman") for word in parts):
        return Gender.FEMALE
    if parts & _MALE_WORDS or any(word.endswith("man") for word in parts):
        return Gender.MALE
    return Gender.UNKNOWN
