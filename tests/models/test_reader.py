import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from qa.errors import ModelCorrupt, ModelNotFound
from qa.models.reader import Calibration, ReaderWeights, load_reader_weights

WORDS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", *"abcdefghijklmnopqrstuvwxyz"]
WINDOW = 32


def write_weights(folder: Path) -> None:
    """Weights whose start logit is the token's id, the end logit twice that, answerable the sum of the ids."""
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    outputs = [
        helper.make_tensor_value_info("start_logits", TensorProto.FLOAT, ["n", "t"]),
        helper.make_tensor_value_info("end_logits", TensorProto.FLOAT, ["n", "t"]),
        helper.make_tensor_value_info("answerable_logit", TensorProto.FLOAT, ["n"]),
    ]
    constants = [
        numpy_helper.from_array(np.array([1], dtype=np.int64), "axis"),
        numpy_helper.from_array(np.array(2, dtype=np.float32), "two"),
    ]
    operations = [
        helper.make_node("Mul", ["input_ids", "attention_mask"], ["ids"]),
        helper.make_node("Mul", ["token_type_ids", "attention_mask"], ["unused"]),
        helper.make_node("Cast", ["ids"], ["start_logits"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["start_logits", "two"], ["end_logits"]),
        helper.make_node("ReduceSum", ["start_logits", "axis"], ["answerable_logit"], keepdims=0),
    ]
    graph = helper.make_graph(operations, "tiny", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, folder / "reader.onnx")


def write_tokenizer(folder: Path) -> None:
    """One token a word: a letter, or [UNK] for anything else."""
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))


def describe(folder: Path, **changes: object) -> None:
    names = ("reader.onnx", "tokenizer.json")
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    description = {
        "schema": "qa.reader/1",
        "files": files,
        "max_tokens": WINDOW,
        "max_answer_tokens": 30,
        "temperature": 1.5,
        "threshold": 0.25,
    }
    (folder / "reader.json").write_text(json.dumps(description | changes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_weights(tmp_path)
    write_tokenizer(tmp_path)
    describe(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ReaderWeights:
    folder = tmp_path_factory.mktemp("reader")
    write_weights(folder)
    write_tokenizer(folder)
    describe(folder)
    return load_reader_weights(folder)


def test_each_token_of_a_text_has_its_scores(tiny: ReaderWeights) -> None:
    first, second = tiny.score("q q", ["a  c", "B z é"])
    assert first.start.tolist() == [4, 6]
    assert first.end.tolist() == [8, 12]
    assert first.offsets.tolist() == [[0, 1], [3, 4]]
    assert (first.null_start, first.null_end) == (1, 2)
    assert first.answerable == 1 + 20 + 20 + 2 + 4 + 6 + 2
    assert second.start.tolist() == [5, 29, 3]
    assert second.offsets.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert first.start.dtype == np.float32


def test_the_description_is_read(tiny: ReaderWeights) -> None:
    assert (tiny.max_tokens, tiny.max_answer_tokens, tiny.threshold) == (32, 30, 0.25)
    assert tiny.calibration == Calibration(scale=1 / 1.5, bias=0)
    assert tiny.name.startswith("reader@")


def test_no_texts_have_no_scores(tiny: ReaderWeights) -> None:
    assert tiny.score("q", []) == []


def test_an_empty_text_has_no_tokens(tiny: ReaderWeights) -> None:
    [scores] = tiny.score("q", [""])
    assert scores.start.shape == (0,)
    assert scores.offsets.shape == (0, 2)


@settings(deadline=None, max_examples=50)
@given(
    question=st.text("abc é\ud800", max_size=80),
    texts=st.lists(st.text("abcdefghijkl  é.\ud800😀", max_size=400), max_size=10),
)
def test_every_token_is_scored_however_long_the_text(tiny: ReaderWeights, question: str, texts: list[str]) -> None:
    all_scores = tiny.score(question, texts)
    assert len(all_scores) == len(texts)
    plain = pre_tokenizers.Whitespace()
    for text, scores in zip(texts, all_scores, strict=True):
        tokens = plain.pre_tokenize_str(text.replace("\ud800", "?"))
        wanted = [WORDS.index(word) if word in WORDS else 3 for word, _ in tokens]
        assert scores.offsets.tolist() == [list(place) for _, place in tokens]
        assert scores.start.tolist() == wanted
        assert scores.end.tolist() == [2 * score for score in wanted]


def test_a_long_text_is_read_in_windows(tiny: ReaderWeights) -> None:
    [scores] = tiny.score("q", ["a b c d " * 50])
    assert scores.windows > 200 // WINDOW
    assert scores.start.tolist() == [4, 5, 6, 7] * 50


def test_a_question_that_fills_the_window_is_cut(tiny: ReaderWeights) -> None:
    [scores] = tiny.score("q " * 1000, ["a b " * 30])
    assert scores.start.tolist() == [4, 5] * 30


def test_a_score_does_not_depend_on_the_company(tiny: ReaderWeights) -> None:
    [alone] = tiny.score("q", ["a b"])
    company = tiny.score("q", ["x y z " * 30, "a b", "", "c"])[1]
    assert company.start.tolist() == alone.start.tolist()
    assert company.answerable == alone.answerable


def test_changed_weights_are_corrupt(folder: Path) -> None:
    with (folder / "reader.onnx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelCorrupt, match=r"reader\.onnx: sha256 is [0-9a-f]{64}, want") as caught:
        load_reader_weights(folder)
    assert "pip install --force-reinstall" in caught.value.hint


def test_missing_weights_are_not_found(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelNotFound, match=r"tokenizer\.json is missing"):
        load_reader_weights(folder)


def test_a_folder_without_a_reader_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="no reader in"):
        load_reader_weights(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"schema": "qa.reader/1"}', '{"schema": "x"}'])
def test_a_malformed_description_is_corrupt(folder: Path, text: str) -> None:
    (folder / "reader.json").write_text(text)
    with pytest.raises(ModelCorrupt, match=r"reader\.json"):
        load_reader_weights(folder)


@pytest.mark.parametrize("changes", [{"max_tokens": "many"}, {"threshold": None}, {"files": {}}])
def test_an_incomplete_description_is_corrupt(folder: Path, changes: dict[str, object]) -> None:
    describe(folder, **changes)
    with pytest.raises(ModelCorrupt, match="description is incomplete"):
        load_reader_weights(folder)


@pytest.mark.parametrize("name", ["reader.onnx", "tokenizer.json"])
def test_files_that_are_something_else_are_corrupt(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"hello")
    describe(folder)
    with pytest.raises(ModelCorrupt, match="cannot be loaded"):
        load_reader_weights(folder)
