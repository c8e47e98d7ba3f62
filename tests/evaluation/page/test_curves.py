"""The points of each plot, on cases worked by hand."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from qa.evaluation.page.curves import latency, reliability, risk_coverage
from qa.evaluation.page.plot import Plot
from qa.evaluation.run import evaluate
from qa.evaluation.score import Score
from qa.types import Outcome, Timings
from tests.evaluation.systems import EXAMPLES, TEXTS, perfect

GOOD = evaluate(EXAMPLES[:1], perfect, TEXTS).scores[0]
BAD = replace(GOOD, short_hit=False, text_hit=False, right=False)


def scored(*given: tuple[float | None, bool]) -> list[Score]:
    """A score for each confidence, right or wrong."""
    return [
        replace(GOOD if right else BAD, id=f"q{place}", confidence=sure) for place, (sure, right) in enumerate(given)
    ]


def drawn(plot: Plot | str) -> Plot:
    assert isinstance(plot, Plot)
    return plot


def plain(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[cell.replace("\u00a0", " ") for cell in row] for row in rows]


def test_reliability_has_a_point_for_each_tenth_that_holds_an_answer() -> None:
    plot = drawn(reliability(scored((0.92, True), (0.98, True), (0.95, False), (0.31, True), (0.39, False))))
    low, high = plot.marks
    assert low.point == pytest.approx((0.35, 1 / 2))
    assert high.point == pytest.approx((0.95, 2 / 3))
    assert [mark.label for mark in plot.marks] == ["2", "3"]
    # Wilson, 1 of 2: 0.0945 to 0.9055
    assert (low.low, low.high) == pytest.approx((0.0945, 0.9055), abs=1e-4)
    # |0.5 - 0.35| · 2/5 + |2/3 - 0.95| · 3/5
    assert "calibration error 0.230" in plot.description
    assert plain(plot.rows)[0] == ["35 %", "50 %", "9 % to 91 %", "2"]
    assert [line.points for line in plot.lines] == [((0, 0), (1, 1))]


def test_risk_steps_from_the_surest_question_to_all_of_them() -> None:
    refused = replace(BAD, id="refused", confidence=None, outcome=Outcome.NOT_FOUND)
    plot = drawn(risk_coverage([*scored((0.9, True), (0.8, False), (0.7, True)), refused]))
    (line,) = plot.lines
    assert line.points == [
        (0.0, 0.0), (0.25, 0.0),
        (0.25, 0.5), (0.5, 0.5),
        (0.5, pytest.approx(1 / 3)), (0.75, pytest.approx(1 / 3)),
        (0.75, 0.5), (1.0, 0.5),
    ]  # fmt: skip
    (shown,) = plot.marks
    assert shown.point == pytest.approx((0.75, 1 / 3))
    # (0 + 1/2 + 1/3 + 1/2) / 4
    assert "area under the curve 0.333" in plot.description
    assert plain(plot.rows) == [["25 %", "0 %"], ["50 %", "50 %"], ["75 %", "33 %"], ["100 %", "50 %"]]


def test_a_long_risk_curve_has_a_short_table_that_ends_with_all_questions() -> None:
    plot = drawn(risk_coverage(scored(*((number / 100, True) for number in range(100)))))
    assert len(plot.rows) == 20
    assert plain(plot.rows)[-1] == ["100 %", "0 %"]
    assert len(plot.lines[0].points) == 200


def test_times_rise_to_the_share_of_questions_that_had_them() -> None:
    timings = [Timings(20, 40, None, 60), Timings(30, 400, 900, 2000)]
    plot = drawn(latency([replace(GOOD, timings=each) for each in timings]))
    assert {line.name: line.points for line in plot.lines} == {
        "passages found": [(20, 0.5), (30, 1.0)],
        "short answer": [(40, 0.5), (400, 1.0)],
        "first sentence": [(900, 1.0)],
        "whole answer": [(60, 0.5), (2000, 1.0)],
    }
    assert [value for value, _ in plot.x.ticks] == [10, 100, 1000, 10_000]
    assert [word.replace("\u00a0", " ") for _, word in plot.x.ticks] == ["10 ms", "100 ms", "1 s", "10 s"]
    assert plain(plot.rows)[3] == ["whole answer", "1.03 s", "1.9 s", "1.98 s", "2"]
    assert plot.x.share(100) == pytest.approx(1 / 3)


def test_times_of_nothing_still_stand_on_the_axis() -> None:
    plot = drawn(latency([replace(GOOD, timings=Timings(0, 0, 0, 0))]))
    assert [value for value, _ in plot.x.ticks] == [pytest.approx(0.1), 1]
    assert plot.place((0, 1)) == plot.place((0.1, 1))


@pytest.mark.parametrize(
    ("scores", "of_confidence", "of_risk"),
    [
        ([], "No answer was shown with a confidence", "not known of any question"),
        (scored((None, True)), "No answer was shown with a confidence", "All 1 questions have the same confidence"),
        (
            [replace(BAD, outcome=Outcome.NOT_FOUND)],
            "No answer was shown",
            "answering all of them is wrong for 100\u00a0%",
        ),
        ([replace(GOOD, short_hit=None, text_hit=None, confidence=0.5)], "No answer was shown", "not known of any"),
    ],
)
def test_where_there_is_nothing_to_plot_a_sentence_says_why(
    scores: list[Score], of_confidence: str, of_risk: str
) -> None:
    confidence, risk = reliability(scores), risk_coverage(scores)
    assert isinstance(confidence, str)
    assert isinstance(risk, str)
    assert of_confidence in confidence
    assert of_risk in risk


def test_no_question_has_no_times() -> None:
    assert latency([]) == "No question was asked, so there are no times."
