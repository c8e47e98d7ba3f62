"""The shipped halves of a tiny model: the same answers, their description, and the way back."""

import hashlib
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from onnxruntime import InferenceSession

from qa.models.reader import INPUTS
from qa.models.weights import READER_LOWER, READER_SCHEMA, READER_UPPER
from training.export import export_halves, quantise, write_description
from training.model import MASKED, ReaderModel, tiny_model
from training.restore import WORD_VECTORS, restore


@pytest.fixture(scope="module")
def model() -> ReaderModel:
    """Its parameters are all different: the exporter keeps equal ones only once."""
    made = tiny_model(3)
    made.eval()
    torch.manual_seed(3)
    with torch.no_grad():
        for values in made.parameters():
            values.add_(0.05 * torch.randn_like(values))
    return made


@pytest.fixture(scope="module")
def folder(model: ReaderModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two float halves, in folder/float, and the two int8 ones."""
    place = tmp_path_factory.mktemp("halves")
    (place / "float").mkdir()
    lower, upper = place / "float" / READER_LOWER, place / "float" / READER_UPPER
    export_halves(deepcopy(model), lower, upper)
    quantise(lower, place / READER_LOWER, reduce_range=True)
    quantise(upper, place / READER_UPPER, reduce_range=True)
    return place


def sequences() -> dict[str, torch.Tensor]:
    """Three of one length, the last padded."""
    ids = torch.tensor([[101, 7, 102, 8, 9, 10, 102], [101, 3, 102, 4, 5, 6, 102], [101, 7, 102, 8, 102, 0, 0]])
    types = torch.tensor([[0, 0, 0, 1, 1, 1, 1]] * 2 + [[0, 0, 0, 1, 1, 0, 0]])
    return dict(zip(INPUTS, (ids, (ids > 0).long(), types), strict=True))


def run(folder: Path, feed: dict[str, torch.Tensor]) -> list[Any]:
    """Start, end, answerable and early logits of the exported halves."""
    arrays = {name: tensor.numpy() for name, tensor in feed.items()}
    state, early = InferenceSession(folder / READER_LOWER).run(["state", "early_logit"], arrays)
    return [*InferenceSession(folder / READER_UPPER).run(None, {**arrays, "state": state}), early]


def test_the_halves_give_what_the_model_gives(model: ReaderModel, folder: Path) -> None:
    feed = sequences()
    with torch.no_grad():
        wanted = [logits.numpy() for logits in model(*feed.values())]
    for found, logits in zip(run(folder / "float", feed), wanted, strict=True):
        assert found == pytest.approx(logits, abs=1e-4)


def test_int8_stays_near_and_keeps_what_is_closed_closed(folder: Path) -> None:
    feed = sequences()
    for found, exact in zip(run(folder, feed), run(folder / "float", feed), strict=True):
        open_to = exact > MASKED
        assert (found > MASKED).tolist() == open_to.tolist()
        assert np.abs(found - exact)[open_to].max() < 0.1


def test_no_path_of_the_machine_is_shipped(folder: Path) -> None:
    assert b".py" in (folder / "float" / READER_LOWER).read_bytes()
    for name in (READER_LOWER, READER_UPPER):
        assert b".py" not in (folder / name).read_bytes()


def test_shipped_weights_are_restored_to_train_on(model: ReaderModel, folder: Path) -> None:
    again = tiny_model(4)
    own_words = again.state_dict()[WORD_VECTORS].clone()
    restore(folder, again)
    held = again.state_dict()
    assert torch.equal(held.pop(WORD_VECTORS), own_words)
    for name, values in held.items():
        assert values.float() == pytest.approx(model.state_dict()[name].float(), abs=0.02), name


def test_weights_of_another_shape_are_not_restored(folder: Path) -> None:
    deeper = tiny_model(4)
    deeper.half = 2
    with pytest.raises(ValueError, match="4 int8 matrices, wanted 8"):
        restore(folder, deeper)


def test_the_description_holds_the_digests_of_its_files(tmp_path: Path) -> None:
    for name in (READER_LOWER, READER_UPPER, "tokenizer.json"):
        (tmp_path / name).write_bytes(name.encode())
    write_description(tmp_path, {"rows": 7})
    told = json.loads((tmp_path / "reader.json").read_text(encoding="utf-8"))
    assert (told["schema"], told["trained"]) == (READER_SCHEMA, {"rows": 7})
    assert told["files"][READER_UPPER] == hashlib.sha256(READER_UPPER.encode()).hexdigest()
    assert len(told["files"]) == 3
    assert len([*tmp_path.iterdir()]) == 4
