import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import InputError
from qa.evaluation.report import About, Report, from_json, to_json
from qa.evaluation.run import evaluate
from qa.evaluation.score import Score
from qa.evaluation.totals import MEASURES, summarise
from qa.types import ModelNames, Outcome, Timings
from tests.evaluation.systems import EXAMPLES, MODELS, TEXTS, always_answers, perfect

fraction = st.floats(0, 1)
milliseconds = st.floats(0, 1e5)
scores = st.builds(
    Score,
    id=st.text(min_size=1, max_size=3),
    kind=st.sampled_from(["", "who", "when"]),
    answerable=st.booleans(),
    outcome=st.sampled_from(Outcome),
    short_hit=st.none() | st.booleans(),
    text_hit=st.none() | st.booleans(),
    right=st.none() | st.booleans(),
    exact_match=st.none() | st.booleans(),
    f1=st.none() | fraction,
    recall=st.none() | st.tuples(fraction, fraction, fraction, fraction),
    reciprocal_rank=st.none() | fraction,
    overlap=st.none() | fraction,
    citations=st.integers(2, 4),
    exact_citations=st.integers(0, 2),
    timings=st.builds(Timings, milliseconds, milliseconds, st.none() | milliseconds, milliseconds),
    ndcg=st.none() | fraction,
    confidence=st.none() | fraction,
    citation_recall=st.none() | fraction,
    citation_precision=st.none() | fraction,
    claims=st.integers(1, 3),
    supported=st.integers(0, 1),
)
reports = st.builds(
    Report,
    st.lists(scores, max_size=3).map(tuple),
    st.none() | st.just(ModelNames("e", "r", "l")),
    st.builds(About, system=st.sampled_from(["", "ours"]), sample=st.none() | st.integers(1, 9), seed=st.none()),
)


@given(reports)
def test_a_report_read_back_is_the_same(report: Report) -> None:
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


@given(reports)
def test_totals_stay_within_their_range(report: Report) -> None:
    for measure, total in zip(MEASURES, report.totals.values(), strict=True):
        assert total.over or total.value is None
        if total.value is not None:
            assert 0 <= total.value <= (1 if measure.unit != "ms" else 1e5)


def test_json_holds_ids_and_numbers_but_no_text_of_documents() -> None:
    report = evaluate(EXAMPLES, always_answers, TEXTS)
    plain = json.dumps(to_json(report))
    assert not any(words in plain for words in ("Brandt", "1871", "harbour", "rye"))
    assert json.loads(plain)["schema"] == "qa.report/1"
    assert json.loads(plain)["outcomes"] == {"answered": 4, "unverified": 0, "not_found": 0}
    assert json.loads(plain)["totals"]["refusal_recall"] == {"value": 0.0, "over": 1}
    assert json.loads(plain)["kinds"]["when"]["refusal_recall"] == {"value": 0.0, "over": 1}
    assert json.loads(plain)["kinds"]["who"]["right"] == {"value": 1.0, "over": 2}


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({}, "schema: Field required"),
        ({"schema": "qa.answer/1", "scores": []}, "schema: Input should be 'qa.report/1'"),
        ({"schema": "qa.report/1", "scores": [{"id": "q"}]}, r"scores\.0\.kind: Field required"),
    ],
)
def test_anything_else_is_no_report(data: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        from_json(data)


def test_a_report_with_other_recall_depths_is_refused() -> None:
    report = evaluate(EXAMPLES, perfect, TEXTS)
    stored = to_json(report)
    stored["scores"][0]["recall"] = [1.0, 1.0]
    with pytest.raises(InputError, match=r"scores\.0\.recall: Tuple should have at least 4 items"):
        from_json(stored)


def test_kinds_are_sorted_and_the_unnamed_kind_is_left_out() -> None:
    report = evaluate(EXAMPLES, perfect, TEXTS)
    unnamed = replace(report.scores[0], kind="")
    mixed = replace(report, scores=(unnamed, *report.scores[1:]))
    assert {kind: len(of_kind) for kind, of_kind in mixed.kinds.items()} == {"when": 2, "who": 1}
    assert mixed.models == MODELS


def test_percentiles_are_over_the_questions_that_have_the_timing() -> None:
    (score, *_) = evaluate(EXAMPLES, perfect, TEXTS).scores
    times = [replace(score, timings=Timings(1, 2, first, 100)) for first in (None, 10.0, 30.0)]
    assert (summarise(times)["sentence_p50"].value, summarise(times)["sentence_p50"].over) == (20, 2)
