"""Measures uncertainty: intervals and paired tests, all seeded; knows nothing of what the numbers mean."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Table: TypeAlias = NDArray[np.float64]
"""(n, k): what one measure takes from each of n questions."""
Statistic: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""(rounds, n, k), one table a round -> (rounds,), their totals; nan where there was nothing to measure."""

ROUNDS = 2000
SEED = 13
_ROWS_AT_ONCE = 200_000


def percentile(values: Sequence[float], percent: float) -> float:
    """The value under which `percent` of the values lie, between neighbours linearly; values not empty.

    Source: Hyndman & Fan 1996, definition 7 (the default of numpy).
    """
    return float(np.percentile(np.asarray(values, dtype=np.float64), percent))


def percentiles(rows: NDArray[np.float64], percent: float) -> NDArray[np.float64]:
    """(m, n) -> (m,): `percentile` of the numbers in each row; nan for a row that holds none."""
    if not rows.shape[-1]:
        return np.full(len(rows), np.nan)
    ordered = np.sort(rows, axis=-1)  # nan comes last
    last = (~np.isnan(rows)).sum(axis=-1, keepdims=True) - 1
    place = last * percent / 100
    low, high = (np.clip(side(place).astype(int), 0, None) for side in (np.floor, np.ceil))
    below, above = (np.take_along_axis(ordered, side, axis=-1) for side in (low, high))
    return np.asarray(below + (above - below) * (place - low))[..., 0]


def wilson_interval(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share seen in `count` independent cases, within 0..1; count at least 1.

    Source: Wilson 1927; z = 1.96.
    """
    z = 1.96
    middle = share + z * z / (2 * count)
    width = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - width) / scale), min(1.0, (middle + width) / scale)


def bootstrap_interval(
    table: Table, statistic: Statistic, rounds: int = ROUNDS, seed: int = SEED
) -> tuple[float, float]:
    """The 95 % interval of a statistic, by drawing questions with replacement; (nan, nan) when it is never defined.

    Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, §13.3 (percentiles).
    """
    return _quantiles([statistic(table[rows]) for rows in _draws(len(table), rounds, seed)], 0.95)


def paired_bootstrap_interval(
    before: Table, after: Table, statistic: Statistic, level: float = 0.95, rounds: int = ROUNDS, seed: int = SEED
) -> tuple[float, float]:
    """The interval of statistic(after) - statistic(before); row i of both is the same question, drawn together.

    Source: Efron & Tibshirani 1993; as the paired bootstrap of systems on one test set Koehn 2004 (W04-3250).
    """
    drawn = _draws(len(before), rounds, seed)
    return _quantiles([statistic(after[rows]) - statistic(before[rows]) for rows in drawn], level)


def _draws(count: int, rounds: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Blocks of draws with replacement, (size, count) each."""
    random = np.random.default_rng(seed)
    return (random.integers(0, count, size=(size, count)) for size in _blocks(count, rounds))


def _blocks(count: int, rounds: int) -> Iterator[int]:
    """Sizes that add up to `rounds`, small enough for memory; none when there are no questions."""
    if count:
        size = max(1, _ROWS_AT_ONCE // count)
        yield from (min(size, rounds - done) for done in range(0, rounds, size))


def _quantiles(totals: Sequence[NDArray[np.float64]], level: float) -> tuple[float, float]:
    known = np.concatenate([*totals, np.empty(0)])
    known = known[~np.isnan(known)]
    if not known.size:
        return math.nan, math.nan
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
