from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel

from qa.models import load_embedder
from qa.models.encoder import load_encoder
from training.encoder import export
from training.smoothing import smoothing

TEXTS = ["", "A cat sleeps.", "The treaty was signed in 1901 by eleven states. " * 20]


def tiny_bert() -> BertModel:
    config = BertConfig(vocab_size=9, hidden_size=4, num_hidden_layers=2, num_attention_heads=1, intermediate_size=6)
    return BertModel(config).eval()


def test_a_channel_is_divided_by_its_largest_input_and_by_its_largest_weight() -> None:
    bert = tiny_bert()
    dense = bert.encoder.layer[1].intermediate.dense
    seen: list[torch.Tensor] = []
    dense.register_forward_pre_hook(lambda _, given: seen.append(given[0][0].abs()))
    found = smoothing(bert, [torch.tensor([[1, 2, 3]]), torch.tensor([[4, 5, 6, 7]])])
    assert {name: len(values) for name, values in found.items()} == {
        f"encoder.layer.{place}.{part}.dense.smoothing": size
        for place in (0, 1)
        for part, size in (("intermediate", 4), ("output", 6))
    }
    largest = torch.cat(seen).amax(dim=0)
    expected = dense.weight.abs().amax(dim=0) ** 0.3 / largest**0.7
    assert found["encoder.layer.1.intermediate.dense.smoothing"].tolist() == pytest.approx(expected.tolist(), rel=1e-5)


def test_a_channel_without_weights_is_divided_by_no_zero() -> None:
    bert = tiny_bert()
    torch.nn.init.zeros_(bert.encoder.layer[0].output.dense.weight)
    found = smoothing(bert, [torch.tensor([[1, 2]])])["encoder.layer.0.output.dense.smoothing"]
    assert found.isfinite().all()
    assert (found > 0).all()


@pytest.mark.model
def test_the_shipped_graph_is_the_exported_one(tmp_path: Path) -> None:
    export(tmp_path / "encoder.onnx")
    shipped = load_embedder("all-MiniLM-L6-v2", offline=True)
    again = load_encoder("again", tmp_path / "encoder.onnx")
    assert again.embed(TEXTS).tolist() == shipped.embed(TEXTS).tolist()
