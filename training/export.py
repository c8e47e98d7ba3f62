"""Turns a checkpoint into the shipped files: two int8 halves, tokenizer, reader.json; trains and calibrates nothing."""

import argparse
import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from qa.models.reader import INPUTS, LOWER_OUTPUTS, UPPER_OUTPUTS
from qa.models.weights import READER_LOWER, READER_SCHEMA, READER_UPPER
from training.data import SHARES
from training.model import MASKED, ReaderModel, encoder_folder, new_model
from training.train import load_checkpoint

MAX_TOKENS = 256  # no longer sequence was common in training
MAX_ANSWER_TOKENS = 30
READ_ON = 3  # of the passages of one question, at most, and
READ_WITHIN = 3.0  # logits of the most promising one; see benchmarks/LOG.md
HEADS = ("spans", "gate.0", "gate.2", "early.0", "early.2")  # stay float32: 1 MB, and every figure shown rests on them


class Half(nn.Module):  # type: ignore[misc]  # torch is untyped to mypy here
    """One half of the model as a module of its own, for the exporter."""

    def __init__(self, model: ReaderModel, run: Callable[..., tuple[Tensor, ...]]) -> None:
        super().__init__()
        self.model, self.run = model, run

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        """What the half makes of its inputs."""
        return self.run(*inputs)


def attended(query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, heads: int) -> Tensor:
    """What onnxruntime's own kernel makes of (n, t, d) each and the (n, 1, 1, t) mask that is added to logits, if any.

    It exists only in an exported graph (MultiHeadAttention in
    https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md).
    """
    seen = None if attention_mask is None else (attention_mask[:, 0, 0, :] > MASKED / 2).to(torch.int32)
    return torch.onnx.ops.symbolic(
        "com.microsoft::MultiHeadAttention",
        (query, key, value, None, seen),
        attrs={"num_heads": heads},
        dtype=query.dtype,
        shape=query.shape,
        version=1,
    )


class FusedAttention(nn.Module):  # type: ignore[misc]
    """BERT's self-attention with one product for query, key and value, so that int8 rounds its input only once."""

    def __init__(self, plain: nn.Module) -> None:
        super().__init__()
        self.heads = int(plain.num_attention_heads)
        parts = (plain.query, plain.key, plain.value)
        self.all = nn.Linear(parts[0].in_features, sum(part.out_features for part in parts))
        self.all.weight = nn.Parameter(torch.cat([part.weight for part in parts]))
        self.all.bias = nn.Parameter(torch.cat([part.bias for part in parts]))

    def forward(self, state: Tensor, attention_mask: Tensor, **_: object) -> tuple[Tensor, None]:
        """(n, t, d) states and the (n, 1, 1, t) mask that `ReaderModel` adds to logits → states."""
        query, key, value = self.all(state).chunk(3, dim=-1)
        return attended(query, key, value, attention_mask, self.heads), None


def export_halves(model: ReaderModel, lower: Path, upper: Path) -> None:
    """Writes both halves as float32 ONNX with free batch and length; the model's attention is fused in place."""
    model.eval()
    ids = torch.tensor([[101, 3, 102, 4, 5, 102], [101, 3, 102, 4, 102, 0]])
    inputs = (ids, (ids > 0).long(), torch.tensor([[0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0]]))
    with torch.no_grad():
        state, _ = model.lower(*inputs)
    for layer in model.encoder.encoder.layer:
        layer.attention.self = FusedAttention(layer.attention.self)
    export_float(Half(model, model.lower), inputs, lower, INPUTS, LOWER_OUTPUTS)
    export_float(Half(model, model.upper), (state, *inputs), upper, ("state", *INPUTS), UPPER_OUTPUTS)


def export_float(
    module: nn.Module,
    inputs: tuple[Tensor, ...],
    path: Path,
    input_names: tuple[str, ...],
    output_names: tuple[str, ...],
    *,
    optimize: bool = True,
) -> None:
    """Writes a module of `*inputs`, of each of which the first two dimensions are free.

    optimize: fold what is constant, which renames weights.
    """
    free = {0: torch.export.Dim("n", min=1), 1: torch.export.Dim("t", min=2, max=512)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own internals
        torch.onnx.export(
            module,
            inputs,
            str(path),
            input_names=list(input_names),
            output_names=list(output_names),
            dynamic_shapes=(tuple(free for _ in inputs),),
            dynamo=True,
            optimize=optimize,
            external_data=False,
        )


def quantise(source: Path, target: Path, *, reduce_range: bool) -> None:
    """Writes the encoder with int8 weights, one scale a channel, activations quantised on the fly; heads stay float."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(str(source), load_external_data=False).graph
    kept = [node.name for node in graph.node if any(is_head(name, graph) for name in node.input)]
    quantize_dynamic(
        source,
        target,
        per_channel=True,
        reduce_range=reduce_range,
        weight_type=QuantType.QInt8,
        # The quantiser first turns each Gemm into a MatMul of a longer name.
        nodes_to_exclude=kept + [name + "_MatMul" for name in kept],
    )
    onnx.save(without_traces(onnx.load(str(target))), str(target))


def without_traces(model: Any) -> Any:  # noqa: ANN401
    """The model without the exporter's notes: they hold stack traces, with the paths of the machine that made it."""
    for part in (
        model,
        model.graph,
        *model.graph.node,
        *model.graph.value_info,
        *model.graph.input,
        *model.graph.output,
    ):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    return model


def is_head(name: str, graph: Any) -> bool:  # noqa: ANN401 - onnx is untyped to mypy here
    """Whether the input is the matrix of a head: by its name or, as the exporter renames the spans', by its shape."""
    if any(f"{head}.weight" in name for head in HEADS):
        return True
    return any(weight.name == name and list(weight.dims[1:]) == [2] for weight in graph.initializer)


def plain_tokenizer(path: Path) -> Tokenizer:
    """The encoder's tokenizer without the padding and the 128-token limit written in its file."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def sha256(path: Path) -> str:
    """The file's digest in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_description(folder: Path, trained: dict[str, Any]) -> None:
    """Writes reader.json last and in one rename, so that its digests are those of files in place.

    Until training/calibrate.py has run, a probability is the sigmoid of the plain sum of the weights' own two logits.
    """
    description = {
        "schema": READER_SCHEMA,
        "files": {name: sha256(folder / name) for name in (READER_LOWER, READER_UPPER, "tokenizer.json")},
        "max_tokens": MAX_TOKENS,
        "max_answer_tokens": MAX_ANSWER_TOKENS,
        "read_on": READ_ON,
        "read_within": READ_WITHIN,
        "calibration": {"scale": 1.0, "bias": 0.0},
        "threshold": 0.5,
        "trained": trained,
        "figures": {},
    }
    update_description(folder, description)


def update_description(folder: Path, description: dict[str, Any]) -> None:
    """Replaces reader.json in one rename."""
    part = folder / "reader.json.part"
    part.write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
    part.replace(folder / "reader.json")


def export(checkpoint: Path, folder: Path, *, reduce_range: bool) -> None:
    """Writes the files of `folder` anew from a checkpoint of training/train.py."""
    encoder = encoder_folder()
    model = new_model(encoder, seed=0, attention="eager")  # its graph is the plainer one
    _, facts = load_checkpoint(checkpoint, model)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as held:
        place = Path(held)
        export_halves(model, place / "lower.onnx", place / "upper.onnx")
        quantise(place / "lower.onnx", place / READER_LOWER, reduce_range=reduce_range)
        quantise(place / "upper.onnx", place / READER_UPPER, reduce_range=reduce_range)
        plain_tokenizer(encoder / "tokenizer.json").save(str(place / "tokenizer.json"))
        for name in (READER_LOWER, READER_UPPER, "tokenizer.json"):
            shutil.copyfile(place / name, folder / (name + ".part"))
            (folder / (name + ".part")).replace(folder / name)
    trained = {
        "encoder": "all-MiniLM-L6-v2 (Apache-2.0)",
        "sources": {**SHARES, "negatives": "mined, see training/data.py"},
        **{key: facts[key] for key in ("rows", "steps", "seed", "batch", "rate", "schedule")},
        "date": datetime.now(UTC).date().isoformat(),
        "int8": {"per_channel": True, "reduce_range": reduce_range},
    }
    write_description(folder, trained)


def main() -> None:
    """Writes the two halves, tokenizer.json and reader.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).parent
    parser.add_argument("--checkpoint", type=Path, default=here / "runs" / "reader" / "checkpoint.pt")
    parser.add_argument("--folder", type=Path, default=here.parent / "qa" / "weights")
    parser.add_argument("--full-range", action="store_true", help="8-bit weights; see MODEL_CARD.md")
    args = parser.parse_args()
    torch.set_num_threads(1)
    export(args.checkpoint, args.folder, reduce_range=not args.full_range)
    print(f"{args.folder} written; next: python -m training.calibrate")


if __name__ == "__main__":
    main()
