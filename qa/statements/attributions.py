"""Turns a sentence into its verbs of saying with their subjects; knows nothing of other sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.names import Names
from qa.statements.cues import (
    ACCORDING,
    CLAUSE_CUES,
    NO_INVERSION,
    NOUN_LIKE,
    OBJECT_CUES,
    PARTICIPLES,
    SIGN_WORDS,
    cues,
)
from qa.statements.sentences import QUOTED, WINDOW, Sentence
from qa.statements.speakers import ELIDED, Kind, Subject, leading_subject, subject_after, subject_before
from qa.wordlists import words

_COLON = re.compile(r":\s*\Z")
LONGEST_LEAD = 7  # words before the speaker's name in a sentence that only names the speaker
LONGEST_TAIL = 8  # words after its verb
TAIL_OPENERS = words("on in at to by with from after before during as later yesterday today reporters")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One verb of saying and who does it.

    start, end: from the subject or the verb, whichever is first, to the
    end of the later one. inverted: the subject follows the verb. shared: the subject is an earlier verb's.
    """

    cue: str
    cue_start: int
    cue_end: int
    subject: Subject
    inverted: bool = False
    shared: bool = False

    @property
    def start(self) -> int:
        """Where subject and verb start."""
        return self.cue_start if self.inverted or self.shared else min(self.subject.start, self.cue_start)

    @property
    def end(self) -> int:
        """Where subject and verb end."""
        return max(self.cue_end, self.subject.end) if self.inverted else self.cue_end


def attributions(masked: str, known: Names, sentence: Sentence) -> list[Attribution]:
    """The sentence's verbs of saying, in order, each with its subject; shared subjects are filled in."""
    found: list[Attribution] = []
    for match in cues(masked, sentence.start, sentence.end):
        made = _attribution(masked, known, sentence, match, found)
        if made and _plausible(made, bool(sentence.quotations)):
            found.append(made)
    if not found and sentence.quotations:
        found.extend(_colon(masked, known, sentence))
    return found


def _attribution(
    masked: str, known: Names, sentence: Sentence, match: re.Match[str], earlier: list[Attribution]
) -> Attribution | None:
    cue, start, end = match[0].casefold(), match.start(), match.end()
    low, high = max(sentence.start, start - WINDOW), min(sentence.end, end + WINDOW)
    if cue == ACCORDING:
        subject = subject_after(masked, known, end, high)
        return Attribution(cue, start, end, subject, inverted=True) if subject else None
    before = None if cue in PARTICIPLES else subject_before(masked, known, low, start)
    if cue in PARTICIPLES and masked[low:start].strip():
        before = ELIDED if _participle(masked, low, start) else None
    shared = before is ELIDED
    if before is not None and not shared:
        return Attribution(cue, start, end, before)
    if _may_invert(masked, low, start, cue):
        after = subject_after(masked, known, end, high)
        if after:
            return Attribution(cue, start, end, after, inverted=True)
    inherited = _shared_subject(masked, known, sentence, start, earlier) if shared else None
    return Attribution(cue, start, end, inherited, shared=True) if inherited else None


def _participle(masked: str, low: int, start: int) -> bool:
    before = masked[low:start].rstrip()
    return before.endswith((",", QUOTED, " and", "while", "by", ")"))


def _may_invert(masked: str, low: int, start: int, cue: str) -> bool:
    """Verb before subject: only after a quotation or a comma ("It is over, said Ana Ruiz.")."""
    before = masked[low:start].rstrip()
    return cue not in NO_INVERSION and cue not in PARTICIPLES and before.endswith((QUOTED, ",", "–", "—", "and"))


def _shared_subject(
    masked: str, known: Names, sentence: Sentence, start: int, earlier: list[Attribution]
) -> Subject | None:
    if earlier:
        return earlier[-1].subject
    return leading_subject(masked, known, sentence.start, min(start, sentence.start + WINDOW))


def _plausible(made: Attribution, quoting: bool) -> bool:
    """Verbs that are nouns too need a name or a pronoun; most verbs need a quotation beside them."""
    if made.cue in NOUN_LIKE and made.cue not in PARTICIPLES and made.subject.kind is Kind.DESCRIPTION:
        return False
    return quoting or made.cue in CLAUSE_CUES or made.cue in OBJECT_CUES or made.cue == ACCORDING


def _colon(masked: str, known: Names, sentence: Sentence) -> Iterator[Attribution]:
    """A sentence that leads to a quotation with a colon: its opening subject speaks ("Ames has one rule: …")."""
    first = sentence.quotations[0]
    lead = masked[sentence.start : first.outer_start][-WINDOW:]
    if _COLON.search(lead) and not SIGN_WORDS.search(lead):
        subject = leading_subject(masked, known, sentence.start, first.outer_start)
        if subject:
            yield Attribution(":", first.outer_start - 1, first.outer_start, subject)


def pure_attribution(masked: str, known: Names, sentence: Sentence) -> Attribution | None:
    """The verb of a sentence that says nothing but who spoke the words before it ("Ana Ruiz said.")."""
    for match in cues(masked, sentence.start, sentence.end):
        made = _attribution(masked, known, sentence, match, [])
        if made is None:
            return None
        if made.cue_end - sentence.start > WINDOW:
            return None
        lead = masked[sentence.start : made.start].split()
        rest = masked[made.end : sentence.end].strip(" .!?").split()
        led = len(lead) < LONGEST_LEAD and (made.cue == "put it" or "," not in masked[sentence.start : made.start])
        return made if led and _adds_nothing(rest) else None
    return None


def _adds_nothing(rest: list[str]) -> bool:
    """Only a time, a place or a listener follows the verb."""
    return not rest or (len(rest) < LONGEST_TAIL and rest[0].casefold() in TAIL_OPENERS)
