"""Turns a verb of saying into the place of the reported words; knows nothing of who says them."""

import re
from collections.abc import Sequence

from qa.statements.attributions import Attribution
from qa.statements.cues import (
    ACCORDING,
    CLAUSE_CUES,
    CONJUNCTIONS,
    NOUN_OBJECT_CUES,
    OBJECT_CUES,
    PARTICIPLES,
    PREPOSITIONS,
    QUOTING_CUES,
    TELLING_CUES,
)
from qa.statements.sentences import QUOTED, Sentence
from qa.types import Span
from qa.wordlists import DAYS

SHORTEST = 2  # words outside quotation marks: less is an interjection, or said by the direct statement
MOST_VERBS = 8  # later verbs of one sentence that may take over
LONGEST_LINK = 20  # characters of "and later"
LONGEST = 2000  # characters of one report
MOST_BEFORE = 12  # words before an attribution that is inserted
THAT_WITHIN = 90  # characters after the verb in which "that" may still open its clause
_THAT = re.compile(r"\bthat\s+")
_PARTED = re.compile(rf"[{QUOTED}:]|,\s(?:an?|the|his|her|their|its)\s")
_CLAUSE_OPENS = re.compile(r"\s+(?:it|he|she|they|there|we|i|you)\s", re.IGNORECASE)
_NO_OBJECT = re.compile(r"\s+(?:it|this|them|him|her|the (?:motion|request|application|appeal|petition|bid))\b")
_FINITE = re.compile(
    r"\b(?:was|were|is|are|am|had|has|have|would|will|could|can|should|may|might|must|did|does|do|\w+ed)\b|"
    r"n[’']t\b|[’'](?:d|ll|s|re|ve)\b"
)
# ", the court heard" closes many a sentence of a court report
_HEARD = re.compile(
    rf",\s+(?:[\w’'\-]+\s+){{1,6}}(?:heard|(?:was|were) told)(?:\s(?:on )?(?:{DAYS}|yesterday|today))?\W*\Z"
)
_CONJOINED = re.compile(r",?\s+(?:and|but|while)\s*(?:later|then|also)?\s*\Z|,\s*\Z")
_NEW_CLAUSE = re.compile(rf"(?:;\s+|[,;]\s+(?:{CONJUNCTIONS})\s+)\Z")
_NOT_A_CLAUSE = re.compile(
    rf"\s*(?:nothing|no\b|yes\b|so\b|little|much|goodbye|to\b|when\b|how\b|what\b|who\b|why\b|only\b|whether\b|it\s*[,.;]|"
    rf"(?:{'|'.join(sorted(PREPOSITIONS - {'that'}))})\b|[,:;—–.!?]|$)"
)
_TIME = re.compile(
    rf"\s*(?:(?:late |early )?(?:on |last |this )?(?:{DAYS}|week|month|year|morning|night)|later|"
    r"yesterday|today)\b,?",
    re.IGNORECASE,
)
_RECIPIENT = re.compile(
    r"\s+(?:(?:the|a|an|his|her|their|its|my|our|some|two|three|this|that|these)\s+[\w’'\-]+(?:\s+(?:of|in|on)\s+[\w’'\-]+)?"
    r"|(?:[A-Z][\w’'\-]*)(?:\s+[A-Z][\w’'\-]*)*|him|her|them|me|us|it|[a-z]+)"
)


def reported_words(masked: str, sentence: Sentence, found: Sequence[Attribution], index: int) -> Span | None:
    """Where the reported words of `found[index]` stand, None when it reports none."""
    made = found[index]
    if made.agent or made.cue not in CLAUSE_CUES | QUOTING_CUES | {ACCORDING}:
        return None
    span = _clause_after(masked, sentence, found, index) or _clause_before(masked, sentence, found, index)
    fewest = 1 if made.cue in OBJECT_CUES else SHORTEST
    return span if span and len(span.within(masked).replace(QUOTED, " ").split()) >= fewest else None


def _clause_after(masked: str, sentence: Sentence, found: Sequence[Attribution], index: int) -> Span | None:
    made = found[index]
    start, end = made.end, min(_clause_end(masked, sentence, found, index), made.end + LONGEST)
    rest = masked[start:end]
    if made.cue == ACCORDING or made.inverted:
        return _trim(masked, start, end) if made.cue == ACCORDING and _opens(masked, sentence, made) else None
    that = _THAT.search(rest, 0, THAT_WITHIN)
    if that and _is_inserted(masked, sentence, made):
        return _trim(masked, sentence.start, end)
    if (
        that
        and not (made.cue in CLAUSE_CUES - TELLING_CUES and _CLAUSE_OPENS.match(rest))
        and not _PARTED.search(rest, 0, that.start())
    ):
        return _trim(masked, start + that.end(), end)
    if made.cue in OBJECT_CUES:
        return None if _NO_OBJECT.match(rest) else _trim(masked, start, end)
    return _bare_clause(masked, made, start, end) if made.cue in CLAUSE_CUES else None


def _is_inserted(masked: str, sentence: Sentence, made: Attribution) -> bool:
    """Whether what is told surrounds the attribution: "The bridge, she told them, was the one that must close"."""
    before = masked[sentence.start : made.start]
    told = _RECIPIENT.match(masked, made.end, sentence.end) if made.cue in TELLING_CUES else None
    follows = masked[told.end() if told else made.end :].startswith(", ")
    return follows and before.rstrip().endswith(",") and QUOTED not in before and len(before.split()) <= MOST_BEFORE


def _bare_clause(masked: str, made: Attribution, start: int, end: int) -> Span | None:
    """The words after a verb without "that": the one who is told, and the time, come first."""
    if made.cue in TELLING_CUES:
        told = _RECIPIENT.match(masked, start, end)
        start = told.end() if told else start
    time = _TIME.match(masked, start, end)
    start = time.end() if time else start
    verbless = made.cue in NOUN_OBJECT_CUES and not _FINITE.search(masked, start, end)
    return None if verbless or _NOT_A_CLAUSE.match(masked, start, end) else _trim(masked, start, end)


def _clause_before(masked: str, sentence: Sentence, found: Sequence[Attribution], index: int) -> Span | None:
    """The words before ", Ana Ruiz said." or ", according to the mayor"."""
    made = found[index]
    if index or made.start - sentence.start > LONGEST:
        return None
    low = sentence.start
    before = masked[low : made.start]
    comma = before.rfind(",")
    if made.cue == ACCORDING and comma < 0:
        comma = len(before)
    lead = before[comma + 1 :].split() if 0 <= comma < len(before) else []
    apposed = not made.inverted and masked[made.subject.end : made.cue_start].strip() == "," and before.count(",") < 2
    direct_only = made.cue not in CLAUSE_CUES and made.cue != ACCORDING
    if comma <= 0 or len(lead) > 6 or direct_only or apposed or not _nothing_follows(masked, sentence, made):
        return None
    return _trim(masked, low, low + comma)


def _nothing_follows(masked: str, sentence: Sentence, made: Attribution) -> bool:
    """Only a time, a place or an apposition may follow an attribution that closes a sentence."""
    rest = masked[made.end : min(sentence.end, made.end + LONGEST)]
    if QUOTED in rest:
        return False
    return made.cue == ACCORDING or made.inverted or bool(_NOT_A_CLAUSE.match(rest) or _TIME.match(rest))


def _opens(masked: str, sentence: Sentence, made: Attribution) -> bool:
    return not masked[sentence.start : made.start].strip()


def _clause_end(masked: str, sentence: Sentence, found: Sequence[Attribution], index: int) -> int:
    """The sentence's end, or where the next verb of the same subject takes over (", adding that …")."""
    made = found[index]
    heard = _HEARD.search(masked, made.end, sentence.end)
    if heard:
        return heard.start()
    for later in found[index + 1 : index + 1 + MOST_VERBS]:
        low = max(made.end, later.start - LONGEST_LINK)
        link = _CONJOINED.search(masked, low, later.start) if low < later.start else None
        if link and (later.subject == made.subject or later.cue in PARTICIPLES):
            return link.start()
        own = _NEW_CLAUSE.search(masked, low, later.start) if low < later.start else None
        if own and not (later.inverted or later.shared or later.agent):
            return own.start()
    return sentence.end


def _trim(masked: str, start: int, end: int) -> Span | None:
    piece = masked[start:end]
    left = len(piece) - len(piece.lstrip(" \t\n,:"))
    right = len(piece.rstrip(" \t\n.,;:!?…"))
    return Span(start + left, start + right) if right > left else None
