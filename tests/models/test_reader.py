import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import NodeProto, TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from qa.errors import ModelCorrupt, ModelNotFound
from qa.models.reader import INPUTS, Calibration, ReaderWeights, load_reader_weights
from qa.models.weights import READER_LOWER, READER_SCHEMA, READER_UPPER

WORDS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", *"abcdefghijklmnopqrstuvwxyz"]
WINDOW = 32

Shape: TypeAlias = Sequence[str | int]


def write_weights(folder: Path) -> None:
    """Weights whose start logit is the token's id, the end logit twice that, answerable the sum of the ids.

    The lower half hands the ids up as its states; early is their sum too, turned round for a text with a "z".
    """
    sums = helper.make_node("ReduceSum", ["ids", "one"], ["sum"], keepdims=0)
    lower = [
        helper.make_node("Mul", ["input_ids", "attention_mask"], ["whole"]),
        helper.make_node("Mul", ["token_type_ids", "attention_mask"], ["unused"]),
        helper.make_node("Cast", ["whole"], ["ids"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["ids", "two"], ["state"]),
        sums,
        helper.make_node("ReduceMax", ["ids"], ["highest"], axes=[1], keepdims=0),
        helper.make_node("Less", ["highest", "z"], ["without"]),
        helper.make_node("Neg", ["sum"], ["turned"]),
        helper.make_node("Where", ["without", "sum", "turned"], ["early_logit"]),
    ]
    upper = [
        helper.make_node("Mul", ["input_ids", "attention_mask"], ["whole"]),
        helper.make_node("Mul", ["token_type_ids", "whole"], ["unused"]),
        helper.make_node("Squeeze", ["state", "two"], ["ids"]),
        helper.make_node("Identity", ["ids"], ["start_logits"]),
        helper.make_node("Add", ["ids", "ids"], ["end_logits"]),
        sums,
        helper.make_node("Identity", ["sum"], ["answerable_logit"]),
    ]
    save(folder / READER_LOWER, lower, {}, {"state": ["n", "t", 1], "early_logit": ["n"]})
    outputs = {"start_logits": ["n", "t"], "end_logits": ["n", "t"], "answerable_logit": ["n"]}
    save(folder / READER_UPPER, upper, {"state": ["n", "t", 1]}, outputs)


def save(path: Path, operations: list[NodeProto], more: Mapping[str, Shape], outputs: Mapping[str, Shape]) -> None:
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"]) for name in INPUTS]
    inputs += [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in more.items()]
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
    constants = [
        numpy_helper.from_array(np.array([1], dtype=np.int64), "one"),
        numpy_helper.from_array(np.array([2], dtype=np.int64), "two"),
        numpy_helper.from_array(np.array(WORDS.index("z"), dtype=np.float32), "z"),
    ]
    graph = helper.make_graph(operations, "tiny", inputs, results, constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)


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
    names = (READER_LOWER, READER_UPPER, "tokenizer.json")
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    description = {
        "schema": READER_SCHEMA,
        "files": files,
        "max_tokens": WINDOW,
        "max_answer_tokens": 30,
        "read_on": 100,
        "read_within": 1e6,
        "calibration": {"scale": 0.5, "bias": -1},
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
    assert tiny.calibration == Calibration(scale=0.5, bias=-1)
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


def test_only_the_most_promising_texts_are_read_to_their_end(folder: Path) -> None:
    texts = ["a", "y y y z", "y y", "b"]
    describe(folder, read_on=2)
    weights = load_reader_weights(folder)
    chosen = weights.score("q", texts)
    assert [len(scores.start) for scores in chosen] == [1, 0, 2, 0]  # the first has a lead over the last
    frame = 1 + 20 + 2 + 2  # [CLS], the question, two [SEP]
    assert [scores.early for scores in chosen] == [frame + 4, -(frame + 3 * 28 + 29), frame + 56, frame + 5]
    assert [chosen[place].answerable for place in (1, 3)] == [chosen[place].early for place in (1, 3)]
    assert chosen[3].offsets.shape == (0, 2)
    complete = weights.score("q", texts, to_the_end=True)
    assert [len(scores.start) for scores in complete] == [1, 4, 2, 1]
    assert chosen[2].start.tolist() == complete[2].start.tolist()


@pytest.mark.parametrize(("within", "read"), [(50.9, [0, 2]), (50.6, [2])])
def test_texts_far_behind_the_most_promising_are_not_read_to_their_end(
    folder: Path, within: float, read: list[int]
) -> None:
    describe(folder, read_on=2, read_within=within)  # "a" is 52 logits worse, its lead 4/3 greater
    scores = load_reader_weights(folder).score("q", ["a", "y y y z", "y y", "b"])
    assert [place for place, each in enumerate(scores) if each.start.size] == read


def test_a_long_text_is_read_on_in_all_its_windows(folder: Path) -> None:
    describe(folder, read_on=1)
    long, short = load_reader_weights(folder).score("q", ["a b c y " * 50, "a"])
    assert long.start.tolist() == [4, 5, 6, 28] * 50
    assert short.start.shape == (0,)


def test_two_threads_score_as_one(folder: Path, tiny: ReaderWeights) -> None:
    texts = ["a b c d " * 50, "a", "y y"]
    for one, two in zip(tiny.score("q", texts), load_reader_weights(folder, threads=2).score("q", texts), strict=True):
        assert two.start.tolist() == one.start.tolist()
        assert (two.answerable, two.early) == (one.answerable, one.early)


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
    with (folder / READER_UPPER).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelCorrupt, match=r"reader-upper\.onnx: sha256 is [0-9a-f]{64}, want") as caught:
        load_reader_weights(folder)
    assert "pip install --force-reinstall" in caught.value.hint


def test_missing_weights_are_not_found(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelNotFound, match=r"tokenizer\.json is missing"):
        load_reader_weights(folder)


def test_a_folder_without_a_reader_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="no reader in"):
        load_reader_weights(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"schema": "qa.reader/2"}', '{"schema": "x"}'])
def test_a_malformed_description_is_corrupt(folder: Path, text: str) -> None:
    (folder / "reader.json").write_text(text)
    with pytest.raises(ModelCorrupt, match=r"reader\.json"):
        load_reader_weights(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"max_tokens": "many"},
        {"threshold": None},
        {"read_on": None},
        {"read_within": None},
        {"calibration": {}},
        {"files": {}},
    ],
)
def test_an_incomplete_description_is_corrupt(folder: Path, changes: dict[str, object]) -> None:
    describe(folder, **changes)
    with pytest.raises(ModelCorrupt, match="description is incomplete"):
        load_reader_weights(folder)


@pytest.mark.parametrize("name", [READER_LOWER, READER_UPPER, "tokenizer.json"])
def test_files_that_are_something_else_are_corrupt(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"hello")
    describe(folder)
    with pytest.raises(ModelCorrupt, match="cannot be loaded"):
        load_reader_weights(folder)
