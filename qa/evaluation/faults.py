"""Tells of one scored question what went wrong, and where in the flow; knows no text and adds nothing up."""

from collections.abc import Sequence
from enum import StrEnum

from qa.evaluation.score import Score


class Fault(StrEnum):
    """What went wrong, in the order of the flow; a question has the first that fits."""

    NO_ANSWER_THERE = "answered, though the documents do not say"
    NOT_RETRIEVED = "no passage that was given holds the evidence"
    REFUSED = "refused, though the documents say it"
    OTHER_ANSWER = "another answer than an accepted one"
    OTHER_PLACE = "an accepted answer, but no verbatim quote of the evidence"
    NOT_VERBATIM = "a quote that does not stand so in its document"
    UNPROVED = "a sentence that its quotes do not prove"


def fault(score: Score) -> Fault | None:
    """What went wrong with a question, None when nothing did that is measured."""
    if not score.answerable:
        return None if score.refused else Fault.NO_ANSWER_THERE
    missed = score.refused or score.hit is False
    found: dict[Fault, bool] = {
        Fault.NOT_RETRIEVED: missed and score.recall is not None and not any(score.recall),
        Fault.REFUSED: score.refused,
        Fault.OTHER_ANSWER: missed,
        Fault.OTHER_PLACE: score.right is False,
        Fault.NOT_VERBATIM: score.exact_citations < score.citations,
        Fault.UNPROVED: score.claims is not None and score.supported is not None and score.supported < score.claims,
    }
    return next((each for each, holds in found.items() if holds), None)


def by_fault(scores: Sequence[Score]) -> dict[Fault, tuple[Score, ...]]:
    """Every fault that occurred, in the order of the flow -> its questions, in theirs."""
    told = [(fault(score), score) for score in scores]
    found = {each: tuple(score for known, score in told if known is each) for each in Fault}
    return {each: those for each, those in found.items() if those}
