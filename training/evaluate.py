"""Turns a shipped reader and measuring sets into figures; knows nothing of how it was trained."""

import argparse
import gzip
import json
import math
import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean as mean
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from training.data import read_lines
from training.spans import best_span

STRIDE = 64  # tokens two windows of a long paragraph share: twice the longest answer
BATCH = 8  # windows a run
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ["start_logits", "end_logits", "answerable_logit"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question on one paragraph; `answers` is empty when the paragraph holds none."""

    id: str
    title: str
    question: str
    passage: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best span's text, its logits above the null span's, and the answerable logit."""

    text: str
    margin: float
    answerable: float

    def probability(self, temperature: float) -> float:
        """That the span answers the question, 0..1; the formula reader.json states."""
        return 1 / (1 + math.exp(-max(-50.0, (self.margin + self.answerable) / temperature)))


def normalise(text: str) -> str:
    """SQuAD's form for comparing: lower case, no punctuation, no articles, single spaces.

    https://rajpurkar.github.io/SQuAD-explorer/ (evaluation script)
    """
    kept = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def exact_match(text: str, answer: str) -> float:
    """1.0 when both read the same once normalised, else 0.0."""
    return float(normalise(text) == normalise(answer))


def token_f1(text: str, answer: str) -> float:
    """Harmonic mean of word precision and recall after normalising, 0..1."""
    said, wanted = normalise(text).split(), normalise(answer).split()
    if not said or not wanted:
        return float(said == wanted)
    common = sum((Counter(said) & Counter(wanted)).values())
    return 2 * common / (len(said) + len(wanted))


def best_of(measure: Callable[[str, str], float], text: str, answers: Sequence[str]) -> float:
    """The measure against the closest accepted answer; no answer is matched by the empty text."""
    return max((measure(text, answer) for answer in answers), default=float(text == ""))


def auroc(scores: Sequence[float], truths: Sequence[bool]) -> float:
    """Chance that a true case scores above a false one, ties counting half (Mann-Whitney)."""
    from scipy.stats import rankdata  # type: ignore[import-untyped]

    ranks = rankdata(scores)
    positive = np.asarray(truths, dtype=bool)
    count, rest = int(positive.sum()), int((~positive).sum())
    above = float(ranks[positive].sum()) - count * (count + 1) / 2
    return above / (count * rest)


def calibration_error(probabilities: Sequence[float], truths: Sequence[float], bins: int = 10) -> float:
    """Expected calibration error over equally wide bins, 0..1; lower is better."""
    stated, happened = np.asarray(probabilities), np.asarray(truths)
    place = np.minimum((stated * bins).astype(int), bins - 1)
    gaps = [
        abs(stated[place == b].mean() - happened[place == b].mean()) * (place == b).mean()
        for b in range(bins)
        if (place == b).any()
    ]
    return float(sum(gaps))


def open_session(path: Path, threads: int = 1) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """An onnxruntime session as the chat opens it: no spinning, `threads` threads."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def open_tokenizer(path: Path, max_tokens: int) -> Tokenizer:
    """The reader's tokenizer, cutting long paragraphs into overlapping windows."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens, stride=STRIDE, strategy="only_second")
    tokenizer.encode_special_tokens = True
    return tokenizer


def padded(encodings: Sequence[Any]) -> dict[str, np.ndarray]:
    """The three (n, t) int64 inputs of the ONNX contract."""
    shape = (len(encodings), max(len(e.ids) for e in encodings))
    feed = {name: np.zeros(shape, dtype=np.int64) for name in INPUTS}
    for row, encoding in enumerate(encodings):
        size = len(encoding.ids)
        feed["input_ids"][row, :size] = encoding.ids
        feed["attention_mask"][row, :size] = 1
        feed["token_type_ids"][row, :size] = encoding.type_ids
    return feed


def predict(
    session: Any,  # noqa: ANN401
    tokenizer: Tokenizer,
    questions: Sequence[Question],
    longest: int = 30,
) -> list[Prediction]:
    """The best span for each question; of several windows the one scoring highest."""
    pieces: list[tuple[int, Any]] = []
    for number, item in enumerate(questions):
        encoding = tokenizer.encode(item.question, item.passage)
        pieces.extend((number, window) for window in (encoding, *encoding.overflowing))
    pieces.sort(key=lambda piece: len(piece[1].ids))
    best: dict[int, Prediction] = {}
    for begin in range(0, len(pieces), BATCH):
        part = pieces[begin : begin + BATCH]
        starts, ends, gates = session.run(OUTPUTS, padded([window for _, window in part]))
        for (number, window), start, end, gate in zip(part, starts, ends, gates, strict=True):
            size = len(window.ids)
            span = best_span(start[:size], end[:size], longest)
            first, last = window.offsets[span.start][0], window.offsets[span.end][1]
            text = questions[number].passage[first:last]
            found = Prediction(text, span.score - float(start[0] + end[0]), float(gate))
            held = best.get(number)
            if held is None or found.margin + found.answerable > held.margin + held.answerable:
                best[number] = found
    return [best[number] for number in range(len(questions))]


def load_xquad(data: Path) -> tuple[list[Question], list[Question]]:
    """XQuAD's English questions: those of articles not in training, and the others."""
    with gzip.open(data / "xquad_en.json.gz", "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    known = {c["title"].replace("_", " ") for c in read_lines(data / "reader_train_contexts.jsonl.gz")}
    clean: list[Question] = []
    other: list[Question] = []
    for article in articles:
        title = article["title"].replace("_", " ")
        for paragraph in article["paragraphs"]:
            for entry in paragraph["qas"]:
                answers = tuple(answer["text"] for answer in entry["answers"])
                item = Question(entry["id"], title, entry["question"], paragraph["context"], answers)
                (other if title in known else clean).append(item)
    return clean, other


def load_squad2(data: Path, split: str) -> list[Question]:
    """One split, "calib" or "test", of the SQuAD 2.0 development set."""
    contexts = {c["context_id"]: c["text"] for c in read_lines(data / "squad2_contexts_dev.jsonl.gz")}
    return [
        Question(
            id=raw["id"],
            title=raw["title"],
            question=raw["question"],
            passage=contexts[raw["context_id"]],
            answers=tuple(answer["text"] for answer in raw["answers"]),
        )
        for raw in read_lines(data / "squad2_dev.jsonl.gz")
        if raw["split"] == split
    ]


def score_given(questions: Sequence[Question], predictions: Sequence[Prediction]) -> dict[str, float]:
    """Mean F1 and exact match in percent, with the number of questions, no threshold applied."""
    pairs = list(zip(questions, predictions, strict=True))
    return {
        "questions": len(pairs),
        "f1": round(100 * mean(best_of(token_f1, p.text, q.answers) for q, p in pairs), 2),
        "em": round(100 * mean(best_of(exact_match, p.text, q.answers) for q, p in pairs), 2),
    }


def score_null(
    questions: Sequence[Question],
    predictions: Sequence[Prediction],
    temperature: float,
    threshold: float,
) -> dict[str, float]:
    """SQuAD 2.0's figures in percent: below the threshold the answer is "not here"."""
    stated = [p.probability(temperature) for p in predictions]
    shown = [p.text if s >= threshold else "" for p, s in zip(predictions, stated, strict=True)]
    truths = [bool(q.answers) for q in questions]
    f1 = [best_of(token_f1, t, q.answers) for t, q in zip(shown, questions, strict=True)]
    em = [best_of(exact_match, t, q.answers) for t, q in zip(shown, questions, strict=True)]
    right = [
        float(bool(q.answers) and best_of(token_f1, p.text, q.answers) >= 0.5)
        for q, p in zip(questions, predictions, strict=True)
    ]
    return {
        "questions": len(questions),
        "f1": round(100 * mean(f1), 2),
        "em": round(100 * mean(em), 2),
        "has_answer_f1": round(100 * mean(f for f, t in zip(f1, truths, strict=True) if t), 2),
        "no_answer_accuracy": round(100 * mean(f for f, t in zip(f1, truths, strict=True) if not t), 2),
        "auroc_answerable": round(auroc(stated, truths), 4),
        "auroc_right": round(auroc(stated, [bool(r) for r in right]), 4),
        "calibration_error": round(calibration_error(stated, right), 4),
    }


def evaluate(folder: Path, data: Path) -> dict[str, dict[str, float]]:
    """All figures of the reader in `folder` (reader.onnx, tokenizer.json, reader.json)."""
    settings = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    session = open_session(folder / "reader.onnx")
    tokenizer = open_tokenizer(folder / "tokenizer.json", settings["max_tokens"])
    longest = settings["max_answer_tokens"]
    clean, other = load_xquad(data)
    test = load_squad2(data, "test")
    return {
        "xquad_clean": score_given(clean, predict(session, tokenizer, clean, longest)),
        "xquad_other": score_given(other, predict(session, tokenizer, other, longest)),
        "squad2_test": score_null(
            test,
            predict(session, tokenizer, test, longest),
            settings["temperature"],
            settings["threshold"],
        ),
    }


def main() -> None:
    """Prints the figures of the shipped reader and writes them into its reader.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, default=Path(__file__).parents[1] / "qa" / "weights")
    args = parser.parse_args()
    figures = evaluate(args.weights, args.data)
    place = args.weights / "reader.json"
    description = json.loads(place.read_text(encoding="utf-8"))
    part = place.with_suffix(".part")
    part.write_text(json.dumps({**description, "figures": figures}, indent=2) + "\n", encoding="utf-8")
    part.replace(place)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
