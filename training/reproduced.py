"""Compares two readers' weights on the same questions, the paragraph given; trains nothing, writes nothing.

    python -m training.reproduced training/runs/again --data ../shared/data

Prints F1 and exact match of both on XQuAD's English questions and SQuAD 2.0's answerable ones, and the difference with
its 95 % interval (paired bootstrap over questions). An interval that holds 0 is what "within noise" means here.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.measures import auroc, exact_match, f1
from qa.evaluation.measures.uncertainty import paired_bootstrap_interval
from qa.models import load_reader_weights
from qa.models.weights import READER_FOLDER
from qa.reading import SpanReader
from qa.types import Reader
from training.evaluate import read, some
from training.questions import Question, load_squad2, load_xquad

SQUAD2_ASKED = 1500  # questions, drawn with a fixed seed


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one reader on one set. table: (n, 2), F1 and exact match of each answerable question, 0..1.

    auroc: chance that an answerable question gets the higher probability; nan where all are answerable.
    """

    table: NDArray[np.float64]
    auroc: float


def scores(reader: Reader, questions: Sequence[Question]) -> Scores:
    """What a reader makes of questions whose paragraph it is given."""
    found = [read(reader, each.question, [each.given]) for each in questions]
    answerable = [bool(each.answers) for each in questions]
    rows = [
        [f1(text, each.answers), float(exact_match(text, each.answers))]
        for (text, _), each in zip(found, questions, strict=True)
        if each.answers
    ]
    ranked = float("nan") if all(answerable) else auroc([sure for _, sure in found], answerable)
    return Scores(np.array(rows, dtype=np.float64).reshape(-1, 2), ranked)


def compared(shipped: Scores, other: Scores) -> tuple[tuple[float, float, float], ...]:
    """For F1 and for exact match: the difference other - shipped, and the low and high end of its interval."""
    told = []
    for column in (0, 1):
        before, after = shipped.table[:, [column]], other.table[:, [column]]
        low, high = paired_bootstrap_interval(before, after, lambda drawn: drawn.mean(axis=(1, 2)))
        told.append((float((after - before).mean()), low, high))
    return tuple(told)


def main() -> None:
    """Prints a line a set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="what `python -m training.export --folder` wrote")
    parser.add_argument("--shipped", type=Path, default=READER_FOLDER)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    args = parser.parse_args()
    clean, other = load_xquad(args.data)
    squad2 = some(load_squad2(args.data, "test"), SQUAD2_ASKED)
    readers = [SpanReader(load_reader_weights(folder)) for folder in (args.shipped, args.folder)]
    for name, questions in (("XQuAD, unseen articles", clean), ("XQuAD, other", other), ("SQuAD 2.0, test", squad2)):
        one, two = (scores(reader, questions) for reader in readers)
        print(f"{name}, {len(questions)} questions")
        told = compared(one, two)
        for measure, column, (mean, low, high) in zip(("F1", "exact match"), (0, 1), told, strict=True):
            before, after = (each.table[:, column].mean() for each in (one, two))
            print(f"  {measure:12} {before:.3f} {after:.3f}  difference {mean:+.3f} [{low:+.3f}, {high:+.3f}]")
        print(f"  {'AUROC':12} {one.auroc:.3f} {two.auroc:.3f}", flush=True)


if __name__ == "__main__":
    main()
