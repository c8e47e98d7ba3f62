"""The values: what they refuse, and what they derive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.types import Claim, Passage, Span, Support

spans = st.tuples(st.integers(0, 50), st.integers(1, 50)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 4)])
def test_a_span_is_never_empty_reversed_or_negative(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"not a span: {start}..{end}"):
        Span(start, end)


@given(spans, spans)
def test_overlap_and_containment_agree_with_sets_of_offsets(one: Span, other: Span) -> None:
    mine, theirs = set(range(one.start, one.end)), set(range(other.start, other.end))
    assert one.overlaps(other) == bool(mine & theirs)
    assert one.contains(other) == (theirs <= mine)


def test_the_id_of_a_passage_is_its_address() -> None:
    assert Passage("ab12", Span(3, 9), "abcdef").id == "ab12:3-9"


def test_a_claim_carries_its_marks_and_no_others() -> None:
    claim = Claim("The report [7] says so.", (1, 3), Support.QUOTED)
    assert claim.marked == "The report (7) says so. [1] [3]"
