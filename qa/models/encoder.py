"""Turns texts into the default embedder's vectors with onnxruntime, without torch; knows no other embedder.

The graph ships without weights (56 KB); those are read from the package that carries them, and their matrices rounded
to int8: 1.6 to 2.6 times as fast as float, and the same passages are found (benchmarks/LOG.md). So a first question
waits for neither torch nor transformers, whose imports take many times as long as all of this.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelCorrupt
from qa.models.cores import usable_cores
from qa.models.sessions import Weight, open_session
from qa.models.texts import encodable
from qa.models.weights import EMBEDDER, MEND_PACKAGE, READER_FOLDER, checked_packaged_file
from qa.types import Vectors

GRAPH = READER_FOLDER / "encoder.onnx"
SMOOTHING = READER_FOLDER / "encoder-smoothing.safetensors"
MAX_TOKENS = 256  # as sentence-transformers cuts texts for this model
FEW = 4  # up to so many texts count as a question, more as indexing
INPUT, OUTPUT = "input_ids", "vectors"
LARGEST = 64  # of a rounded weight: two products with 8 bits of input fit the 16 in which older processors add them


class Encoder:
    """all-MiniLM-L6-v2. Each text is encoded alone on one thread: no padding, and no text waits for longer ones.

    A question runs in the thread that asks; the texts of an indexing share one thread a core. Threads may share it.
    """

    def __init__(self, name: str, session: Any, tokenizer: Any, dimension: int) -> None:  # noqa: ANN401 - both untyped
        self.name = name
        self._session = session
        self._tokenizer = tokenizer
        self._dimension = dimension
        self._workers = ThreadPoolExecutor(usable_cores(), thread_name_prefix="encoder")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, unit rows, in the order of the n texts; (0, d) for none."""
        rows = map(self._row, texts) if len(texts) <= FEW else self._workers.map(self._row, texts)
        return np.array([*rows], dtype=np.float32).reshape(-1, self._dimension)

    def _row(self, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(encodable(text)).ids], dtype=np.int64)
        [[row]] = self._session.run([OUTPUT], {INPUT: ids})
        return np.asarray(row)


def load_encoder(name: str, graph: Path = GRAPH) -> Encoder:
    """The default embedder, its weights checked. Raises `ModelNotFound`, `ModelCorrupt`."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    path = checked_packaged_file(EMBEDDER)
    try:
        raw, smoothing = graph.read_bytes(), load_file(SMOOTHING)
    except (OSError, SafetensorError) as error:  # both are parts of this package
        raise ModelCorrupt(f"a part of the embedder cannot be read: {error}", MEND_PACKAGE) from error
    try:
        weights = load_file(path)
        tokenizer = Tokenizer.from_file(str(path.parent / "tokenizer.json"))
        session = open_session(raw, as_wanted(weights, smoothing, raw))
    except SafetensorError as error:
        raise ModelCorrupt(f"the weights in {path} cannot be read: {error}", EMBEDDER.install) from error
    except Exception as error:  # onnxruntime's share no class of their own, tokenizers raises Exception itself
        raise ModelCorrupt(f"{graph} and {path.parent} do not fit: {error}", EMBEDDER.install) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return Encoder(name, session, tokenizer, weights["embeddings.word_embeddings.weight"].shape[1])


def as_wanted(weights: Mapping[str, Vectors], smoothing: Mapping[str, Vectors], graph: bytes) -> dict[str, Weight]:
    """What a graph names: the weights as published, but those matrices rounded beside which it names a scale.

    smoothing: what the graph multiplies a layer's inputs by, and its matrix is divided by; see training/encoder.py.
    """
    wanted: dict[str, Weight] = {**smoothing}
    for name, value in weights.items():
        layer = name.removesuffix(".weight")
        if f"{layer}.scale".encode() in graph:
            level = value / smoothing.get(f"{layer}.smoothing", np.float32(1))
            wanted[name], wanted[f"{layer}.scale"] = rounded(level)
        elif name.encode() in graph and value.dtype == np.float32:  # positions are numbers, and in the graph
            wanted[name] = value
    return wanted


def rounded(matrix: Vectors) -> tuple[NDArray[np.int8], Vectors]:
    """(d_out, d_in) → (d_in, d_out) int8 from -`LARGEST` to `LARGEST`, and what a 1 of each output's column stands for.

    matrix = (scale * int8).T to within half a scale; scale: (d_out,).
    """
    scale = np.maximum(np.abs(matrix).max(axis=1), np.finfo(np.float32).tiny) / np.float32(LARGEST)
    return np.ascontiguousarray(np.rint(matrix / scale[:, None]).astype(np.int8).T), scale
