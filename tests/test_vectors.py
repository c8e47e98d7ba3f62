"""What an index of vectors finds is there, and nearly always the nearest; a file that is not whole is not used."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.types import Vectors
from qa.vectors import FLAT_MOST, Numbers, VectorIndex, put_in_place

DIMENSION = 16


def unit(rows: int, seed: int = 0) -> Vectors:
    """(rows, 16) unit rows around 20 centres."""
    draw = np.random.default_rng(seed)
    drawn = draw.standard_normal((20, DIMENSION))[draw.integers(0, 20, rows)]
    drawn = drawn + 0.3 * draw.standard_normal(drawn.shape)
    normed: Vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return normed


def built(vectors: Vectors, *, lists: bool, change: int = 1) -> VectorIndex:
    """Of vectors with the numbers 1, 2, 3, ..."""

    def vectors_of(numbers: Numbers) -> Vectors:
        rows: Vectors = vectors[numbers - 1]
        return rows

    numbers = np.arange(1, len(vectors) + 1)
    return VectorIndex.build(change, numbers, vectors_of, DIMENSION, 0 if lists else FLAT_MOST)


def nearest(vectors: Vectors, wanted: Vectors, count: int) -> set[int]:
    return {int(place) + 1 for place in np.argsort(-(vectors @ wanted), kind="stable")[:count]}


@pytest.mark.parametrize("lists", [False, True])
def test_the_nearest_are_among_what_is_found(lists: bool) -> None:
    vectors, asked = unit(4_000), unit(50, seed=1)
    index = built(vectors, lists=lists)
    assert hasattr(index.base, "nlist") == lists
    shares = [len(nearest(vectors, each, 10) & set(index.search(each, 10).tolist())) / 10 for each in asked]
    assert np.mean(shares) >= (0.97 if lists else 1)


@pytest.mark.parametrize("lists", [False, True])
def test_a_selection_is_found_whole_wherever_it_lies(lists: bool) -> None:
    vectors = unit(4_000)
    index = built(vectors, lists=lists)
    far = nearest(vectors, -vectors[0], 12)
    assert set(index.search(vectors[0], 12, far).tolist()) == far
    assert index.search(vectors[0], 12, []).tolist() == []
    assert set(index.search(vectors[0], 5_000).tolist()) == set(range(1, 4_001))


_STEPS = st.lists(st.tuples(st.integers(0, 30), st.lists(st.integers(1, 400), max_size=30)), max_size=4)


@settings(deadline=None, max_examples=30)
@given(st.booleans(), st.integers(0, 300), _STEPS)
def test_what_left_is_never_found_and_what_came_always_can_be(
    lists: bool, first: int, steps: list[tuple[int, list[int]]]
) -> None:
    """A step: how many vectors come, and the numbers of those that leave, if they are there."""
    vectors, index, there = unit(1_000), built(unit(1_000)[:first], lists=lists), set(range(1, first + 1))
    newest = first
    for change, (more, leaving) in enumerate(steps, 2):
        gone = np.array(sorted(there & set(leaving)), dtype=np.int64)
        numbers = np.arange(newest + 1, newest + more + 1)
        index = index.caught_up(change, gone, numbers, vectors[numbers - 1])
        there, newest = (there - set(gone.tolist())) | set(numbers.tolist()), newest + more
        assert set(index.known.tolist()) == there
        assert index.newest == newest or not there
        assert set(index.search(vectors[0], 9).tolist()) <= there
        assert set(index.search(vectors[0], 2_000).tolist()) == there
        assert set(index.search(vectors[0], 2_000, [1, 2, newest]).tolist()) == there & {1, 2, newest}


def test_it_is_outgrown_when_a_tenth_came_or_went() -> None:
    vectors = unit(120)
    index = built(vectors[:100], lists=True)
    assert not index.is_outgrown
    index = index.caught_up(2, np.array([3, 4]), np.arange(101, 109), vectors[100:108])
    assert not index.is_outgrown
    assert index.caught_up(3, np.array([5]), np.arange(0), vectors[:0]).is_outgrown


@pytest.mark.parametrize("lists", [False, True])
def test_what_was_written_is_loaded_by_its_name_only(lists: bool, tmp_path: Path) -> None:
    vectors = unit(500)
    written, name = (index := built(vectors, lists=lists, change=7)).write(tmp_path / "v")
    put_in_place(written, tmp_path / "v")
    loaded = VectorIndex.load(tmp_path / "v", name)
    assert loaded is not None
    assert (loaded.change, loaded.known.tolist()) == (7, list(range(1, 501)))
    assert loaded.search(vectors[3], 5).tolist() == index.search(vectors[3], 5).tolist()
    other, other_name = built(vectors[:499], lists=lists, change=7).write(tmp_path / "v")
    assert [path.name for path in tmp_path.iterdir() if path != other] == ["v"]
    for wrong in (other_name, "", "none since change 7"):
        assert VectorIndex.load(tmp_path / "v", wrong) is None
    assert VectorIndex.load(tmp_path / "gone", name) is None


def test_a_folder_that_is_gone_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        built(unit(9), lists=False).write(tmp_path / "gone" / "v")
