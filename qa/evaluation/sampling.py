"""Draws a part of a question set that keeps its proportions; knows nothing of answers or scores."""

import random
from collections import defaultdict
from collections.abc import Sequence

from qa.types import Example


def stratified_sample(examples: Sequence[Example], count: int, seed: int) -> tuple[Example, ...]:
    """`count` of the examples in their order, all when there are no more.

    Strata are the kinds of question, answerable and not; each gives its share, rounded by largest remainders.
    The same examples, count and seed always give the same draw, whatever order the examples come in.
    """
    if count >= len(examples):
        return tuple(examples)
    strata: dict[tuple[bool, str], list[str]] = defaultdict(list)
    for example in sorted(examples, key=lambda example: example.id):
        strata[example.answerable, example.kind].append(example.id)
    sizes = _apportioned({stratum: len(ids) for stratum, ids in strata.items()}, count)
    drawn = {
        chosen
        for stratum, ids in strata.items()
        for chosen in random.Random(f"{seed}:{stratum}").sample(ids, sizes[stratum])
    }
    return tuple(example for example in examples if example.id in drawn)


def _apportioned(sizes: dict[tuple[bool, str], int], count: int) -> dict[tuple[bool, str], int]:
    """`count` shared out by size (Hamilton's method); equal remainders go to the larger stratum, then by name."""
    total = sum(sizes.values())
    exact = {stratum: count * size / total for stratum, size in sizes.items()}
    given = {stratum: int(share) for stratum, share in exact.items()}
    by_remainder = sorted(sizes, key=lambda each: (given[each] - exact[each], -sizes[each], each))
    for stratum in by_remainder[: count - sum(given.values())]:
        given[stratum] += 1
    return given
