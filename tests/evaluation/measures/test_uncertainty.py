import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap  # type: ignore[import-untyped]

from qa.evaluation.measures import (
    bootstrap_interval,
    paired_bootstrap_interval,
    percentile,
    percentiles,
    wilson_interval,
)
from qa.evaluation.measures.uncertainty import Table


def test_percentile_between_neighbours() -> None:
    assert percentile([10, 20, 30, 40], 50) == 25
    assert percentile([10, 20, 30, 40], 95) == pytest.approx(38.5)
    assert percentile([7], 95) == 7


@given(st.lists(st.floats(0, 1e6) | st.just(math.nan), min_size=1, max_size=30), st.sampled_from([50, 95, 99]))
def test_percentiles_of_rows_are_numpys(values: list[float], percent: int) -> None:
    rows = np.asarray([values, values[::-1]])
    known = [value for value in values if not math.isnan(value)]
    wanted = percentile(known, percent) if known else math.nan
    assert percentiles(rows, percent) == pytest.approx([wanted, wanted], nan_ok=True)


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


def column(values: list[float] | list[bool]) -> Table:
    return np.asarray(values, dtype=np.float64).reshape(-1, 1)


def mean(tables: Table) -> Table:
    """(rounds, n, 1) -> (rounds,), nan without a row."""
    count = (~np.isnan(tables)).sum(axis=(1, 2))
    return np.asarray(np.nansum(tables, axis=(1, 2)) / np.where(count, count, math.nan))


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


def test_the_same_seed_gives_the_same_interval_and_a_lower_level_a_narrower_one() -> None:
    values = column(np.random.default_rng(4).uniform(size=30).tolist())
    zeros = column([0.0] * 30)
    wide, narrow = (paired_bootstrap_interval(zeros, values, mean, level) for level in (0.99, 0.8))
    assert wide == paired_bootstrap_interval(zeros, values, mean, 0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_what_was_never_measured_has_no_interval() -> None:
    nothing = column([math.nan, math.nan])
    assert all(map(math.isnan, bootstrap_interval(nothing, mean)))
    assert all(map(math.isnan, paired_bootstrap_interval(nothing, nothing, mean)))
    assert all(map(math.isnan, bootstrap_interval(np.empty((0, 1)), mean)))
