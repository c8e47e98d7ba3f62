"""Tells whether quotes prove a sentence, and if not, by name what is wrong; asks no model and knows no documents.

Each number, date and name must stand in the quotes or the question; nothing may be denied, made certain, turned into
its opposite or into another's act; and enough of the words must be covered by the few sentences that say most of it.
What each rule is worth is measured by `python -m benchmarks.claim_support` (docs/claims.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from qa.aliases import unproved_names
from qa.framing import asserted_from_frame, bound_otherwise, negated_by_frame, strengthened
from qa.polarity import certainty_raised, negation_flipped, opposites, opposites_exchanged, roles_swapped
from qa.premise import another_counted, another_named
from qa.quantities import is_date, missing_quantities
from qa.sentences import sentences
from qa.wording import names, stems, words
from qa.wordlists import PAST_FORMS

COVERAGE = 0.85  # least share of a sentence's words that the evidence and the question must hold
QUOTED_COVERAGE = 0.5  # and, names apart, that the evidence alone must hold: a question's premise is no proof
EVIDENCE = 3  # sentences that a claim may be put together from

# Verbs that only report: a sentence may use one where its source uses another, or a colon.
_REPORTING = frozenset(stems("said says tell told wrote write tweeted tweet stated added according called call"))


class Cause(StrEnum):
    """Why quotes do not prove a sentence."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    CERTAINTY = "certainty"
    OPPOSITE = "opposite"
    DIRECTION = "direction"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check.

    causes: every rule that failed, none when the quotes prove the sentence.
    coverage: share of the sentence's words, numbers and verbs of saying apart, that the evidence and the question hold.
    quoted: share of those words, names apart too, that the evidence alone holds. Both 0..1.
    """

    causes: tuple[Cause, ...]
    coverage: float
    quoted: float

    @property
    def supported(self) -> bool:
        """Whether no rule failed."""
        return not self.causes


def check(
    sentence: str,
    quotes: Sequence[str],
    question: str = "",
    coverage: float = COVERAGE,
    quoted_coverage: float = QUOTED_COVERAGE,
) -> Verdict:
    """Whether `quotes` prove `sentence`, an answer to `question`. Nothing proves a sentence of no words."""
    evidence = covering(sentence, quotes)
    said = [stem for stem in meaning(sentence) if stem not in _REPORTING and not stem[0].isdigit()]
    named = frozenset(meaning(" ".join(names(sentence))))
    held = frozenset(stem for part in evidence for stem in meaning(part))
    covered = _share(said, held | frozenset(meaning(question)))
    quoted = _share([stem for stem in said if stem not in named], held)
    causes = _contradictions(sentence, quotes, evidence, question)
    if not words(sentence) or not evidence or covered < coverage or quoted < quoted_coverage:
        causes = (*causes, Cause.COVERAGE)
    return Verdict(causes, covered, quoted)


def covering(sentence: str, quotes: Sequence[str]) -> tuple[str, ...]:
    """The few sentences of `quotes` that together hold most of the words of `sentence`, greedily, best first."""
    wanted = frozenset(meaning(sentence))
    parts = [part for quote in quotes for part in _sentences(quote)]
    held = [frozenset(meaning(part)) & wanted for part in parts]
    chosen: list[int] = []
    covered: frozenset[str] = frozenset()
    while len(chosen) < min(EVIDENCE, len(parts)):
        best = max(range(len(parts)), key=lambda place: (len(held[place] - covered), -place))
        if chosen and not held[best] - covered:
            break
        chosen.append(best)
        covered |= held[best]
    return tuple(parts[place] for place in chosen)


@lru_cache(maxsize=8192)
def meaning(text: str) -> tuple[str, ...]:
    """The stems of `text` that carry meaning, past forms led back to their verbs, compounds divided, no "didn't"."""
    parts = (part for word in words(text) if not word.endswith("n't") for part in word.split("-"))
    return tuple(stem for part in parts for stem in stems(PAST_FORMS.get(part, part)))


def _contradictions(sentence: str, quotes: Sequence[str], evidence: Sequence[str], question: str) -> tuple[Cause, ...]:
    missing = missing_quantities(sentence, " ; ".join((*quotes, question)))
    taken = unproved_names(sentence, quotes)
    unproved = taken and unproved_names(sentence, (*quotes, question))  # a question proves names, and disproves none
    failed = {
        Cause.NUMBER: any(not is_date(each) for each in missing) or another_counted(sentence, evidence, question),
        Cause.DATE: any(is_date(each) for each in missing),
        Cause.NAME: bool(unproved) or another_named(sentence, evidence, taken),
        Cause.NEGATION: negation_flipped(sentence, evidence) or negated_by_frame(sentence, evidence),
        Cause.CERTAINTY: certainty_raised(sentence, evidence)
        or asserted_from_frame(sentence, evidence)
        or strengthened(sentence, evidence),
        Cause.OPPOSITE: bool(opposites(sentence, evidence)) or opposites_exchanged(sentence, evidence),
        Cause.DIRECTION: roles_swapped(sentence, evidence) or bound_otherwise(sentence, evidence),
    }
    return tuple(cause for cause, fails in failed.items() if fails)


def _share(said: Sequence[str], held: frozenset[str]) -> float:
    return sum(stem in held for stem in said) / len(said) if said else 1.0


@lru_cache(maxsize=512)
def _sentences(quote: str) -> tuple[str, ...]:
    found = (span.within(quote) for span in sentences(quote))
    return tuple(part for part in found if words(part))
