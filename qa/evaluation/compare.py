"""Compares two reports question by question: what got better, what worse, how surely; asks and answers nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.errors import InputError
from qa.evaluation.measures import paired_bootstrap_interval
from qa.evaluation.measures.uncertainty import ROUNDS
from qa.evaluation.report import Report
from qa.evaluation.score import Score
from qa.evaluation.tables import BY_NAME
from qa.evaluation.totals import MEASURES, Measure, Total

ERROR_RATE = 0.05
GUARDED = ("right", "answer_precision", "citation_exactness", "claim_support", "refusal_recall")
"""What must not get worse unless told otherwise: right answers, and what keeps wrong ones from passing as right."""


class Verdict(StrEnum):
    """What the interval of a difference says of it."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in two reports, over the questions of both.

    low, high: the interval of after - before, drawn in pairs; nan when either was not measured.
    """

    measure: Measure
    before: Total
    after: Total
    low: float
    high: float

    @property
    def difference(self) -> float | None:
        """After - before, in the measure's unit."""
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def verdict(self) -> Verdict:
        """Better or worse when the interval leaves out 0."""
        if not (self.low > 0 or self.high < 0):
            return Verdict.UNCLEAR
        return Verdict.BETTER if (self.low > 0) == (self.measure.better > 0) else Verdict.WORSE


@dataclass(frozen=True, slots=True)
class Regression:
    """A guarded measure that is worse than allowed. least: by how much at least, None when it is measured no more."""

    change: Change
    least: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every measure in both reports, and the guarded ones that got worse than allowed.

    paired: how many questions stand in both. left_out: how many stand in one alone.
    """

    changes: tuple[Change, ...]
    regressions: tuple[Regression, ...]
    paired: int
    left_out: int


def compare(
    before: Report, after: Report, fail_on: Sequence[str] = GUARDED, tolerance: float = 0.0, rounds: int = ROUNDS
) -> Comparison:
    """What changed from one report to the other, by the questions that stand in both; as to the rest see `regressions`.

    Raises `InputError` when the reports share no question, or for an unknown measure.
    """
    regressed = regressions(before, after, fail_on, tolerance, rounds)
    first, second = _in_both(before, after)
    changes = tuple(_change(measure, first, second, ERROR_RATE, rounds) for measure in MEASURES)
    left_out = len({score.id for score in (*before.scores, *after.scores)}) - len(first)
    return Comparison(changes, regressed, len(first), left_out)


def regressions(
    before: Report, after: Report, fail_on: Sequence[str] = GUARDED, tolerance: float = 0.0, rounds: int = ROUNDS
) -> tuple[Regression, ...]:
    """The measures of `fail_on` that got worse than allowed, over the questions that stand in both reports.

    With 95 % confidence for all of them together (Bonferroni) such a measure is worse by more than `tolerance`: for
    shares and ratios in their own unit (0.02 is two points), for times as a share of the time before (0.1 is a tenth
    slower). A measure has regressed too when it was measured before and cannot be any more. Raises as `compare`.
    """
    unknown = [name for name in fail_on if name not in BY_NAME]
    if unknown:
        raise InputError(f"no measure is called {unknown[0]!r}", f"take one of: {', '.join(BY_NAME)}")
    first, second = _in_both(before, after)
    guarded = [BY_NAME[name] for name in dict.fromkeys(fail_on)]
    found = (_regression(measure, first, second, tolerance, len(guarded), rounds) for measure in guarded)
    return tuple(each for each in found if each is not None)


def _in_both(before: Report, after: Report) -> tuple[list[Score], list[Score]]:
    """The scores of the questions in both, in the order of the first report."""
    later = {score.id: score for score in after.scores}
    pairs = [(score, later[score.id]) for score in before.scores if score.id in later]
    if not pairs:
        raise InputError("the two reports share no question", "compare reports on the same question file")
    return [one for one, _ in pairs], [other for _, other in pairs]


def _change(measure: Measure, before: list[Score], after: list[Score], error_rate: float, rounds: int) -> Change:
    tables = measure.table(before), measure.table(after)
    low, high = paired_bootstrap_interval(*tables, measure.statistic, 1 - error_rate, rounds)
    return Change(measure, measure.total(before), measure.total(after), low, high)


def _regression(
    measure: Measure, before: list[Score], after: list[Score], tolerance: float, guarded: int, rounds: int
) -> Regression | None:
    change = _change(measure, before, after, ERROR_RATE / guarded, rounds)
    if change.before.value is None:
        return None
    if change.after.value is None:
        return Regression(change, None)
    least = change.low if measure.better < 0 else -change.high
    allowed = tolerance * change.before.value if measure.unit == "ms" else tolerance
    return Regression(change, least) if least > allowed else None
