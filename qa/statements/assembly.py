"""Turns sentences, attributions and references into drafts of statements; knows nothing of documents."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.names import Gender, Names
from qa.statements.attributions import Attribution, attributions, pure_attribution
from qa.statements.cues import CONJUNCTIONS, OBJECT_CUES, QUESTION_CUES, REPLY_CUES, TAG_CUES
from qa.statements.openings import leading_subject
from qa.statements.persons import Speaker
from qa.statements.phrases import Kind
from qa.statements.quotations import Quotation
from qa.statements.references import References
from qa.statements.reported import reported_words
from qa.statements.sentences import QUOTED, WINDOW, Prose, Sentence, prose
from qa.statements.transcripts import Turn
from qa.types import Span

SCARE = 2  # words: a quotation so short without a verb right beside it is a scare quote
MOST_WAITING = 50  # paragraphs of one quotation before its speaker is told
NEAREST = 8  # words between a quotation and the verb that follows it
# what follows is a clause of its own: “mad”, while Ruiz said …
_NEW_CLAUSE = re.compile(rf"(?:\A|,|;)\s*(?:{CONJUNCTIONS})\s*\Z")
_BARE = re.compile(rf"[\s{QUOTED}.,;:!?…—–-]*\Z")


@dataclass(frozen=True, slots=True)
class Draft:
    """One statement before it is tied to its document."""

    speaker: Speaker
    words: Span
    cue: str
    reported: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """The last statement: a quotation that follows it directly may go on with it."""

    sentence: int
    paragraph: int
    speaker: Speaker
    cue: str
    direct: bool
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """The last quotation that somebody was told to have spoken. asked: it is a question."""

    sentence: int
    paragraph: int
    speaker: Speaker
    asked: bool


Attributed = tuple[Attribution, Speaker | None]


def drafts(text: str, known: Names, spoken: Sequence[Turn]) -> list[Draft]:
    """All statements of a text: those of its transcript lines and those of its prose."""
    body = prose(text, skip=[(turn.label[0], turn.words[1]) for turn in spoken])
    made = _Assembly(text, known, body, References(text, body.masked, known))
    made.read()
    return [*_turns(text, known, spoken), *made.drafts]


def _turns(text: str, known: Names, spoken: Sequence[Turn]) -> Iterator[Draft]:
    for turn in spoken:
        place = Span(*turn.label)
        label, named_at = known.complete(place.within(text)) or (place.within(text), place)
        yield Draft(Speaker(label, place, named_at, Gender.UNKNOWN), Span(*turn.words), ":", reported=False)


class _Assembly:
    """Reads the sentences in order; `drafts` grows, `flow` is the last statement."""

    def __init__(self, text: str, known: Names, body: Prose, references: References) -> None:
        self.text, self.known, self.body, self.references = text, known, body, references
        self.masked = body.masked
        self.flow: Flow | None = None
        self.heard: Heard | None = None
        self.waiting: list[Quotation] = []  # open-ended quotations whose speaker is told by the next paragraph
        self.drafts: list[Draft] = []
        self.spent = -1  # number of a sentence that only names the speaker of the words before it

    def read(self) -> None:
        """Reads every sentence once."""
        for number, sentence in enumerate(self.body.sentences):
            self.references.enter(sentence)
            found = self._attributed(sentence, number)
            spoke = self._direct(sentence, number, found)
            if number != self.spent:
                spoke = self._reported(sentence, number, found) or spoke
            spoke = spoke or self._denied(found)
            self.references.leave(sentence, number, self._subject(sentence, number), spoke)

    def _attributed(self, sentence: Sentence, number: int) -> list[Attributed]:
        found = attributions(self.masked, self.known, sentence)
        return [(made, self._speaker(made, sentence, number)) for made in found]

    def _speaker(self, made: Attribution, sentence: Sentence, number: int) -> Speaker | None:
        meant = self.references.speaker(made.subject, sentence, number)
        if meant and made.subject.kind is Kind.PRONOUN and self._answers_itself(sentence, number, made.cue, meant):
            place = Span(made.subject.start, made.subject.end)
            return replace(meant, text=place.within(self.text), place=place, named_at=place, resolved=False)
        return meant

    def _subject(self, sentence: Sentence, number: int) -> Speaker | None:
        subject = leading_subject(self.masked, self.known, sentence.start, sentence.end)
        return self.references.speaker(subject, sentence, number) if subject else None

    def _direct(self, sentence: Sentence, number: int, found: Sequence[Attributed]) -> Speaker | None:
        last: Speaker | None = None
        bare = bool(sentence.quotations) and bool(_BARE.match(self.masked, sentence.start, sentence.end))
        told = (self._told_next(number) or self._told_before(sentence, number)) if bare else None
        starts, ends = [made.start for made, _ in found], [made.end for made, _ in found]
        for quotation in sentence.quotations:
            after = bisect_left(starts, quotation.outer_end)
            before = bisect_right(ends, quotation.outer_start) - 1
            speaking = told or self._governing(
                quotation, found[before] if before >= 0 else None, found[after] if after < len(found) else None
            )
            if speaking is None:
                self._wait(quotation)
                continue
            cue, speaker = speaking
            self._settle(speaker, cue)
            self.drafts.append(_direct_draft(quotation, speaker, cue))
            asked = cue in QUESTION_CUES or self.text[quotation.end - 1] == "?"
            self.heard = Heard(number, sentence.paragraph, speaker, asked)
            self.flow = None if asked else Flow(
                number, sentence.paragraph, speaker, cue, True, quotation.open_ended
            )  # fmt: skip
            last = speaker
        return last

    def _answers_itself(self, sentence: Sentence, number: int, cue: str, speaker: Speaker) -> bool:
        """Whether "he" would reply to his own words, or in a new paragraph answer his own question."""
        heard = self.heard
        if heard is None or number - heard.sentence > 1 or not heard.speaker.same(speaker):
            return False
        return cue in REPLY_CUES or (heard.asked and sentence.paragraph == heard.paragraph + 1)

    @staticmethod
    def _denied(found: Sequence[Attributed]) -> Speaker | None:
        """Who spoke in a sentence that does not give the words ("Ruiz denied it.")."""
        return next((speaker for made, speaker in found if speaker and made.cue in OBJECT_CUES), None)

    def _wait(self, quotation: Quotation) -> None:
        if not quotation.open_ended:
            self.waiting.clear()
        elif len(self.waiting) < MOST_WAITING:
            self.waiting.append(quotation)

    def _settle(self, speaker: Speaker, cue: str) -> None:
        """Open-ended quotations that waited belong to the speaker that the next paragraph names."""
        self.drafts.extend(_direct_draft(quotation, speaker, cue) for quotation in self.waiting)
        self.waiting.clear()

    def _governing(
        self, quotation: Quotation, before: Attributed | None, after: Attributed | None
    ) -> tuple[str, Speaker] | None:
        """The verb in the same sentence that a quotation belongs to: right after it, else before, else after."""
        chosen = before
        if after and after[0].start - quotation.outer_end > WINDOW:
            after = None
        if before and not self._reaches(before[0], quotation):
            before = chosen = None
        if (after and self._attached(quotation, after[0], before is not None)) or (
            before is None and after and self._closing(quotation, after[0])
        ):
            chosen = after
        return (chosen[0].cue, chosen[1]) if chosen and chosen[1] else None

    def _reaches(self, made: Attribution, quotation: Quotation) -> bool:
        """Whether a verb before a quotation can govern it: the agent of a passive has its own, a tag stands beside."""
        gap = self.masked[made.end : quotation.outer_start]
        return not made.agent and (made.cue not in TAG_CUES or not gap.strip(" ,:"))

    def _attached(self, quotation: Quotation, made: Attribution, rival: bool) -> bool:
        """Whether the verb follows the quotation with only its subject between."""
        gap = self.masked[quotation.outer_end : made.start]
        if made.agent:
            return not gap
        if _NEW_CLAUSE.search(gap) or (made.shared and rival):
            return False
        near = QUOTED not in gap and len(gap.split()) <= NEAREST and "," not in gap.lstrip()[1:]
        comma = self.text[quotation.end - 1] in ",!?—–-" or gap.lstrip().startswith(",")
        return near and (comma or not rival) and (comma or made.inverted or len(gap.split()) < 4)

    def _closing(self, quotation: Quotation, made: Attribution) -> bool:
        """Whether the verb closes the sentence after a comma (“The plan is ‘a bad joke’, Ruiz said”)."""
        gap = self.masked[quotation.outer_end : made.start]
        if _NEW_CLAUSE.search(gap):
            return False
        long_enough = len(self.text[quotation.start : quotation.end].split()) > SCARE
        return long_enough and "," in gap and len(gap[gap.rfind(",") + 1 :].split()) < NEAREST

    def _told_next(self, number: int) -> tuple[str, Speaker] | None:
        if number + 1 >= len(self.body.sentences):
            return None
        current, following = self.body.sentences[number : number + 2]
        if following.quotations or following.paragraph != current.paragraph:
            return None
        made = pure_attribution(self.masked, self.known, following)
        if made and made.cue in TAG_CUES and self.text[current.quotations[-1].end - 1] == ".":
            return None  # “We were in Oslo.” Ruiz frowned: what he did when somebody had spoken
        speaker = self.references.speaker(made.subject, following, number + 1) if made else None
        if made and speaker:
            self.spent = number + 1
            return made.cue, speaker
        return None

    def _told_before(self, sentence: Sentence, number: int) -> tuple[str, Speaker] | None:
        led = self._led_by_colon(sentence, number)
        flow = self.flow
        if led or flow is None or flow.sentence != number - 1:
            return led
        adjacent = sentence.paragraph == flow.paragraph + 1 and flow.direct
        return (flow.cue, flow.speaker) if sentence.paragraph == flow.paragraph or adjacent else None

    def _led_by_colon(self, sentence: Sentence, number: int) -> tuple[str, Speaker] | None:
        """A paragraph that ends in a colon leads to the words of its subject."""
        if number == 0:
            return None
        lead = self.body.sentences[number - 1]
        if not self.masked[lead.start : lead.end].endswith(":") or lead.paragraph + 1 != sentence.paragraph:
            return None
        subject = leading_subject(self.masked, self.known, lead.start, lead.end)
        speaker = self.references.speaker(subject, lead, number - 1) if subject else None
        return (":", speaker) if speaker else None

    def _reported(self, sentence: Sentence, number: int, found: Sequence[Attributed]) -> Speaker | None:
        made = [entry[0] for entry in found]
        last: Speaker | None = None
        for index, (attribution, speaker) in enumerate(found):
            words = reported_words(self.masked, sentence, made, index) if speaker else None
            if words and speaker:
                self.drafts.append(Draft(speaker, words, attribution.cue, reported=True))
                last = last or speaker
        speakers = {speaker.text for _, speaker in found if speaker}
        if last and not sentence.quotations:
            flow = Flow(number, sentence.paragraph, last, found[0][0].cue, False)
            self.flow = flow if len(speakers) == 1 else None
        return last


def _direct_draft(quotation: Quotation, speaker: Speaker, cue: str) -> Draft:
    return Draft(replace(speaker), Span(quotation.start, quotation.end), cue, reported=False)
