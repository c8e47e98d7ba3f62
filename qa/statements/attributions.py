"""Turns a sentence into its verbs of saying with their subjects; knows nothing of other sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.names import Names
from qa.statements.assertion import is_asserted
from qa.statements.cues import (
    ACCORDING,
    CLAUSE_CUES,
    CUES,
    DETERMINERS,
    NO_INVERSION,
    NOUN_LIKE,
    OBJECT_CUES,
    PARTICIPLES,
    PASSIVE_CUES,
    PREPOSITIONS,
    SIGN_WORDS,
    TAG_CUES,
    cues,
)
from qa.statements.openings import leading_subject
from qa.statements.phrases import ELIDED, Kind, Subject, named
from qa.statements.sentences import QUOTED, WINDOW, Sentence
from qa.statements.speakers import SOURCE_END, subject_after, subject_before
from qa.wordlists import words

_COLON = re.compile(r":\s*\Z")
_NAME_COLON = re.compile(r":\s+\Z")
_RELATIVE = re.compile(r",\s+(?:whom|which|that)\s+(?:the\s+|an?\s+)?\Z")
_BY = re.compile(r"\s+by(?=\s)")
_ITEM_BY = re.compile(r",\s+(?:\w+\s+){0,3}by(?=\s)")
_LEAD = re.compile(
    r"(?:\b(?P<pronoun>[Hh]is|[Hh]er)|(?P<whose>’s|'s))\s+(?:[a-z\-]+\s+){0,3}"
    r"(?P<noun>answer|reply|response|retort|verdict|message|advice|reaction|comment|explanation|conclusion|motto|warning|"
    r"words|statement|tweet|letter|note|post|riposte|comeback|assessment|summary|plea|excuse|opinion|view)\b"
    rf"(?:\s[^{QUOTED};]{{0,60}})?:\s*\Z"
)
LONGEST_LEAD = 7  # words before the speaker's name in a sentence that only names the speaker
LONGEST_TAIL = 8  # words after its verb
TAIL_OPENERS = words("on in at to by with from after before during as later yesterday today reporters")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One verb of saying and who does it.

    start, end: from the subject or the verb, whichever is first, to the end of the later one. inverted: the subject
    follows the verb. shared: the subject is an earlier verb's, or not beside it. agent: it is the "by" of a passive and
    belongs to the quotation before it alone.
    """

    cue: str
    cue_start: int
    cue_end: int
    subject: Subject
    inverted: bool = False
    shared: bool = False
    agent: bool = False

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
    passive = ""
    unasserted = False
    for match in cues(masked, sentence.start, sentence.end):
        made = _attribution(masked, known, sentence, match, found)
        if made is None and match[0] in PASSIVE_CUES:
            passive = passive or match[0]
            made = _named_agent(masked, known, sentence, match)
        if made and _plausible(masked, made, bool(sentence.quotations)):
            asserted = _asserted(masked, sentence, made)
            unasserted = unasserted or not asserted
            found += [made] if asserted else []
    if passive:
        found.extend(_agents(masked, known, sentence, passive))
    if sentence.quotations and not unasserted:
        told = any(made.cue not in TAG_CUES for made in found)
        found.extend(leads(masked, known, sentence, told=told) if told else _colon(masked, known, sentence))
    return sorted(found, key=lambda made: made.start)


def _attribution(
    masked: str, known: Names, sentence: Sentence, match: re.Match[str], earlier: list[Attribution]
) -> Attribution | None:
    cue, start, end = match[0].casefold(), match.start(), match.end()
    low, high = max(sentence.start, start - WINDOW), min(sentence.end, end + WINDOW)
    if cue == ACCORDING:
        subject = subject_after(masked, known, end, high, SOURCE_END)
        return Attribution(cue, start, end, subject, inverted=True) if subject else None
    before = None if cue in PARTICIPLES else subject_before(masked, known, low, start)
    if cue in PARTICIPLES and masked[low:start].strip():
        before = ELIDED if _participle(masked, low, start) else None
    shared = before is ELIDED
    if before is not None and not shared:
        return Attribution(cue, start, end, before)
    joined = shared and bool(earlier) and masked[low:start].rstrip().endswith("and")  # "called it ‘x’ and said y"
    if not joined and _may_invert(masked, low, start, cue):
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
    if earlier and not _beside(masked, earlier[-1]):
        return earlier[-1].subject
    return leading_subject(masked, known, sentence.start, min(start, sentence.start + WINDOW))


def _beside(masked: str, made: Attribution) -> bool:
    """Whether a verb belongs to an aside about the subject: ", whom Lind called …", ", described by Lind as"."""
    passive = made.shared and made.subject.start >= made.cue_end
    return passive or _RELATIVE.search(masked, max(0, made.subject.start - WINDOW), made.subject.start) is not None


def _plausible(masked: str, made: Attribution, quoting: bool) -> bool:
    """Verbs that are nouns too need a name or a pronoun; most verbs need a quotation beside them."""
    if made.cue in {"read", "reads"} and masked[made.subject.start : made.subject.end].casefold() != "it":
        return False  # a sign reads, and who reads aloud says another's words
    if (
        made.cue in PASSIVE_CUES
        and made.subject.kind is Kind.DESCRIPTION
        and masked[made.cue_end + 1 : made.cue_end + 2] == QUOTED
    ):
        return False  # "a game called ‘Snap’"
    if made.cue in NOUN_LIKE and made.cue not in PARTICIPLES and made.subject.kind is Kind.DESCRIPTION:
        return False
    return quoting or made.cue in CLAUSE_CUES or made.cue in OBJECT_CUES or made.cue == ACCORDING


def _asserted(masked: str, sentence: Sentence, made: Attribution) -> bool:
    subject = masked[made.subject.start : made.subject.end]
    beside = made.inverted or made.shared  # what stands before such a subject is another clause
    before = "" if beside else masked[sentence.start : made.subject.start]
    return is_asserted(before, subject, masked[sentence.start : made.cue_start])


def _named_agent(masked: str, known: Names, sentence: Sentence, match: re.Match[str]) -> Attribution | None:
    """A passive whose agent stands before the words ("was described by Ana Ruiz as ‘a joke’")."""
    by = _BY.match(masked, match.end(), sentence.end)
    subject = subject_after(masked, known, by.end(), min(sentence.end, by.end() + WINDOW)) if by else None
    return Attribution(match[0], match.start(), match.end(), subject, shared=True) if subject else None


def _agents(masked: str, known: Names, sentence: Sentence, cue: str) -> Iterator[Attribution]:
    """The agents of a passive that follow its quotations ("was called ‘a joke’ by Ana Ruiz")."""
    for quotation in sentence.quotations:
        by = _BY.match(masked, quotation.outer_end, sentence.end) or _ITEM_BY.match(
            masked, quotation.outer_end, sentence.end
        )
        subject = subject_after(masked, known, by.end(), min(sentence.end, by.end() + WINDOW)) if by else None
        if by and subject:
            yield Attribution(cue, quotation.outer_end, by.end(), subject, inverted=True, agent=True)


def leads(masked: str, known: Names, sentence: Sentence, *, told: bool = False) -> Iterator[Attribution]:
    """What leads to the first quotation by a noun of saying ("her answer was: …", "Ruiz’s reply: …").

    told: whether a verb of saying is there already; then a name before a colon is who was told ("Lind told Ruiz: …").
    """
    first = sentence.quotations[0]
    low = max(sentence.start, first.outer_start - WINDOW)
    plain = _NAME_COLON.search(masked, low, first.outer_start)
    speaker = known.by_end.get(plain.start()) if plain else None
    if speaker and not told and _opens_lead(masked[sentence.start : speaker.head].split()):
        yield Attribution(":", speaker.span.end, first.outer_start, named(speaker), shared=True)
        return
    match = _LEAD.search(masked, low, first.outer_start)
    if match is None:
        return
    name = known.by_end.get(match.start("whose")) if match["whose"] else None
    if match["pronoun"]:
        subject = Subject(Kind.PRONOUN, *match.span("pronoun"))
    elif name and name.head >= low:
        subject = named(name)
    else:
        return
    yield Attribution(match["noun"], match.start("noun"), match.end("noun"), subject, shared=True)


def _opens_lead(lead: list[str]) -> bool:
    """Whether the words before a name and a colon leave it the subject: few, and none that takes an object."""
    nearest = next((word for word in reversed(lead) if word.casefold() not in DETERMINERS), "").casefold()
    return len(lead) < LONGEST_LEAD and nearest not in PREPOSITIONS and nearest not in CUES


def _colon(masked: str, known: Names, sentence: Sentence) -> Iterator[Attribution]:
    """A sentence that leads to a quotation with a colon: its opening subject speaks ("Ames has one rule: …")."""
    led = list(leads(masked, known, sentence))
    yield from led
    first = sentence.quotations[0]
    lead = masked[sentence.start : first.outer_start][-WINDOW:]
    if not led and _COLON.search(lead) and not SIGN_WORDS.search(lead):
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
