"""Figures against values worked out by hand."""

import pytest

from training.evaluate import (
    Prediction,
    Question,
    auroc,
    best_of,
    calibration_error,
    exact_match,
    normalise,
    score_given,
    score_null,
    token_f1,
)


def test_normalise_drops_case_marks_and_articles() -> None:
    assert normalise("The  Ada-Brook, a bridge!") == "adabrook bridge"


def test_f1_and_exact_match() -> None:
    assert exact_match("the Bridge.", "bridge") == 1.0
    assert token_f1("grey old bridge", "old bridge") == pytest.approx(0.8)
    assert token_f1("river", "bridge") == 0.0
    assert token_f1("the", "bridge") == 0.0
    assert best_of(token_f1, "old bridge", ["x", "bridge"]) == pytest.approx(2 / 3)
    assert best_of(token_f1, "", []) == 1.0
    assert best_of(token_f1, "x", []) == 0.0


def test_auroc_is_the_share_of_ordered_pairs() -> None:
    assert auroc([0.1, 0.4, 0.4, 0.9], [False, False, True, True]) == pytest.approx(3.5 / 4)


def test_calibration_error_is_the_mean_gap() -> None:
    assert calibration_error([0.9, 0.9, 0.1, 0.1], [1, 0, 0, 0]) == pytest.approx(0.5 * 0.4 + 0.5 * 0.1)


def test_probability_follows_the_stated_formula() -> None:
    assert Prediction("x", 1.0, 1.0).probability(2.0) == pytest.approx(0.7310586)
    assert Prediction("x", -1e9, 0.0).probability(1.0) == pytest.approx(0.0, abs=1e-20)


def test_scores_of_two_questions() -> None:
    questions = [Question("1", "t", "q", "p", ("bridge",)), Question("2", "t", "q", "p", ())]
    found = [Prediction("old bridge", 3.0, 0.0), Prediction("river", -3.0, 0.0)]
    assert score_given(questions[:1], found[:1]) == {"questions": 1, "f1": 66.67, "em": 0.0}
    figures = score_null(questions, found, temperature=1.0, threshold=0.5)
    assert figures["f1"] == 83.33
    assert figures["no_answer_accuracy"] == 100.0
    assert figures["auroc_answerable"] == 1.0
    strict = score_null(questions, found, temperature=1.0, threshold=0.99)
    assert strict["has_answer_f1"] == 0.0
