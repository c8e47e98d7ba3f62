import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from qa.errors import ModelCorrupt, ModelNotFound, ModelOffline
from qa.models import load_embedder
from qa.models.cores import usable_cores
from qa.models.embedder import SentenceEmbedder
from qa.models.encoder import as_wanted, load_encoder, rounded
from qa.models.weights import EMBEDDER, packaged_file
from qa.types import Embedder, Vectors

TEXTS = [f"Sentence number {number} is about {word}." for number in range(12) for word in ("cats", "tax", "snow")]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder("all-MiniLM-L6-v2", offline=True)


@pytest.mark.model
def test_the_default_gives_unit_rows(embedder: Embedder) -> None:
    rows = embedder.embed(["A cat sleeps.", "A kitten is asleep.", "Taxes rose."])
    assert embedder.name == "all-MiniLM-L6-v2"
    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert rows[0] @ rows[1] > 0.6 > 0.2 > rows[0] @ rows[2]


@pytest.mark.model
def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.model
@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "é" * 100_000], ids=repr)
def test_any_text_has_a_finite_unit_row(embedder: Embedder, text: str) -> None:
    [row] = embedder.embed([text])
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


@pytest.mark.model
def test_many_texts_keep_their_order(embedder: Embedder) -> None:
    texts = sorted(TEXTS, key=lambda text: hash((text, 1)))
    rows = embedder.embed(texts)
    for place in (0, 17, len(texts) - 1):
        assert rows[place] @ embedder.embed([texts[place]])[0] == pytest.approx(1, abs=1e-5)


@pytest.mark.model
def test_threads_may_share_it(embedder: Embedder) -> None:
    rows: dict[int, np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = {}
    alone = embedder.embed(TEXTS)
    threads = [
        threading.Thread(target=lambda count=count: rows.update({count: embedder.embed(TEXTS[:count])}))
        for count in (1, 2, 9, 36)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for count in (1, 2, 9, 36):
        assert rows[count] == pytest.approx(alone[:count], abs=1e-5)


class CountingModel:
    """Stands for a sentence-transformers model; its vectors tell how many threads torch has while it works."""

    def get_embedding_dimension(self) -> int:
        return 1

    def encode(self, inputs: list[str], **options: object) -> Vectors:
        import torch

        return np.full((len(inputs), 1), torch.get_num_threads(), dtype=np.float32)


def test_one_text_is_embedded_on_one_thread_and_many_on_all() -> None:
    embedder = SentenceEmbedder("counting", CountingModel())
    for count, threads in ((40, usable_cores()), (1, 1), (40, usable_cores())):
        assert set(embedder.embed(["text"] * count)[:, 0]) == {threads}


def test_a_question_waits_for_one_batch_of_an_indexing_and_not_for_all() -> None:
    order: list[str] = []
    first_batch, question_asked = threading.Event(), threading.Event()

    class Recording(CountingModel):
        def encode(self, inputs: list[str], **options: object) -> Vectors:
            order.append(inputs[0])
            first_batch.set()
            assert question_asked.wait(10)
            return super().encode(inputs)

    embedder = SentenceEmbedder("recording", Recording())
    indexing = threading.Thread(target=embedder.embed, args=(["text"] * 320,))
    indexing.start()
    assert first_batch.wait(10)
    question = threading.Thread(target=embedder.embed, args=(["question"],))
    question.start()
    while embedder._worker._work_queue.qsize() == 0:
        time.sleep(0.01)
    question_asked.set()
    indexing.join(10)
    question.join(10)
    assert order.index("question") == 1
    assert order.count("text") == 10


@pytest.mark.model
def test_a_folder_is_named_by_its_weights(embedder: Embedder) -> None:
    folder = packaged_file(EMBEDDER).parent
    other = load_embedder(str(folder), offline=True)
    assert other.name.startswith("model@")
    assert len(other.name) == len("model@") + 8


@pytest.mark.model
def test_the_default_in_int8_is_as_published_within_two_hundredths(embedder: Embedder) -> None:
    published = load_embedder(str(packaged_file(EMBEDDER).parent), offline=True)
    texts = ["", "cat", "naïve Zoë — 東京", *TEXTS, "a long text " * 400]
    cosines = (embedder.embed(texts) * published.embed(texts)).sum(axis=1)
    assert cosines.min() > 0.98
    assert cosines.mean() > 0.995


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2), elements=st.floats(-1e4, 1e4, width=32)))
def test_a_rounded_matrix_is_within_half_a_scale(matrix: Vectors) -> None:
    given_back, scale = rounded(matrix)
    assert given_back.dtype == np.int8
    assert given_back.shape == matrix.shape[::-1]
    assert np.abs(given_back).max() <= 64
    assert (np.abs((scale * given_back).T - matrix) <= scale[:, None] * 0.501).all()


def test_only_what_the_graph_names_is_given_to_it() -> None:
    weights = {
        "up.weight": np.array([[64, 1], [0, -32]], dtype=np.float32),
        "up.bias": np.array([1, 2], dtype=np.float32),
        "words.weight": np.array([[3]], dtype=np.float32),
        "pooler.weight": np.array([[5]], dtype=np.float32),
    }
    smoothing = {"up.smoothing": np.array([2, 0.5], dtype=np.float32)}
    wanted = as_wanted(weights, smoothing, b"up.weight up.scale up.smoothing up.bias words.weight")
    assert sorted(wanted) == ["up.bias", "up.scale", "up.smoothing", "up.weight", "words.weight"]
    assert wanted["up.scale"].tolist() == [0.5, 1]
    assert wanted["up.weight"].tolist() == [[64, 0], [4, -64]]
    assert wanted["words.weight"].tolist() == [[3]]


def test_a_graph_that_fits_no_weights_is_named(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"not a graph")
    with pytest.raises(ModelCorrupt, match=re.escape(str(tmp_path / "encoder.onnx"))):
        load_encoder("default", tmp_path / "encoder.onnx")


def test_a_graph_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelCorrupt, match=re.escape(str(tmp_path / "encoder.onnx"))) as caught:
        load_encoder("default", tmp_path / "encoder.onnx")
    assert caught.value.hint == "pip install --force-reinstall --no-deps qa"


def test_a_hub_id_that_is_not_here_is_offline() -> None:
    with pytest.raises(ModelOffline, match="no-one/no-model is not on this machine, and the setting is") as caught:
        load_embedder("no-one/no-model", offline=True)
    assert caught.value.hint.startswith("hf download no-one/no-model --cache-dir ")


@pytest.mark.parametrize("name", ["", "no such folder", "/no/such/folder", "../elsewhere"])
def test_a_name_that_is_nothing_is_not_found(name: str) -> None:
    with pytest.raises(ModelNotFound, match="neither a folder nor a hub id") as caught:
        load_embedder(name, offline=True)
    assert "QA_EMBEDDER" in caught.value.hint


@pytest.mark.model
def test_a_folder_without_a_model_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="holds no sentence-transformers model"):
        load_embedder(str(tmp_path), offline=True)


@pytest.mark.model
def test_the_default_needs_no_torch() -> None:
    script = (
        "import sys; from qa.models import load_embedder; from qa.sentences import sentences; "
        "load_embedder('all-MiniLM-L6-v2', offline=True).embed(['cat']); sentences('A cat. A dog.'); "
        "print([name for name in ('torch', 'transformers', 'sklearn', 'nltk') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
