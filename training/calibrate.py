"""Turns the exported reader and squad2_dev's calib split into its threshold, in the setting of use; trains nothing.

The calib paragraphs are indexed as a library, but for some that are left out, and every question is read over what
retrieval brings up. A third of the questions has its answer there, a third was written to have none, and a third had
it in a paragraph left out. Fitted there: P(the best finding is right) = sigmoid(scale · z + bias), z the finding's
margin plus the passage's answerable logit, and the threshold that gives the best mean of two shares: answerable
questions answered rightly, unanswerable ones refused.
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

from qa.evaluation.measures import f1
from qa.evaluation.sets import read_rows
from qa.models import load_embedder, load_reader_weights
from qa.reading import SpanReader
from qa.types import Document
from training.export import update_description
from training.questions import RIGHT, Question, load_squad2
from training.shelf import Shelf


def calibration_documents(data: Path) -> list[Document]:
    """The paragraphs of squad2_dev, each a document of its own."""
    rows = read_rows(data / "squad2_contexts_dev.jsonl.gz")
    return [Document(row["context_id"], row["title"], (row["context_id"],), row["text"]) for row in rows]


def thirds(calib: Sequence[Question], each: int, seed: int) -> tuple[list[Question], set[str]]:
    """Answerable, unanswerable and left-out questions, `each` of a kind, and the passages that may be indexed.

    A left-out question comes without its answers: the library does not hold them.
    """
    shuffled = list(calib)
    random.Random(seed).shuffle(shuffled)
    left_out = {one.passage for one in [one for one in shuffled if one.answers][:each]}
    kept = [one for one in shuffled if one.passage not in left_out]
    gone = [replace(one, answers=()) for one in shuffled if one.answers and one.passage in left_out]
    answerable = [one for one in kept if one.answers]
    unanswerable = [one for one in kept if not one.answers]
    return [*answerable[:each], *unanswerable[:each], *gone[:each]], {one.passage for one in kept}


def measured(
    questions: Sequence[Question], texts: Set[str], folder: Path, data: Path, place: Path
) -> list[tuple[float, bool, bool]]:
    """For each question: the best finding's z, whether it is right, whether the question is answerable."""
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
            found.append((z, right, bool(question.answers)))
            if number % 50 == 0:
                print(f"{number} of {len(questions)}", flush=True)
    return found


def fit(found: Sequence[tuple[float, bool, bool]]) -> dict[str, float]:
    """scale, bias and threshold, with the two shares that the threshold gives."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    z = np.array([[each[0]] for each in found])
    right, answerable = np.array([each[1] for each in found]), np.array([each[2] for each in found])
    fitted = LogisticRegression(C=1e3).fit(z, right)
    scale, bias = float(fitted.coef_[0][0]), float(fitted.intercept_[0])
    stated = 1 / (1 + np.exp(-(scale * z[:, 0] + bias)))

    def shares(threshold: float) -> tuple[float, float]:
        shown = stated >= threshold
        return float((shown & right)[answerable].mean()), float((~shown)[~answerable].mean())

    threshold = max(np.arange(0.02, 0.98, 0.01), key=lambda each: sum(shares(float(each))))
    answered, refused = shares(float(threshold))
    return {
        "scale": round(scale, 4),
        "bias": round(bias, 4),
        "threshold": round(float(threshold), 2),
        "right_of_answerable": round(answered, 3),
        "refused_of_unanswerable": round(refused, 3),
        "right_without_threshold": round(float(right[answerable].mean()), 3),
        "questions": len(found),
    }


def main() -> None:
    """Writes `calibration` and `threshold` into reader.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent.parent / "qa" / "weights")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--questions", type=int, default=1200, help="how many, a third of each kind")
    parser.add_argument("--seed", type=int, default=13)
    args = parser.parse_args()
    chosen, texts = thirds(load_squad2(args.data, "calib"), args.questions // 3, args.seed)
    with tempfile.TemporaryDirectory() as held:
        result = fit(measured(chosen, texts, args.folder, args.data, Path(held) / "library"))
    print(json.dumps(result, indent=2))
    path = args.folder / "reader.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    description["threshold"] = result.pop("threshold")
    description["calibration"] = result
    update_description(args.folder, description)


if __name__ == "__main__":
    main()
