"""Turns start and end logits into the best span; knows nothing of the model they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class BestSpan:
    """Inclusive token positions of the best span and the sum of its two logits."""

    start: int
    end: int
    score: float


def best_span(
    start: Sequence[float] | NDArray[Any], end: Sequence[float] | NDArray[Any], longest: int = 30
) -> BestSpan:
    """The best span of at most `longest` tokens that is not the null one at position 0; logits (t,)."""
    begin, close = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    places = np.arange(len(begin))
    length = places[None, :] - places[:, None]
    allowed = (length >= 0) & (length < longest) & (places[:, None] > 0)
    sums = np.where(allowed, begin[:, None] + close[None, :], -np.inf)
    first, last = divmod(int(sums.argmax()), len(begin))
    return BestSpan(first, last, float(sums[first, last]))
