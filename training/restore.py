"""Turns shipped int8 weights back into a model to train on; cannot give back what int8 has rounded away."""

from pathlib import Path

import numpy as np
import torch

from qa.models.weights import READER_LOWER, READER_UPPER
from training.model import ReaderModel

# A layer's matrices in the order in which the exported graph multiplies by them.
LAYER_MATRICES = ("attention.self.all", "attention.output.dense", "intermediate.dense", "output.dense")
PARTS = ("query", "key", "value")  # of what the export joins as attention.self.all
WORD_VECTORS = "encoder.embeddings.word_embeddings.weight"


def restore(folder: Path, model: ReaderModel) -> None:
    """Loads the two halves that training/export.py wrote into `folder` into `model`, in place.

    The word vectors are left as they are in `model`: training never moves them, so that the encoder's own are better
    than their int8 form. Raises `ValueError` when the halves hold other matrices than the model does.
    """
    layers = len(model.encoder.encoder.layer)
    found = _half(folder / READER_LOWER, range(model.half)) | _half(folder / READER_UPPER, range(model.half, layers))
    found = {name: values for whole in found.items() for name, values in _parted(*whole)}
    state = model.state_dict()
    wanted = {name for name in state if name != WORD_VECTORS and "position_ids" not in name}
    if missing := wanted - set(found):
        raise ValueError(f"{folder}: no values for {', '.join(sorted(missing))}")
    model.load_state_dict({name: torch.from_numpy(np.array(found[name])) for name in wanted}, strict=False)


def _half(path: Path, layers: range) -> dict[str, np.ndarray]:
    """The values of one half by the name of the parameter that they came from."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    held = {tensor.name.removeprefix("model."): numpy_helper.to_array(tensor) for tensor in graph.initializer}
    names = [node.input[1].removesuffix("_quantized") for node in graph.node if node.op_type == "MatMulInteger"]
    places = [f"encoder.encoder.layer.{layer}.{part}.weight" for layer in layers for part in LAYER_MATRICES]
    if len(names) != len(places):
        raise ValueError(f"{path}: {len(names)} int8 matrices, wanted {len(places)}")
    tables = [name.removesuffix("_quantized") for name in held if name.endswith("embeddings.weight_quantized")]
    # The exporter names the span head's matrix itself; it is known by its shape.
    spans = [values for values in held.values() if values.ndim == 2 and values.shape[1] == 2]
    return {
        **{name: values for name, values in held.items() if name.endswith((".weight", ".bias"))},
        **{name.removesuffix("_Transposed"): values.T for name, values in held.items() if name.endswith("_Transposed")},
        **({"spans.weight": spans[0].T} if spans else {}),
        **{table: _whole(held, table) for table in tables},
        **{place: _whole(held, name).T for place, name in zip(places, names, strict=True)},
    }


def _whole(held: dict[str, np.ndarray], name: str) -> np.ndarray:
    """An int8 matrix as float32."""
    zero, scale = held[f"{name}_zero_point"].astype(np.float32), held[f"{name}_scale"]
    return np.asarray((held[f"{name}_quantized"].astype(np.float32) - zero) * scale)


def _parted(name: str, values: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """A value with its name, or the three that the export joined."""
    if ".attention.self.all." not in name:
        return [(name, values)]
    return [(name.replace("all", part), each) for part, each in zip(PARTS, np.split(values, 3), strict=True)]
