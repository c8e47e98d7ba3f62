"""Turns texts into the default embedder's vectors with onnxruntime, without torch; knows no other embedder.

The graph ships without weights (54 KB); those are read from the package that carries them, as they were published. So
a first question waits for neither torch nor transformers, whose imports take many times as long as all of this.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import ModelCorrupt
from qa.models.cores import usable_cores
from qa.models.sessions import open_session
from qa.models.texts import encodable
from qa.models.weights import EMBEDDER, READER_FOLDER, checked_packaged_file
from qa.types import Vectors

GRAPH = READER_FOLDER / "encoder.onnx"
MAX_TOKENS = 256  # as sentence-transformers cuts texts for this model
FEW = 4  # up to so many texts count as a question, more as indexing
INPUTS, OUTPUT = ("input_ids", "attention_mask"), "vectors"


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
        feed = dict(zip(INPUTS, (ids, np.ones_like(ids)), strict=True))
        [[row]] = self._session.run([OUTPUT], feed)
        return np.asarray(row)


def load_encoder(name: str, graph: Path = GRAPH) -> Encoder:
    """The default embedder, its weights checked. Raises `ModelNotFound`, `ModelCorrupt`."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    path = checked_packaged_file(EMBEDDER)
    try:
        weights = load_file(path)
        tokenizer = Tokenizer.from_file(str(path.parent / "tokenizer.json"))
        raw = graph.read_bytes()
        wanted = {name: value for name, value in weights.items() if value.dtype == np.float32 and name.encode() in raw}
        session = open_session(raw, wanted)
    except SafetensorError as error:
        raise ModelCorrupt(f"the weights in {path} cannot be read: {error}", EMBEDDER.install) from error
    except Exception as error:  # onnxruntime's share no class of their own, tokenizers raises Exception itself
        raise ModelCorrupt(f"{graph} and {path.parent} do not fit: {error}", EMBEDDER.install) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return Encoder(name, session, tokenizer, weights["embeddings.word_embeddings.weight"].shape[1])
