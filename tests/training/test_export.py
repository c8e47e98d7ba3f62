"""Calibration, threshold and the shipped description."""

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from training.evaluate import Prediction, Question
from training.export import fit_calibration, fit_threshold, fold_calibration, write_description


def cases() -> tuple[list[Question], list[Prediction]]:
    """Answerable ones score high, with a few of either kind on the wrong side."""
    rng = np.random.default_rng(0)
    questions, predictions = [], []
    for number in range(400):
        answered = number % 2 == 0
        questions.append(Question(str(number), "t", "q", "p", ("bridge",) if answered else ()))
        level = 1.5 if answered else -1.5
        margin, gate = rng.normal(level, 1.5), rng.normal(level / 2, 1.0)
        predictions.append(Prediction("bridge", float(margin), float(gate)))
    return questions, predictions


def test_the_fit_weighs_both_signals_for_the_answer() -> None:
    margin, gate, bias = fit_calibration(*cases(), [1.0] * 400)
    # Two normal classes of equal spread: the exact log-odds are 2 * mean / variance a feature.
    assert margin == pytest.approx(2 * 1.5 / 1.5**2, rel=0.25)
    assert gate == pytest.approx(2 * 0.75 / 1.0**2, rel=0.25)
    assert abs(bias) < 0.5


def test_the_threshold_parts_right_from_absent() -> None:
    questions, predictions = cases()
    best = fit_threshold(questions, predictions, [1.0] * 400, temperature=1.0)
    assert 0.2 < best < 0.8
    sure = [Prediction("bridge", 4.0 if q.answers else -4.0, 0.0) for q in questions]
    assert 0.01 < fit_threshold(questions, sure, [1.0] * 400, temperature=1.0) < 0.98


def test_folding_scales_the_last_layer_of_the_answerable_head(tmp_path: Path) -> None:
    tensors = [
        numpy_helper.from_array(np.array([[1.0], [2.0]], dtype=np.float32), "gate.2.weight_Transposed"),
        numpy_helper.from_array(np.array([0.5], dtype=np.float32), "gate.2.bias"),
    ]
    nodes = [
        helper.make_node("MatMul", ["x", "gate.2.weight_Transposed"], ["y"]),
        helper.make_node("Add", ["y", "gate.2.bias"], ["z"]),
    ]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2])]
    outputs = [helper.make_tensor_value_info("z", TensorProto.FLOAT, ["n", 1])]
    graph = helper.make_graph(nodes, "g", inputs, outputs, tensors)
    path = tmp_path / "m.onnx"
    onnx.save(helper.make_model(graph), str(path))
    fold_calibration(path, 3.0, -1.0)
    kept = {t.name: numpy_helper.to_array(t).tolist() for t in onnx.load(str(path)).graph.initializer}
    assert kept == {"gate.2.weight_Transposed": [[3.0], [6.0]], "gate.2.bias": [0.5]}


def test_the_description_holds_the_digests_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "reader.onnx").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_bytes(b"words")
    write_description(tmp_path, 2.5, 0.4, {"rows": 7})
    told = json.loads((tmp_path / "reader.json").read_text(encoding="utf-8"))
    assert told["schema"] == "qa.reader/1"
    assert told["files"]["reader.onnx"] == hashlib.sha256(b"weights").hexdigest()
    assert (told["temperature"], told["threshold"], told["trained"]) == (2.5, 0.4, {"rows": 7})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["reader.json", "reader.onnx", "tokenizer.json"]


def test_the_stated_probability_is_the_one_computed() -> None:
    assert Prediction("x", 2.0, 1.0).probability(1.5) == pytest.approx(1 / (1 + math.exp(-2.0)))
