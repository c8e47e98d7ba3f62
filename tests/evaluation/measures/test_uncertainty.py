import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, bootstrap  # type: ignore[import-untyped]

from qa.evaluation.measures import (
    bootstrap_interval,
    paired_bootstrap_interval,
    paired_randomisation_test,
    percentile,
    wilson_interval,
)
from qa.evaluation.measures.uncertainty import Table


def test_percentile_between_neighbours() -> None:
    assert percentile([10, 20, 30, 40], 50) == 25
    assert percentile([10, 20, 30, 40], 95) == pytest.approx(38.5)
    assert percentile([7], 95) == 7


def test_wilson_interval_of_a_textbook_case() -> None:
    # 81 of 263: Newcombe 1998 gives 0.2553 to 0.3662
    low, high = wilson_interval(81 / 263, 263)
    assert low == pytest.approx(0.2553, abs=1e-4)
    assert high == pytest.approx(0.3662, abs=1e-4)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_share(case: tuple[int, int]) -> None:
    successes, count = case
    low, high = wilson_interval(successes / count, count)
    assert 0 <= low <= successes / count + 1e-12
    assert successes / count - 1e-12 <= high <= 1


yes_no = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=5, max_size=40)


def column(values: list[float] | list[bool]) -> Table:
    return np.asarray(values, dtype=np.float64).reshape(-1, 1)


def mean(tables: Table) -> Table:
    """(rounds, n, 1) -> (rounds,), nan without a row."""
    count = (~np.isnan(tables)).sum(axis=(1, 2))
    return np.asarray(np.nansum(tables, axis=(1, 2)) / np.where(count, count, math.nan))


@given(yes_no)
@settings(max_examples=30)
def test_the_randomisation_test_of_yes_and_no_is_mcnemars(pairs: list[tuple[bool, bool]]) -> None:
    """McNemar's exact test is the sign test of the questions in which the two differ."""
    before, after = (column([pair[side] for pair in pairs]) for side in (0, 1))
    better, worse = (sum(pair == wanted for pair in pairs) for wanted in ((False, True), (True, False)))
    exact = binomtest(better, better + worse).pvalue if better + worse else 1.0
    assert paired_randomisation_test(before, after, mean, rounds=1000) == pytest.approx(exact, abs=0.07)


def test_the_bootstrap_interval_is_scipys() -> None:
    values = np.random.default_rng(1).exponential(size=60)
    theirs = bootstrap((values,), np.mean, method="percentile", rng=2, n_resamples=4000).confidence_interval
    ours = bootstrap_interval(column(values.tolist()), mean, rounds=4000)
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.03)


def test_pairing_takes_away_what_the_questions_have_in_common() -> None:
    hard = np.random.default_rng(3).uniform(size=80)
    before, after = column(hard.tolist()), column((hard + 0.1).tolist())
    low, high = paired_bootstrap_interval(before, after, mean)
    assert [low, high] == pytest.approx([0.1, 0.1])
    assert paired_randomisation_test(before, after, mean) == pytest.approx(1 / 2001)


def test_the_same_seed_gives_the_same_interval_and_a_lower_level_a_narrower_one() -> None:
    values = column(np.random.default_rng(4).uniform(size=30).tolist())
    zeros = column([0.0] * 30)
    wide, narrow = (paired_bootstrap_interval(zeros, values, mean, level) for level in (0.99, 0.8))
    assert wide == paired_bootstrap_interval(zeros, values, mean, 0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_what_was_never_measured_has_no_interval_and_proves_nothing() -> None:
    nothing = column([math.nan, math.nan])
    assert all(map(math.isnan, bootstrap_interval(nothing, mean)))
    assert all(map(math.isnan, paired_bootstrap_interval(nothing, nothing, mean)))
    assert paired_randomisation_test(nothing, nothing, mean) == 1
    assert all(map(math.isnan, bootstrap_interval(np.empty((0, 1)), mean)))
