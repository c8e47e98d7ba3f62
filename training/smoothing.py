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
LEAST = 1e-5  # a maximum counts for: a channel that is never used divides nothing by zero


def smoothing(bert: BertModel, texts: Iterable[Tensor]) -> dict[str, Tensor]:
    """By name, what the input of each feed-forward layer is multiplied by, channel by channel: (d_in,).

    At one token of a text one channel reaches sixty times as far as others usually do; 8 bits that go so far tell
    little of these apart. So channels are divided by max|input|^a / max|weight|^(1 - a), a of `MIGRATED`, and their
    weights multiplied by it (Xiao et al. 2023, "SmoothQuant: Accurate and Efficient Post-Training Quantization for
    Large Language Models"). texts: (1, t) token ids each, by which the inputs' maxima are found.
    """
    layers = {
        f"encoder.layer.{place}.{part}.dense": (layer.get_submodule(f"{part}.dense"), migrated)
        for place, layer in enumerate(bert.encoder.layer)
        for part, migrated in MIGRATED.items()
    }
    largest = {name: torch.full((layer.in_features,), LEAST) for name, (layer, _) in layers.items()}
    for name, (layer, _) in layers.items():

        def look(_: nn.Module, given: tuple[Tensor, ...], name: str = name) -> None:
            largest[name] = torch.maximum(largest[name], given[0].abs().amax(dim=(0, 1)))

        layer.register_forward_pre_hook(look)
    with torch.no_grad():
        for ids in texts:
            bert(ids)
        return {
            f"{name}.smoothing": layer.weight.abs().amax(dim=0).clamp(min=LEAST) ** (1 - migrated)
            / largest[name] ** migrated
            for name, (layer, migrated) in layers.items()
        }


def token_ids(texts: Iterable[str]) -> Iterator[Tensor]:
    """(1, t) each, as the embedder reads the texts."""
    tokenizer = plain_tokenizer(encoder_folder() / "tokenizer.json")
    tokenizer.enable_truncation(MAX_TOKENS)
    for text in texts:
        yield torch.tensor([tokenizer.encode(text).ids])
