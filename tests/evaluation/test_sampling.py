import random

from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.sampling import stratified_sample
from qa.types import Example

EXAMPLES = [Example(f"q{n:02}", "?", answerable=n % 4 != 0, kind="who" if n % 2 else "when") for n in range(80)]


@given(st.integers(0, 80), st.integers(0, 5))
def test_kinds_keep_their_proportions_and_examples_their_order(count: int, seed: int) -> None:
    drawn = stratified_sample(EXAMPLES, count, seed)
    assert len(drawn) == count
    assert [example.id for example in drawn] == sorted({example.id for example in drawn})
    # 40 who, 20 when with an answer, 20 without: none is off its share by a whole question
    for kind, answerable, size in (("who", True, 40), ("when", True, 20), ("when", False, 20)):
        had = sum((example.kind, example.answerable) == (kind, answerable) for example in drawn)
        assert abs(had - count * size / 80) < 1


def test_the_draw_depends_on_the_seed_alone() -> None:
    shuffled = random.Random(1).sample(EXAMPLES, 80)
    first, second = stratified_sample(EXAMPLES, 20, 13), stratified_sample(shuffled, 20, 13)
    assert {example.id for example in first} == {example.id for example in second}
    assert first != stratified_sample(EXAMPLES, 20, 14)
    assert stratified_sample(EXAMPLES, 100, 13) == tuple(EXAMPLES)
