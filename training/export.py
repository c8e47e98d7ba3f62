"""Turns a checkpoint into the shipped files: int8 ONNX, tokenizer, calibrated reader.json; trains nothing."""

import argparse
import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from training.data import SHARES, Row, mine_negatives
from training.evaluate import (
    INPUTS,
    OUTPUTS,
    Prediction,
    Question,
    best_of,
    load_squad2,
    open_session,
    open_tokenizer,
    predict,
    token_f1,
)
from training.model import ReaderModel, encoder_folder, new_model
from training.train import load_checkpoint

MAX_TOKENS = 256  # no longer sequence was common in training
MAX_ANSWER_TOKENS = 30
PROBABILITY = (
    "sigmoid((start_logits[s] + end_logits[e] - start_logits[0] - end_logits[0] + answerable_logit)"
    " / temperature) of the best span s..e; below threshold: the passage does not say"
)


def export_float(model: ReaderModel, path: Path) -> None:
    """Writes the model as float32 ONNX with free batch and length."""
    model.eval()
    ids = torch.tensor([[101, 2040, 102, 2002, 2001, 102], [101, 2040, 102, 2002, 102, 0]])
    mask = (ids > 0).long()
    types = torch.tensor([[0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0]])
    free = {0: torch.export.Dim("n", min=1), 1: torch.export.Dim("t", min=2, max=512)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own internals
        torch.onnx.export(
            model,
            (ids, mask, types),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_shapes=(free, free, free),
            dynamo=True,
            external_data=False,
        )


def quantise(source: Path, target: Path, *, reduce_range: bool) -> None:
    """Writes the encoder with int8 weights, one scale a channel, activations quantised on the fly.

    The three heads stay float32: they are 0.6 MB and every figure shown rests on them.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(str(source), load_external_data=False).graph
    spans = {weight.name for weight in graph.initializer if list(weight.dims[1:]) == [2]}
    heads = spans | {"gate.0.weight", "gate.2.weight"}
    kept = [node.name for node in graph.node if heads & set(node.input)]
    quantize_dynamic(
        source,
        target,
        per_channel=True,
        reduce_range=reduce_range,
        weight_type=QuantType.QInt8,
        # The quantiser first turns each Gemm into a MatMul of a longer name.
        nodes_to_exclude=kept + [name + "_MatMul" for name in kept],
    )


def fold_calibration(path: Path, gate: float, bias: float) -> None:
    """Makes the answerable logit of an ONNX file `gate` times what it was, plus `bias`."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(path))
    for name, shift in (("gate.2.weight", 0.0), ("gate.2.bias", bias)):
        (tensor,) = (t for t in model.graph.initializer if t.name.startswith(name))
        values = numpy_helper.to_array(tensor) * gate + shift
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float32), tensor.name))
    onnx.save(model, str(path))


def calibration_set(data: Path, rows: int) -> tuple[list[Question], list[float]]:
    """About `rows` (0: all) of squad2_dev's calib split, with retrieval's misses, and their weights.

    Answerable and not weigh the same. Half of "not" was written by people to look answerable, half is the
    paragraph BM25 ranks best among those without the answer: what a reader mostly sees in use.
    """
    asked = load_squad2(data, "calib")
    step = max(1, len(asked) // rows) if rows else 1
    answered = [Row(q.id, q.title, "squad2", q.question, q.passage, (), q.answers) for q in asked if q.answers]
    missed = [Question(r.id, r.title, r.question, r.passage, ()) for r in mine_negatives(answered, depth=1)]
    asked, missed = asked[::step], missed[::step]
    return [*asked, *missed], [1.0 if q.answers else 0.5 for q in [*asked, *missed]]


def fit_calibration(
    questions: Sequence[Question], predictions: Sequence[Prediction], weights: Sequence[float]
) -> tuple[float, float, float]:
    """Logistic weights (margin, answerable, bias) of "the best span is right" (F1 of at least ½)."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    features = np.array([[p.margin, p.answerable] for p in predictions])
    right = [
        bool(q.answers) and best_of(token_f1, p.text, q.answers) >= 0.5
        for q, p in zip(questions, predictions, strict=True)
    ]
    fitted = LogisticRegression(C=1e3).fit(features, right, sample_weight=weights)
    margin, gate = fitted.coef_[0]
    return float(margin), float(gate), float(fitted.intercept_[0])


def fit_threshold(
    questions: Sequence[Question],
    predictions: Sequence[Prediction],
    weights: Sequence[float],
    temperature: float,
) -> float:
    """The probability that best parts answerable from not: the highest mean of the two shares right."""
    stated = np.array([p.probability(temperature) for p in predictions])
    answerable = np.array([bool(q.answers) for q in questions])
    signed = np.array(weights) * np.where(answerable, 1, -1)
    steps = np.arange(0.02, 0.98, 0.01)
    gains = [float(signed[stated >= step].sum()) for step in steps]
    return round(float(steps[int(np.argmax(gains))]), 2)


def plain_tokenizer(path: Path) -> Tokenizer:
    """The encoder's tokenizer without the padding and the 128-token limit written in its file."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def sha256(path: Path) -> str:
    """The file's digest in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_description(folder: Path, temperature: float, threshold: float, trained: dict[str, Any]) -> None:
    """Writes reader.json last and in one rename, so that its digests are those of files in place."""
    description = {
        "schema": "qa.reader/1",
        "files": {name: sha256(folder / name) for name in ("reader.onnx", "tokenizer.json")},
        "max_tokens": MAX_TOKENS,
        "max_answer_tokens": MAX_ANSWER_TOKENS,
        "temperature": temperature,
        "threshold": threshold,
        "probability": PROBABILITY,
        "trained": trained,
        "figures": {},
    }
    part = folder / "reader.json.part"
    part.write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
    part.replace(folder / "reader.json")


def export(checkpoint: Path, folder: Path, data: Path, *, reduce_range: bool, calib_rows: int) -> None:
    """Exports, and calibrates on about `calib_rows` (0: all) questions of squad2_dev's calib split."""
    encoder = encoder_folder()
    model = new_model(encoder, seed=0, attention="eager")  # its graph is the plainer one
    _, facts = load_checkpoint(checkpoint, model)
    folder.mkdir(parents=True, exist_ok=True)
    calib, weights = calibration_set(data, calib_rows)
    with tempfile.TemporaryDirectory() as held:
        place = Path(held)
        export_float(model, place / "float.onnx")
        quantise(place / "float.onnx", place / "reader.onnx", reduce_range=reduce_range)
        plain_tokenizer(encoder / "tokenizer.json").save(str(place / "tokenizer.json"))
        tokenizer = open_tokenizer(place / "tokenizer.json", MAX_TOKENS)
        session = open_session(place / "reader.onnx", threads=torch.get_num_threads())
        predictions = predict(session, tokenizer, calib, MAX_ANSWER_TOKENS)
        margin, gate, bias = fit_calibration(calib, predictions, weights)
        if margin <= 0:
            raise ValueError(f"the span margin speaks against the span (weight {margin:.3f}): train on")
        fold_calibration(place / "reader.onnx", gate / margin, bias / margin)
        temperature = round(1 / margin, 4)
        folded = [Prediction(p.text, p.margin, (gate * p.answerable + bias) / margin) for p in predictions]
        threshold = fit_threshold(calib, folded, weights, temperature)
        for name in ("reader.onnx", "tokenizer.json"):
            shutil.copyfile(place / name, folder / (name + ".part"))
            (folder / (name + ".part")).replace(folder / name)
    trained = {
        "encoder": "all-MiniLM-L6-v2 (Apache-2.0)",
        "sources": {**SHARES, "negatives": "mined, see training/data.py"},
        **{key: facts[key] for key in ("rows", "steps", "seed", "batch", "rate", "schedule")},
        "calibrated_on": f"{len(calib)} pairs: squad2_dev's calib split and mined negatives of it",
        "date": datetime.now(UTC).date().isoformat(),
        "int8": {"per_channel": True, "reduce_range": reduce_range},
    }
    write_description(folder, temperature, threshold, trained)


def main() -> None:
    """Writes reader.onnx, tokenizer.json and reader.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).parent
    parser.add_argument("--checkpoint", type=Path, default=here / "runs" / "reader" / "checkpoint.pt")
    parser.add_argument("--folder", type=Path, default=here.parent / "qa" / "weights")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--full-range", action="store_true", help="8-bit weights; see MODEL_CARD.md")
    parser.add_argument("--calib-rows", type=int, default=0, help="calibrate on about so many; 0: all")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    export(
        args.checkpoint,
        args.folder,
        args.data,
        reduce_range=not args.full_range,
        calib_rows=args.calib_rows,
    )
    print(f"{args.folder} written at {datetime.now(UTC):%H:%M:%S}; measure: python -m training.evaluate")


if __name__ == "__main__":
    main()
