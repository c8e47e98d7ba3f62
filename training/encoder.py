"""Turns the default embedder's architecture into the graph that ships, without weights; trains nothing.

    python -m training.encoder

The graph's weights keep the names that they have in the published safetensors file; qa/models/encoder.py puts them in.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn
from transformers import BertModel

from qa.models.encoder import GRAPH, INPUTS, OUTPUT
from training.export import attended, export_float, without_traces
from training.model import MASKED, encoder_folder

WEIGHTS = "model.safetensors"


class Attention(nn.Module):  # type: ignore[misc]  # torch is untyped to mypy here
    """BERT's self-attention as onnxruntime's own kernel (MultiHeadAttention), its weights named as before."""

    def __init__(self, plain: nn.Module) -> None:
        super().__init__()
        self.heads = int(plain.num_attention_heads)
        self.query, self.key, self.value = plain.query, plain.key, plain.value

    def forward(self, state: Tensor, attention_mask: Tensor, **_: object) -> tuple[Tensor, None]:
        """(n, t, d) states and the (n, 1, 1, t) mask that is added to logits → states."""
        return attended(self.query(state), self.key(state), self.value(state), attention_mask, self.heads), None


class Pooled(nn.Module):  # type: ignore[misc]
    """The encoder with the mean over its tokens as a unit row: what sentence-transformers does for this model."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        for layer in bert.encoder.layer:
            layer.attention.self = Attention(layer.attention.self)
        self.embeddings, self.encoder = bert.embeddings, bert.encoder

    def forward(self, *inputs: Tensor) -> Tensor:
        """`INPUTS`, (n, t) int64 each → (n, d) unit rows."""
        input_ids, attention_mask = inputs
        state = self.embeddings(input_ids=input_ids)
        hidden_from = (1.0 - attention_mask[:, None, None, :].to(state.dtype)) * MASKED
        for layer in self.encoder.layer:
            state = layer(state, hidden_from)
        counted = attention_mask[:, :, None].to(state.dtype)
        mean = (state * counted).sum(1) / counted.sum(1).clamp(min=1e-9)
        return nn.functional.normalize(mean, dim=-1)


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

    folder = encoder_folder()
    model = Pooled(BertModel.from_pretrained(str(folder), attn_implementation="eager").eval())
    ids = torch.tensor([[101, 3, 102, 4, 5, 102], [101, 3, 102, 4, 102, 0]])
    with safe_open(str(folder / WEIGHTS), "np") as published, tempfile.TemporaryDirectory() as held:
        names = frozenset(name for name in published.keys() if published.get_tensor(name).dtype.kind == "f")  # noqa: SIM118
        whole = Path(held) / "encoder.onnx"
        export_float(model, (ids, (ids > 0).long()), whole, INPUTS, (OUTPUT,), optimize=False)
        graph = without_weights(without_traces(onnx.load(str(whole))), names)
    target.write_bytes(graph.SerializeToString())


def main() -> None:
    """Writes qa/weights/encoder.onnx."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", type=Path, default=GRAPH)
    export(parser.parse_args().target)


if __name__ == "__main__":
    main()
