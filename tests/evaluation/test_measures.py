import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from torchmetrics.functional.text import squad

from qa.evaluation.evidence import Evidence, Place
from qa.evaluation.measures import (
    evidence_overlap,
    evidence_recall,
    exact_match,
    f1,
    is_exact,
    normalise,
    occurs,
    percentile,
    reciprocal_rank,
    touches_evidence,
    wilson_interval,
)
from qa.types import Quote, Span
from tests.evaluation.systems import HARBOUR, TEXTS, cite, place_of

words = st.text(alphabet="ab the an. ,'é1\n", max_size=25)
spans = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: Span(pair[0], sum(pair)))
places = st.builds(Place, st.sampled_from(["first", "second"]), spans)
evidences = st.lists(st.lists(places, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)


def at(start: int, end: int, document_id: str = "d") -> Place:
    return Place(document_id, Span(start, end))


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  Eiffel Tower!", "eiffel tower"),
        ("U.S. Secretary", "us secretary"),
        ("an apple a day", "apple day"),
        ("théâtre", "théâtre"),
        ("the", ""),
        ("“Tuesday.”", "“tuesday”"),
    ],
)
def test_normal_form_is_that_of_squad(text: str, normal: str) -> None:
    assert normalise(text) == normal


@given(words, st.lists(words, min_size=1, max_size=3))
def test_exact_match_and_f1_equal_torchmetrics(prediction: str, answers: list[str]) -> None:
    theirs = squad(
        [{"id": "1", "prediction_text": prediction}],
        [{"id": "1", "answers": {"text": answers, "answer_start": [0] * len(answers)}}],
    )
    assert 100 * exact_match(prediction, answers) == pytest.approx(float(theirs["exact_match"]))
    assert 100 * f1(prediction, answers) == pytest.approx(float(theirs["f1"]))


def test_f1_by_hand() -> None:
    # "Sigmar Gabriel spoke" and "Gabriel": P = 1/3, R = 1, F1 = 1/2; the best accepted answer counts
    assert f1("Sigmar Gabriel spoke", ["Gabriel", "nobody"]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("accepted", "shown", "there"),
    [
        ("Brandt", "Ilse Brandt, a pilot's daughter", True),
        ("the grey book", "She kept a “grey book.”", True),
        ("the grey book", 'She kept a "grey book"', True),
        ("1914-18", "In 1914–18 it was closed", True),
        ("Brandt", "Brandt—a pilot—came", True),
        ("no", "North Korea", False),
        ("2", "1902", False),
        ("two ships", "two grey ships", False),
        ("A", "a", True),
        ("A", "a ship", False),
        ("?", "what", False),
        ("1871", "", False),
    ],
)
def test_accepted_answer_occurs_as_whole_words(accepted: str, shown: str, there: bool) -> None:
    assert occurs(accepted, shown) is there


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


def test_exact_citation_is_the_document_itself() -> None:
    quote = place_of("the flood of 1902")
    assert is_exact(cite(quote), TEXTS)
    assert not is_exact(cite(Quote(quote.document_id, quote.span, "the flood of 1903")), TEXTS)
    assert not is_exact(cite(Quote("elsewhere", quote.span, quote.text)), TEXTS)


def test_a_span_beyond_the_end_of_the_document_is_not_exact() -> None:
    end = len(HARBOUR)
    assert is_exact(cite(Quote("harbour", Span(end - 5, end), "1902.")), TEXTS)
    assert not is_exact(cite(Quote("harbour", Span(end - 5, end + 1), "1902.")), TEXTS)
    assert not is_exact(cite(Quote("harbour", Span(end, end + 1), "")), TEXTS)


def test_citation_touches_evidence_only_where_characters_are_shared() -> None:
    evidence: Evidence = ((Place("harbour", place_of("opened in 1871").span),),)
    assert touches_evidence(cite(place_of("in 1871. Its first")), evidence)
    assert not touches_evidence(cite(place_of("Its first master")), evidence)


def test_percentile_between_neighbours() -> None:
    assert percentile([10, 20, 30, 40], 50) == 25
    assert percentile([10, 20, 30, 40], 95) == pytest.approx(38.5)
    assert percentile([7], 95) == 7


def test_wilson_interval_of_a_textbook_case() -> None:
    # 81 of 263: Newcombe 1998 gives 0.2553 to 0.3662
    low, high = wilson_interval(81 / 263, 263)
    assert low == pytest.approx(0.2553, abs=1e-4)
    assert high == pytest.approx(0.3662, abs=1e-4)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_share(case: tuple[int, int]) -> None:
    successes, count = case
    low, high = wilson_interval(successes / count, count)
    assert 0 <= low <= successes / count + 1e-12
    assert successes / count - 1e-12 <= high <= 1
