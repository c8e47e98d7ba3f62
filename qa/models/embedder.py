"""Finds the embedder that a setting names: the default, or any sentence-transformers model; knows no libraries.

The default runs without torch (`encoder`). With any other, torch's thread count belongs to the whole process, and one
question on every core of a busy machine takes fifty times as long as on one. So all embedding runs in one worker
thread, batch by batch, which sets the count for each: one thread for a few texts, every core for many. A question
asked while documents are indexed waits for one batch, not for all.
"""

import hashlib
import os
import shlex
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from qa.errors import ModelCorrupt, ModelFailed, ModelNotFound, ModelOffline
from qa.models import weights
from qa.models.cores import usable_cores
from qa.models.encoder import FEW, load_encoder
from qa.models.texts import encodable
from qa.types import Embedder, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 32
OTHER_FORMATS = ["*.onnx", "*.h5", "*.ot", "*.msgpack", "openvino/*", "coreml/*"]  # of the same weights
SETTING = "set QA_EMBEDDER to a folder, a hub id 'owner/name' or all-MiniLM-L6-v2"


class Encoder(Protocol):
    """What is used of a `SentenceTransformer`."""

    def get_embedding_dimension(self) -> int | None:
        """d, if the model knows it."""
        ...

    def encode(self, inputs: list[str], *, batch_size: int, normalize_embeddings: bool, show_progress_bar: bool) -> Any:  # noqa: ANN401 - (n, d) float32, or another form that other options give
        """The vectors of n texts."""
        ...


class SentenceEmbedder:
    """A sentence-transformers model on the CPU. Threads may share it: their batches queue, first come first served."""

    def __init__(self, name: str, model: Encoder) -> None:
        self._name = name
        self._model = model
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelFailed(f"the embedder {name} does not tell its dimension", "use another embedder")
        self._dimension = dimension
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="embedder")

    @property
    def name(self) -> str:
        """The published name for the default; else the name given and a hash of the weights."""
        return self._name

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, unit rows, in the order of the n texts; (0, d) for none."""
        rows = np.empty((len(texts), self._dimension), dtype=np.float32)
        threads = 1 if len(texts) <= FEW else usable_cores()
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # little padding
        for start in range(0, len(texts), BATCH):
            places = by_length[start : start + BATCH]
            batch = [encodable(texts[place]) for place in places]
            rows[places] = self._worker.submit(self._encode, batch, threads).result()
        return rows

    def _encode(self, texts: list[str], threads: int) -> Vectors:
        import torch

        torch.set_num_threads(threads)
        rows: Vectors = self._model.encode(texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return rows


class DeferredEmbedder:
    """An embedder whose weights are read when the first text comes: a run that meets none is spared seconds."""

    def __init__(self, name: str, load: Callable[[], Embedder]) -> None:
        self.name = name
        self._load = load
        self._loaded: Embedder | None = None
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, unit rows. Raises as the loading does."""
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
        return self._loaded.embed(texts)


def defer_embedder(name: str, offline: bool) -> Embedder:
    """As `load_embedder`, but the default is loaded when it is needed; of others, the name is known only then."""
    if name == weights.DEFAULT_EMBEDDER:
        return DeferredEmbedder(name, lambda: load_embedder(name, offline))
    return load_embedder(name, offline)


def load_embedder(name: str, offline: bool) -> Embedder:
    """The embedder that a setting names: the default's name, a folder's path or a hub id.

    offline: never download. Raises `ModelNotFound`, `ModelCorrupt`, `ModelOffline`.
    """
    if offline:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if name == weights.DEFAULT_EMBEDDER:
        return load_encoder(name)
    path = Path(name).expanduser()
    folder = path if name and path.is_dir() else _hub_folder(name, offline)
    model = _load(folder)
    return SentenceEmbedder(f"{path.name}@{_weights_hash(model)}", model)


def _load(folder: Path) -> "SentenceTransformer":
    """The model in a folder; reads nothing else and asks no one."""
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise ModelNotFound(f"{folder} holds no sentence-transformers model: {error}", SETTING) from error
    except SafetensorError as error:
        raise ModelCorrupt(f"the weights in {folder} cannot be read: {error}", SETTING) from error


def _hub_folder(name: str, offline: bool, endpoint: str | None = None) -> Path:
    """The folder of a hub id's files in this user's cache, downloaded unless they are there."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, HTTPError, RepositoryNotFoundError

    repository = name if "/" in name else f"sentence-transformers/{name}"
    cache = weights.download_folder()
    exclude = [word for pattern in OTHER_FORMATS for word in ("--exclude", pattern)]
    command = shlex.join(["hf", "download", repository, "--cache-dir", str(cache), *exclude])
    try:
        folder = snapshot_download(
            repository,
            cache_dir=cache,
            local_files_only=offline,
            ignore_patterns=OTHER_FORMATS,
            endpoint=endpoint,
        )
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise ModelNotFound(f"no embedder {name!r}, neither a folder nor a hub id", SETTING) from error
    except (HTTPError, OSError) as error:
        allowed = "the setting is offline" if offline else "its download failed"
        raise ModelOffline(f"the embedder {name} is not on this machine, and {allowed}", command) from error
    return Path(folder)


def _weights_hash(model: "SentenceTransformer") -> str:
    """8 hex digits that are the same for the same weights, wherever they lie."""
    import torch

    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().reshape(-1).contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:8]
