"""Finds by what the inputs of the default embedder's layers are multiplied before they are rounded; trains nothing."""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn
from transformers import BertModel

from qa.models.encoder import MAX_TOKENS
from training.export import plain_tokenizer
from training.model import encoder_folder

# Of the two feed-forward layers: how much of the outliers the weights take over. Behind the activation they are rarer
# and larger. Both by the error of the layers' outputs on paragraphs (benchmarks/LOG.md).
MIGRATED = {"intermediate": 0.7, "output": 0.9}


def smoothing(bert: BertModel, texts: Iterable[Tensor]) -> dict[str, Tensor]:
    """By name, what the input of each feed-forward layer is multiplied by, channel by channel: (d_in,).

    At one token of a text one channel reaches sixty times as far as others usually do; 8 bits that go so far tell
    little of these apart. So channels are divided by max|input|^a / max|weight|^(1 - a), a of `MIGRATED`, and their
    weights multiplied by it (Xiao et al. 2023, "SmoothQuant: Accurate and Efficient Post-Training Quantization for
    Large Language Models"). texts: (1, t) token ids each, by which the inputs' maxima are found.
    """
    largest: dict[str, Tensor] = {}
    layers: dict[str, nn.Linear] = {}
    for place, layer in enumerate(bert.encoder.layer):
        for part in MIGRATED:
            name = f"encoder.layer.{place}.{part}.dense"
            layers[name] = layer.get_submodule(f"{part}.dense")

            def look(_: nn.Module, given: tuple[Tensor, ...], name: str = name) -> None:
                seen = given[0].abs().amax(dim=(0, 1))
                largest[name] = torch.maximum(largest.get(name, seen), seen)

            layers[name].register_forward_pre_hook(look)
    with torch.no_grad():
        for ids in texts:
            bert(ids)
        return {
            f"{name}.smoothing": dense.weight.abs().amax(dim=0) ** (1 - migrated) / largest[name] ** migrated
            for name, dense in layers.items()
            for part, migrated in MIGRATED.items()
            if f".{part}." in name
        }


def token_ids(texts: Iterable[str]) -> Iterator[Tensor]:
    """(1, t) each, as the embedder reads the texts."""
    tokenizer = plain_tokenizer(encoder_folder() / "tokenizer.json")
    tokenizer.enable_truncation(MAX_TOKENS)
    for text in texts:
        yield torch.tensor([tokenizer.encode(text).ids])
