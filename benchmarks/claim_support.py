"""Measures whether the claim check tells supported from unsupported; judges with people's marks, never with a model.

    python -m benchmarks.claim_support --data ../shared/data

Reads groundedness.jsonl.gz: pairs of a source and a response that people marked. A response is taken as supported when
`qa.support.check` finds each of its sentences proved by the source. Sources fall into two halves by their hash: the
thresholds are chosen on the first, everything is reported on the second. Rewrites the tables of docs/claims.md.
"""

import argparse
import hashlib
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.compare_tables import rewritten
from qa.evaluation.sets import read_rows
from qa.sentences import sentences
from qa.support import COVERAGE, QUOTED_COVERAGE, Cause, Verdict, check
from qa.wording import words

PAGE = Path(__file__).parents[1] / "docs" / "claims.md"
SETS = {
    "wice_dev": "WiCE claims",
    "wice_test": "WiCE claims",
    "summedits_news": "SummEdits news",
    "halueval_qa_one-turn": "HaluEval QA",
    "halueval_qa_multi-turn": "HaluEval QA",
    "begin_dev_cmu": "BEGIN",
    "begin_dev_wow": "BEGIN",
    "begin_test_wow": "BEGIN",
    "faithbench": "FaithBench",
    "clapnq_human_eval": "ClapNQ answers",
}
TOGETHER = ("WiCE claims", "SummEdits news")
TUNED_ON = ("WiCE claims", "SummEdits news", "HaluEval QA", "BEGIN")  # the others' licences allow measuring only
# Marks between the two (generic, benign, questionable, mostly supported) are left out.
LABELS = {"supported": True, "hallucinated": False, "partial": False, "not_supported": False}
CAUTION = 2.0  # a sentence shown as proved that is not costs more than a quote shown in place of one that is
GRID = tuple(round(0.05 * step, 2) for step in range(21))


@dataclass(frozen=True, slots=True)
class Judged:
    """A response: what people said of it, and the worst of what the check says of its sentences."""

    set: str
    supported: bool
    first_half: bool
    causes: frozenset[Cause]
    coverage: float
    quoted: float

    def passes(self, coverage: float, quoted: float, without: Cause | None = None) -> bool:
        """Whether the check lets it pass at these thresholds, one cause left out."""
        covered = without is Cause.COVERAGE or (self.coverage >= coverage and self.quoted >= quoted)
        return covered and not self.causes - {without}


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a check tells the two apart.

    precision: share of the passed that are supported; recall: share of the supported that pass; caught: share of the
    unsupported that do not pass; all 0..1, NaN of nothing.
    """

    supported: int
    unsupported: int
    precision: float
    recall: float
    caught: float

    @property
    def balanced(self) -> float:
        """Balanced accuracy: the mean of `recall` and `caught`."""
        return (self.recall + self.caught) / 2


def figures(rows: Sequence[Judged], passes: Callable[[Judged], bool]) -> Figures:
    """How well `passes` tells the supported from the unsupported."""
    marks = np.array([row.supported for row in rows], dtype=bool)
    passed = np.array([passes(row) for row in rows], dtype=bool)
    return Figures(
        int(marks.sum()), int((~marks).sum()), _share(marks[passed]), _share(passed[marks]), _share(~passed[~marks])
    )


def best_thresholds(
    rows: Sequence[Judged], groups: Sequence[Sequence[str]], weight: float = 1.0, quoted: Sequence[float] = GRID
) -> tuple[float, float]:
    """The coverages (all words, quoted words) that tell best, each group of sets alike; of equals the strictest.

    weight: what an unsupported response that passes costs, where a supported one that does not costs 1; at 1 the
    highest balanced accuracy wins. quoted: the second coverages to choose from.
    """
    apart = [[row for row in rows if row.set in group] for group in groups]

    def score(pair: tuple[float, float]) -> float:
        found = [figures(each, lambda row: row.passes(*pair)) for each in apart]
        return statistics.fmean((each.recall + weight * each.caught) / (1 + weight) for each in found)

    pairs = [(coverage, least) for coverage in GRID for least in quoted if least <= coverage]
    return max(pairs, key=lambda pair: (round(score(pair), 6), pair))


def judge(row: Mapping[str, str], name: str) -> tuple[Judged, list[float]]:
    """The check's verdict on a response, and the milliseconds that each of its sentences took."""
    verdicts: list[Verdict] = []
    times = []
    for sentence in _sentences(row["response"]):
        start = time.perf_counter()
        verdicts.append(check(sentence, [row["source_text"]], row["question"] or "", 0.0, 0.0))
        times.append(1000 * (time.perf_counter() - start))
    judged = Judged(
        name,
        LABELS[row["label"]],
        first_half(row["source_text"]),
        frozenset(cause for verdict in verdicts for cause in verdict.causes),
        min((verdict.coverage for verdict in verdicts), default=0.0),
        min((verdict.quoted for verdict in verdicts), default=0.0),
    )
    return judged, times


def first_half(source: str) -> bool:
    """Whether a source belongs to the half on which thresholds are chosen; blanks make no difference."""
    return int(hashlib.sha256(" ".join(source.split()).encode()).hexdigest(), 16) % 2 == 0


def read(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Name of the set and row, for every row with a clear mark."""
    for row in read_rows(path):
        if row["set"] in SETS and row["label"] in LABELS:
            yield SETS[row["set"]], row


def by_set(rows: Sequence[Judged], coverage: float, quoted: float) -> str:
    """A table of every set, and of WiCE and SummEdits as one."""
    lines = [
        "| set | supported | unsupported | precision | recall | unsupported caught | balanced accuracy |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, members in [*((name, (name,)) for name in dict.fromkeys(SETS.values())), ("**together**", TOGETHER)]:
        found = figures([row for row in rows if row.set in members], lambda row: row.passes(coverage, quoted))
        cells = (found.precision, found.recall, found.caught, found.balanced)
        label = "**WiCE claims and SummEdits news together**" if members == TOGETHER else name
        lines.append(f"| {label} | {found.supported} | {found.unsupported} | {' | '.join(map(_decimal, cells))} |")
    return "\n".join(lines) + "\n"


def by_cause(rows: Sequence[Judged], coverage: float, quoted: float) -> str:
    """A table of what each rule is worth: where it speaks, how often rightly, and what is lost without it."""
    names = tuple(dict.fromkeys(SETS.values()))
    lines = [
        f"| cause | {' | '.join(names)} | balanced accuracy without it, WiCE and SummEdits |",
        f"| --- |{' ---: |' * (len(names) + 1)}",
    ]
    together = [row for row in rows if row.set in TOGETHER]
    for cause in Cause:
        cells = [
            _worth([row for row in rows if row.set == name and _fails(row, cause, coverage, quoted)]) for name in names
        ]
        without = figures(together, lambda row, cause=cause: row.passes(coverage, quoted, cause)).balanced  # type: ignore[misc]
        lines.append(f"| {cause} | {' | '.join(cells)} | {_decimal(without)} |")
    share = [_share([not row.supported for row in rows if row.set == name]) for name in names]
    whole = figures(together, lambda row: row.passes(coverage, quoted)).balanced
    lines.append(f"| *any response* | {' | '.join(f'{each:.0%}' for each in share)} | {_decimal(whole)} |")
    return "\n".join(lines) + "\n"


def _fails(row: Judged, cause: Cause, coverage: float, quoted: float) -> bool:
    if cause is Cause.COVERAGE:
        return row.coverage < coverage or row.quoted < quoted
    return cause in row.causes


def _worth(rows: Sequence[Judged]) -> str:
    return f"{_share([not row.supported for row in rows]):.0%} of {len(rows)}" if rows else "-"


def by_thresholds(rows: Sequence[Judged], chosen: Iterable[tuple[str, tuple[float, float]]]) -> str:
    """A table of balanced accuracies at several pairs of thresholds."""
    names = tuple(dict.fromkeys(SETS.values()))
    lines = [
        f"| thresholds | coverage | quoted | {' | '.join(names)} | WiCE and SummEdits together |",
        f"| --- | ---: | ---: |{' ---: |' * (len(names) + 1)}",
    ]
    for label, pair in chosen:
        groups = [*((name,) for name in names), TOGETHER]
        found = [figures([row for row in rows if row.set in group], lambda row: row.passes(*pair)) for group in groups]  # noqa: B023
        cells = " | ".join(_decimal(each.balanced) for each in found)
        lines.append(f"| {label} | {pair[0]:.2f} | {pair[1]:.2f} | {cells} |")
    return "\n".join(lines) + "\n"


def parts(rows: Sequence[Judged], times: Sequence[float]) -> dict[str, Callable[[], str]]:
    """Name of a generated part of the page -> how its text is made."""
    first = [row for row in rows if row.first_half]
    second = [row for row in rows if not row.first_half]
    shipped = (COVERAGE, QUOTED_COVERAGE)
    apart = [(name,) for name in TUNED_ON]
    chosen = [
        ("shipped", shipped),
        ("cautious, *quoted* given", best_thresholds(first, apart, CAUTION, [QUOTED_COVERAGE])),
        ("cautious", best_thresholds(first, apart, CAUTION)),
        ("balanced", best_thresholds(first, apart)),
        ("balanced, WiCE and SummEdits as one", best_thresholds(first, [TOGETHER])),
        ("gates only, no coverage", (0.0, 0.0)),
    ]
    slowest = float(np.percentile(times, 95))
    return {
        "sets": lambda: by_set(second, *shipped),
        "causes": lambda: by_cause(second, *shipped),
        "thresholds": lambda: by_thresholds(second, chosen),
        "thresholds-first": lambda: by_thresholds(first, chosen),
        "time": lambda: (
            f"One sentence took {statistics.median(times):.1f} ms (median; 95th percentile {slowest:.1f} ms).\n"
        ),
    }


def main() -> None:
    """Judges every response and rewrites the page."""
    parser = argparse.ArgumentParser(description="measure the claim check on responses that people marked")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of groundedness.jsonl.gz")
    path = parser.parse_args().data / "groundedness.jsonl.gz"
    judged = [judge(row, name) for name, row in read(path)]
    made = parts([row for row, _ in judged], [each for _, times in judged for each in times])
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
    for name, make in made.items():
        print(f"{name}\n{make()}")


def _sentences(response: str) -> list[str]:
    found = [span.within(response) for span in sentences(response)]
    return [sentence for sentence in found if words(sentence)]


def _share(marks: "Sequence[bool] | np.ndarray[tuple[int], np.dtype[np.bool_]]") -> float:
    return float(np.mean(marks)) if len(marks) else float("nan")


def _decimal(value: float) -> str:
    return f"{value:.3f}"


if __name__ == "__main__":
    main()
