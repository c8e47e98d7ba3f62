"""Turns the exported reader and squad2_dev's calib split into its threshold, in the setting of use; trains nothing.

The calib paragraphs are indexed as a library, but for some that are left out, and every question is read over what
retrieval brings up. A third of the questions has its answer there, a third had it in a paragraph left out, and a third
was written to look answerable there and is not. Nobody sets such traps for a document of one's own, so the first two
thirds alone are fitted to, and what the threshold does with the traps is told beside. Fitted: P(the best finding is
right) = sigmoid(scale · z + bias), z the finding's margin plus the passage's answerable logit. The threshold is the
least from which `RIGHT_OF_SHOWN` of what is shown is right: the most answers at a given risk (Geifman & El-Yaniv 2017,
"Selective Classification for Deep Neural Networks").
"""

import argparse
import json
import math
import random
import tempfile
from collections.abc import Sequence, Set
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.measures import f1
from qa.evaluation.sets import read_rows
from qa.models import load_embedder, load_reader_weights
from qa.reading import SpanReader
from qa.types import Document
from training.export import update_description
from training.questions import RIGHT, Question, load_squad2
from training.shelf import Shelf

RIGHT_OF_SHOWN = 0.8


def calibration_documents(data: Path) -> list[Document]:
    """The paragraphs of squad2_dev, each a document of its own."""
    rows = read_rows(data / "squad2_contexts_dev.jsonl.gz")
    return [Document(row["context_id"], row["title"], (row["context_id"],), row["text"]) for row in rows]


def thirds(calib: Sequence[Question], each: int, seed: int) -> tuple[list[Question], set[str]]:
    """Answerable, left-out and trap questions, `each` of a kind in this order, and the passages that may be indexed.

    A left-out question comes without its answers: the library does not hold them.
    """
    shuffled = list(calib)
    random.Random(seed).shuffle(shuffled)
    left_out = {one.passage for one in [one for one in shuffled if one.answers][:each]}
    kept = [one for one in shuffled if one.passage not in left_out]
    gone = [replace(one, answers=()) for one in shuffled if one.answers and one.passage in left_out]
    answerable = [one for one in kept if one.answers]
    traps = [one for one in kept if not one.answers]
    return [*answerable[:each], *gone[:each], *traps[:each]], {one.passage for one in kept}


def measured(
    questions: Sequence[Question], texts: Set[str], folder: Path, data: Path, place: Path
) -> list[tuple[float, bool]]:
    """For each question: the best finding's z, and whether it is right."""
    embedder = load_embedder("all-MiniLM-L6-v2", offline=True)
    reader = SpanReader(load_reader_weights(folder))
    documents = [document for document in calibration_documents(data) if document.text in texts]
    found = []
    with closing(Shelf(documents, embedder, place)) as shelf:
        for number, question in enumerate(questions):
            best = reader.read(question.question, shelf.passages(question.question)).findings[0]
            right = bool(question.answers) and f1(best.text, question.answers) >= RIGHT
            stated = math.log(best.probability / (1 - best.probability))
            z = (stated - reader.weights.calibration.bias) / reader.weights.calibration.scale
            found.append((z, right))
            if number % 50 == 0:
                print(f"{number} of {len(questions)}", flush=True)
    return found


def fit(
    answerable: Sequence[tuple[float, bool]],
    left_out: Sequence[tuple[float, bool]],
    traps: Sequence[tuple[float, bool]],
) -> dict[str, float]:
    """scale, bias and threshold, with the shares that the threshold gives."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    used = [*answerable, *left_out]
    z, right = np.array([[each] for each, _ in used]), np.array([each for _, each in used])
    fitted = LogisticRegression(C=1e3).fit(z, right)
    scale, bias = float(fitted.coef_[0][0]), float(fitted.intercept_[0])

    def stated(found: Sequence[tuple[float, bool]]) -> NDArray[np.float64]:
        return 1 / (1 + np.exp(-(scale * np.array([each for each, _ in found]) + bias)))

    def right_of_shown(threshold: float) -> float:
        shown = stated(used) >= threshold
        return float(right[shown].mean()) if shown.any() else 1.0

    candidates = [round(each, 2) for each in np.arange(0.02, 0.98, 0.01)]
    threshold = next(each for each in candidates if right_of_shown(each) >= RIGHT_OF_SHOWN)
    is_right = np.array([each for _, each in answerable])
    return {
        "scale": round(scale, 4),
        "bias": round(bias, 4),
        "threshold": threshold,
        "right_of_answerable": round(float((is_right & (stated(answerable) >= threshold)).mean()), 3),
        "refused_of_left_out": round(float((stated(left_out) < threshold).mean()), 3),
        "refused_of_traps": round(float((stated(traps) < threshold).mean()), 3),
        "right_without_threshold": round(float(is_right.mean()), 3),
        "questions": len(answerable) + len(left_out) + len(traps),
    }


def main() -> None:
    """Writes `calibration` and `threshold` into reader.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent.parent / "qa" / "weights")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--questions", type=int, default=1200, help="how many, a third of each kind")
    parser.add_argument("--seed", type=int, default=13)
    args = parser.parse_args()
    each = args.questions // 3
    chosen, texts = thirds(load_squad2(args.data, "calib"), each, args.seed)
    with tempfile.TemporaryDirectory() as held:
        found = measured(chosen, texts, args.folder, args.data, Path(held) / "library")
    result = fit(found[:each], found[each : 2 * each], found[2 * each :])
    print(json.dumps(result, indent=2))
    path = args.folder / "reader.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    description["threshold"] = result.pop("threshold")
    description["calibration"] = result
    update_description(args.folder, description)


if __name__ == "__main__":
    main()
