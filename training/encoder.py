"""Turns the default embedder's architecture into the graph that ships, without weights; trains nothing.

    python -m training.encoder --data ../shared/data

Its matrices are int8. All weights keep the names that they have in the published safetensors file; beside each matrix
stands its `.scale`, and beside those of the feed-forward layers, whose inputs have outliers, what tames these:
`.smoothing`. qa/models/encoder.py rounds the published matrices and puts all of it in.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn
from transformers import BertModel

from qa.evaluation.sets import read_rows
from qa.models.encoder import GRAPH, INPUT, OUTPUT, SMOOTHING
from training.data import SHARES
from training.export import attended, export_float, without_traces
from training.model import encoder_folder
from training.smoothing import MIGRATED, smoothing, token_ids

WEIGHTS = "model.safetensors"
EVERY = 30  # of the licensed paragraphs of the reader's training, one in so many shows what inputs the layers get

Rounded = tuple[Tensor, Tensor, Tensor]  # (n, t, d) uint8, the scale and the zero point of all of it


def rounded(state: Tensor) -> Rounded:
    """(n, t, d) float32 → 8 bits, their range that of this very input (ONNX's DynamicQuantizeLinear)."""
    types, shapes = (torch.uint8, torch.float32, torch.uint8), (state.shape, (), ())
    parts = torch.onnx.ops.symbolic_multi_out(
        "DynamicQuantizeLinear", (state,), dtypes=types, shapes=shapes, version=11
    )
    return parts[0], parts[1], parts[2]


class Int8Linear(nn.Module):  # type: ignore[misc]  # torch is untyped to mypy here
    """A linear layer in int8. Its numbers are placeholders, those of `qa.models.encoder.as_wanted` take their place.

    weight: (d_in, d_out) int8. scale: (d_out,), what a 1 of each column stands for. smoothing: (d_in,), by which an
    input is multiplied before it is rounded, or None.
    """

    def __init__(self, plain: nn.Linear, *, smoothed: bool = False) -> None:
        super().__init__()
        blank = torch.zeros(plain.in_features, plain.out_features, dtype=torch.int8)
        self.weight = nn.Parameter(blank, requires_grad=False)
        self.scale = nn.Parameter(torch.ones(plain.out_features), requires_grad=False)
        self.smoothing = nn.Parameter(torch.ones(plain.in_features), requires_grad=False) if smoothed else None
        self.bias = plain.bias

    def forward(self, state: Tensor) -> Tensor:
        """(n, t, d_in) → (n, t, d_out)."""
        return self.of(rounded(state if self.smoothing is None else state * self.smoothing))

    def of(self, given: Rounded) -> Tensor:
        """(n, t, d_in), rounded → (n, t, d_out) float32."""
        state, state_scale, state_zero = given
        return torch.onnx.ops.symbolic(
            "com.microsoft::MatMulIntegerToFloat",
            (state, self.weight, state_scale, self.scale, state_zero, None, self.bias),
            dtype=torch.float32,
            shape=(*state.shape[:-1], self.weight.shape[1]),
            version=1,
        )


class Attention(nn.Module):  # type: ignore[misc]
    """BERT's self-attention as onnxruntime's own kernel, nothing masked; its input is rounded once for all three."""

    def __init__(self, plain: nn.Module) -> None:
        super().__init__()
        self.heads = int(plain.num_attention_heads)
        self.query, self.key, self.value = map(Int8Linear, (plain.query, plain.key, plain.value))

    def forward(self, state: Tensor, *_: object, **__: object) -> tuple[Tensor, None]:
        """(n, t, d) states → states."""
        given = rounded(state)
        return attended(self.query.of(given), self.key.of(given), self.value.of(given), None, self.heads), None


class Pooled(nn.Module):  # type: ignore[misc]
    """The encoder with the mean over its tokens as a unit row: what sentence-transformers does for this model."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        for layer in bert.encoder.layer:
            layer.attention.self = Attention(layer.attention.self)
            for name in ("attention.output", *MIGRATED):
                part = layer.get_submodule(name)
                part.dense = Int8Linear(part.dense, smoothed=name in MIGRATED)
        self.embeddings, self.encoder = bert.embeddings, bert.encoder

    def forward(self, *inputs: Tensor) -> Tensor:
        """`INPUT`, (n, t) int64, n texts of equal length → (n, d) unit rows."""
        state = self.embeddings(input_ids=inputs[0])
        for layer in self.encoder.layer:
            state = layer(state, None)
        return nn.functional.normalize(state.mean(1), dim=-1)


def without_weights(graph: Any, kept_outside: frozenset[str]) -> Any:  # noqa: ANN401 - onnx is untyped to mypy here
    """The model with those initialisers declared as standing in `WEIGHTS`."""
    import onnx

    for initializer in graph.graph.initializer:
        if initializer.name in kept_outside:
            initializer.ClearField("raw_data")
            initializer.data_location = onnx.TensorProto.EXTERNAL
            initializer.external_data.add(key="location", value=WEIGHTS)
    return graph


def export(target: Path) -> None:
    """Writes the graph anew."""
    import onnx

    model = Pooled(load_bert())
    ids = torch.tensor([[101, 3, 102, 4, 5, 102], [101, 3, 4, 5, 6, 102]])
    with torch.no_grad(), tempfile.TemporaryDirectory() as held:
        whole = Path(held) / "encoder.onnx"
        export_float(model, (ids,), whole, (INPUT,), (OUTPUT,), optimize=False)
        names = frozenset(name for name, _ in model.named_parameters())
        graph = without_weights(without_traces(onnx.load(str(whole))), names)
    target.write_bytes(graph.SerializeToString())


def load_bert() -> BertModel:
    """The published model."""
    return BertModel.from_pretrained(str(encoder_folder()), attn_implementation="eager").eval()


def main() -> None:
    """Writes qa/weights/encoder.onnx and encoder-smoothing.safetensors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    args = parser.parse_args()
    rows = read_rows(args.data / "reader_train_contexts.jsonl.gz")
    texts = [row["text"] for row in rows if row["source"] in SHARES][::EVERY]
    SMOOTHING.write_bytes(save(smoothing(load_bert(), token_ids(texts))))
    export(GRAPH)


if __name__ == "__main__":
    main()
