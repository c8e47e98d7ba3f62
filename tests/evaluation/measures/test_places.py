import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score  # type: ignore[import-untyped]

from qa.evaluation.evidence import Evidence, Place
from qa.evaluation.measures import evidence_overlap, evidence_recall, ndcg, reciprocal_rank
from qa.types import Span

spans = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: Span(pair[0], sum(pair)))
places = st.builds(Place, st.sampled_from(["first", "second"]), spans)
evidences = st.lists(st.lists(places, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)


def at(start: int, end: int, document_id: str = "d") -> Place:
    return Place(document_id, Span(start, end))


def test_recall_counts_each_evidence_string_once() -> None:
    evidence: Evidence = ((at(0, 10),), (at(50, 60),))
    retrieved = [at(20, 30), at(5, 12), at(0, 4), at(59, 70)]
    assert [evidence_recall(retrieved, evidence, depth) for depth in (1, 2, 3, 4)] == [0, 0.5, 0.5, 1]
    assert reciprocal_rank(retrieved, evidence) == 0.5


def test_touching_ends_and_other_documents_are_no_overlap() -> None:
    evidence: Evidence = ((at(10, 20),),)
    retrieved = [at(0, 10), at(20, 30), at(10, 20, "other")]
    assert evidence_recall(retrieved, evidence, 10) == 0
    assert reciprocal_rank(retrieved, evidence) == 0


@given(st.permutations(range(6)), st.sets(st.integers(0, 5), min_size=1))
@settings(max_examples=30)
def test_recall_and_mrr_equal_ir_measures(order: list[int], relevant: set[int]) -> None:
    """Passages 0..5 lie side by side; evidence is one whole passage each, so both definitions meet."""
    passages = [at(10 * number, 10 * number + 10) for number in range(6)]
    retrieved = [passages[number] for number in order]
    evidence: Evidence = tuple((passages[number],) for number in sorted(relevant))
    judged = [ir_measures.Qrel("q", str(number), 1) for number in relevant]
    ranked = [ir_measures.ScoredDoc("q", str(number), 10.0 - rank) for rank, number in enumerate(order)]
    theirs = ir_measures.calc_aggregate([ir_measures.R @ 3, ir_measures.RR], judged, ranked)
    assert evidence_recall(retrieved, evidence, 3) == pytest.approx(theirs[ir_measures.R @ 3])
    assert reciprocal_rank(retrieved, evidence) == pytest.approx(theirs[ir_measures.RR])


def test_overlap_by_hand() -> None:
    # cited 0..10 and 5..15 together 15 characters, evidence 10..20: 5 shared of 20 in all
    assert evidence_overlap([at(0, 10), at(5, 15)], ((at(10, 20),),)) == pytest.approx(5 / 20)


def test_overlap_takes_the_place_that_was_cited_when_evidence_stands_twice() -> None:
    twice: Evidence = ((at(0, 10), at(40, 50)),)
    assert evidence_overlap([at(40, 50)], twice) == 1
    assert evidence_overlap([at(80, 90)], twice) == 0


def test_overlap_keeps_documents_apart() -> None:
    assert evidence_overlap([at(0, 10, "other")], ((at(0, 10),),)) == 0
    assert evidence_overlap([], ((at(0, 10),),)) == 0


@given(st.lists(places, max_size=5), evidences, st.integers(1, 6))
def test_measures_stay_within_0_and_1(retrieved: list[Place], evidence: Evidence, depth: int) -> None:
    assert 0 <= evidence_recall(retrieved, evidence, depth) <= 1
    assert 0 <= reciprocal_rank(retrieved, evidence) <= 1
    assert 0 <= evidence_overlap(retrieved, evidence) <= 1


@given(evidences)
def test_citing_exactly_the_evidence_is_perfect(evidence: Evidence) -> None:
    cited = [alternatives[0] for alternatives in evidence]
    assert evidence_recall(cited, evidence, len(cited)) == 1
    assert reciprocal_rank(cited, evidence) == 1
    if all(len(alternatives) == 1 for alternatives in evidence):
        assert evidence_overlap(cited, evidence) == 1


def characters(some: list[Place]) -> set[tuple[str, int]]:
    return {(place.document_id, at) for place in some for at in range(place.span.start, place.span.end)}


@given(st.lists(places, max_size=5), st.lists(places, min_size=1, max_size=4))
def test_overlap_equals_counting_characters(cited: list[Place], gold: list[Place]) -> None:
    ours, theirs = characters(cited), characters(gold)
    overlap = evidence_overlap(cited, tuple((place,) for place in gold))
    assert overlap == pytest.approx(len(ours & theirs) / len(ours | theirs))


@given(st.permutations(range(6)), st.sets(st.integers(0, 5), min_size=1))
@settings(max_examples=30)
def test_ndcg_equals_ir_measures_and_scikit_learn(order: list[int], relevant: set[int]) -> None:
    passages = [at(10 * number, 10 * number + 10) for number in range(6)]
    retrieved = [passages[number] for number in order]
    evidence: Evidence = tuple((passages[number],) for number in sorted(relevant))
    judged = [ir_measures.Qrel("q", str(number), 1) for number in relevant]
    ranked = [ir_measures.ScoredDoc("q", str(number), 10.0 - rank) for rank, number in enumerate(order)]
    theirs = ir_measures.calc_aggregate([ir_measures.nDCG @ 3], judged, ranked)[ir_measures.nDCG @ 3]
    assert ndcg(retrieved, evidence, 3) == pytest.approx(theirs)
    gains = [[float(number in relevant) for number in order]]
    assert ndcg(retrieved, evidence, 3) == pytest.approx(ndcg_score(gains, [[6.0, 5, 4, 3, 2, 1]], k=3))


def test_ndcg_counts_an_evidence_string_once_and_stays_within_1() -> None:
    evidence: Evidence = ((at(0, 10),), (at(20, 30),))
    # rank 1 and rank 2 hold the same string, rank 3 the other: (1 + 1/2) / (1 + 1/log2(3))
    assert ndcg([at(0, 10), at(5, 8), at(20, 30)], evidence, 10) == pytest.approx(1.5 / 1.6309297535714573)
    assert ndcg([at(0, 30)], evidence, 10) == 1
