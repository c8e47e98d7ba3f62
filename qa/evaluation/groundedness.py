"""Holds a support measure against what people marked as supported by a source; downloads nothing and asks nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.evaluation.measures import Supports
from qa.evaluation.sets import read_rows
from qa.sentences import sentences

FILE = "groundedness.jsonl.gz"
SUPPORTED = {"supported"}
UNSUPPORTED = {"hallucinated", "not_supported", "partial"}
"""Labels of people that say one or the other; others ("generic", "benign", "questionable" …) say neither."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A response to a source, and whether people found all of it supported."""

    set: str
    source: str
    response: str
    supported: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a support measure agrees with people. Each share is None when it is over nothing.

    passed: of what people found supported, the share that the measure passes. stopped: of what they did not, the share
    that it stops.
    """

    supported: int
    unsupported: int
    passed: float | None
    stopped: float | None

    @property
    def balanced_accuracy(self) -> float | None:
        """The mean of both shares: 0.5 for a measure that knows nothing."""
        return None if self.passed is None or self.stopped is None else (self.passed + self.stopped) / 2


def read_pairs(data: Path) -> Iterator[Pair]:
    """The pairs that people marked one way or the other. Raises `InputError` when the file is not in `data`."""
    for row in read_rows(data / FILE):
        if row["label"] in SUPPORTED | UNSUPPORTED:
            yield Pair(row["set"], row["source_text"], row["response"].strip(), row["label"] in SUPPORTED)


def agreement(pairs: Iterable[Pair], supports: Supports) -> dict[str, Agreement]:
    """Set -> how the measure did on it, by name. A response passes when the source supports each of its sentences."""
    verdicts: dict[str, list[tuple[bool, bool]]] = {}
    for pair in pairs:
        passes = all(supports(pair.source, span.within(pair.response)) for span in sentences(pair.response))
        verdicts.setdefault(pair.set, []).append((pair.supported, passes))
    return {name: _agreement(verdicts[name]) for name in sorted(verdicts)}


def _agreement(verdicts: list[tuple[bool, bool]]) -> Agreement:
    passed = [passes for supported, passes in verdicts if supported]
    stopped = [not passes for supported, passes in verdicts if not supported]
    return Agreement(len(passed), len(stopped), _share(passed), _share(stopped))


def _share(cases: list[bool]) -> float | None:
    return sum(cases) / len(cases) if cases else None
