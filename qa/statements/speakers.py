"""Turns the words around a verb of saying into its subject; knows nothing of other sentences.

Offsets are the document's; `masked` is the text of `sentences.prose`.
"""

import re
from collections.abc import Sequence

from qa.names import Name, Names
from qa.statements.cues import ADVERBS, BE, NOT_ADVERBS, PREPOSITIONS, PRONOUNS
from qa.statements.phrases import (
    ELIDED,
    LONGEST_DESCRIPTION,
    Kind,
    Piece,
    Subject,
    description_after,
    last_of_chain,
    named,
    noun_phrase,
    pieces,
    pure_name,
    without_brackets,
)
from qa.statements.sentences import QUOTED
from qa.wordlists import BODY_NOUNS, CALENDAR

_CLAUSE_BREAK = re.compile(rf"[;:{QUOTED}]|\s[—–-]+\s|—")
_RELATIVE = re.compile(r"(?:who|whose|which|whom)\b")
_WHO = re.compile(r",?\s+who\s*\Z")
PHRASE_END = re.compile(
    rf"[,.;:!?()\n—–{QUOTED}]|\s(?:who|when|while|as|after|before|during|on|by|about|following|because|if|that|"
    r"whose|last|this|yesterday|today|via|in an?|and|but|late|early|(?<!close )to|through|over)\b|"
    r"\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)

SOURCE_END = re.compile(
    rf"[,.;:!?()\n—–{QUOTED}]|\s(?:who|when|while|after|before|during|because|if|that|last|this|yesterday|today|"
    r"(?:on\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)


def subject_before(masked: str, known: Names, low: int, high: int) -> Subject | None:
    """The subject that ends just before a verb at `high`; the sentence starts at `low`.

    ELIDED when the verb shares the subject of an earlier one ("… and said"); None when there is none.
    """
    text = without_brackets(masked[low:high])
    breaks = list(_CLAUSE_BREAK.finditer(text))
    offset = breaks[-1].end() if breaks else 0
    stripped = _without_adverbs(text[offset:])
    if stripped is None:
        return None
    relative = _WHO.search(stripped)
    if relative:
        return _antecedent(known, pieces(stripped[: relative.start()], low + offset))
    found = pieces(stripped, low + offset)
    if not found:
        return ELIDED if text.strip(" ,") else None
    if stripped.rstrip().endswith(","):
        return _subject_of_pieces(masked, known, found) if len(found) > 1 else None
    return noun_phrase(known, found[-1])


def subject_after(
    masked: str, known: Names, low: int, high: int, phrase_end: re.Pattern[str] = PHRASE_END
) -> Subject | None:
    """The subject that follows a verb ending at `low` ("said the mayor, Jo Hill."); the sentence ends at `high`.

    phrase_end: where the subject's phrase stops, `SOURCE_END` for a source, whose description may be long.
    """
    text = masked[low:high]
    skipped = re.match(r"\s+(?:(?:[a-z]+ly|later|then)\s+)?", text)
    if skipped is None:
        return None
    begin = skipped.end()
    stop = phrase_end.search(text, begin)
    end = stop.start() if stop else len(text)
    piece = Piece(low + begin, low + end, text[begin:end])
    name = _first_name(masked, known, piece) or _appositive(masked, known, low + end, high)
    if name:
        return named(name)
    words = piece.text.split()
    if not words or len(words) > LONGEST_DESCRIPTION:
        return None
    if len(words) > 1 and words[0].casefold() in PRONOUNS:
        return None  # "said he was hurt": a clause of its own
    return description_after(piece, words)


def _antecedent(known: Names, found: Sequence[Piece]) -> Subject | None:
    """Who is meant by "who": the name or the description right before it ("by Moira Glynn, who said …")."""
    subject = noun_phrase(known, found[-1]) if found else None
    return subject if subject and subject.kind in {Kind.NAME, Kind.DESCRIPTION} else None


def _without_adverbs(text: str) -> str | None:
    """The text up to the last word that is neither adverb nor auxiliary; None for a passive or a denial."""
    while True:
        kept = text.rstrip()
        if not kept or kept.endswith(","):
            return text
        word = kept[max(map(kept.rfind, " ,\n\t")) + 1 :]
        lower = word.casefold()
        if lower in BE or lower in {"not", "never", "to", "which", "whom"} or lower.endswith("n’t"):
            return None
        if not _is_adverb(word, lower):
            return text
        text = kept[: len(kept) - len(word)]


def _is_adverb(word: str, lower: str) -> bool:
    if lower in CALENDAR or lower == "on":
        return True
    adverbial = lower in ADVERBS or (lower.endswith("ly") and lower not in NOT_ADVERBS)
    return adverbial and word.islower()


def _subject_of_pieces(masked: str, known: Names, found: Sequence[Piece]) -> Subject | None:
    """The subject before an apposition that has just ended with a comma."""
    for index, piece in enumerate(found):
        if index and _RELATIVE.match(piece.text):
            return noun_phrase(known, found[index - 1])
    if pure := pure_name(masked, known, found[-1]):
        return named(pure)
    body = known.by_head.get(found[-1].start)
    if body and body.span.end == found[-1].end and found[-2].text.split()[-1] in BODY_NOUNS:
        return named(body)  # "the ferry company, Halden Line,"
    for piece in reversed(found[:-1]):
        subject = noun_phrase(known, piece)
        if subject and (subject.kind is Kind.NAME or subject.start == piece.start):
            opening = piece.text.split()[0].casefold()
            if opening not in PREPOSITIONS and not piece.text[0].isdigit():
                return subject
    return None


def _first_name(masked: str, known: Names, piece: Piece) -> Name | None:
    """The name in "economist Ana Ruiz of Tarn": only role words may stand before it."""
    names = known.within(piece.start, piece.end)
    if not names:
        return None
    name = last_of_chain(masked, names)
    before = masked[piece.start : name.head].split()
    if name.possessive or len(before) > 6 or any(word.casefold() in PREPOSITIONS | {"and"} for word in before):
        return None
    return name


def _appositive(masked: str, known: Names, position: int, high: int) -> Name | None:
    """The name in ", Ana Ruiz," that follows a description."""
    if masked[position : position + 2] != ", ":
        return None
    name = known.by_head.get(position + 2)
    ended = name is not None and masked[name.span.end : name.span.end + 1] in {",", ".", "", "\n"}
    return name if name and ended and name.person and name.span.end <= high else None
