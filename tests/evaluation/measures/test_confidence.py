import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]
from torchmetrics.functional.classification import binary_auroc, binary_calibration_error

from qa.evaluation.measures import auroc, calibration_error, reliability, risk_coverage, risk_coverage_area

# hundredths, so that ties occur; off the borders of the bins, where float32 and float64 may differ
graded = st.lists(st.tuples(st.integers(0, 99).map(lambda n: n / 100 + 0.005), st.booleans()), min_size=1, max_size=40)


def split(cases: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [score for score, _ in cases], [label for _, label in cases]


@given(graded)
@settings(max_examples=30)
def test_auroc_equals_scikit_learn_and_torchmetrics(cases: list[tuple[float, bool]]) -> None:
    scores, labels = split(cases)
    if len(set(labels)) == 1:
        assert math.isnan(auroc(scores, labels))
        return
    assert auroc(scores, labels) == pytest.approx(roc_auc_score(labels, scores))
    theirs = binary_auroc(torch.tensor(scores), torch.tensor(labels).int())
    assert auroc(scores, labels) == pytest.approx(float(theirs), abs=1e-6)


@given(graded)
@settings(max_examples=30)
def test_calibration_error_equals_torchmetrics(cases: list[tuple[float, bool]]) -> None:
    confidences, right = split(cases)
    theirs = binary_calibration_error(torch.tensor(confidences), torch.tensor(right).int(), n_bins=10, norm="l1")
    assert calibration_error(confidences, right) == pytest.approx(float(theirs), abs=1e-5)


def test_calibration_by_hand() -> None:
    # bin 0.6: two answers, one right; bin 0.9: one, right; weights 2/3 and 1/3
    assert calibration_error([0.62, 0.68, 1.0], [True, False, True]) == pytest.approx(2 / 3 * 0.15)
    assert [(each.accuracy, each.count) for each in reliability([0.62, 0.68, 1.0], [True, False, True])] == [
        (0.5, 2),
        (1.0, 1),
    ]
    assert math.isnan(calibration_error([], []))


def test_risk_coverage_by_hand() -> None:
    confidences, right = [0.9, 0.8, 0.7, 0.6], [True, False, True, False]
    assert risk_coverage(confidences, right) == [(0.25, 0.0), (0.5, 0.5), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert risk_coverage_area(confidences, right) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert math.isnan(risk_coverage_area([], []))


def test_questions_of_equal_confidence_are_answered_together() -> None:
    assert risk_coverage([0.5, 0.5, 0.9], [False, True, True]) == [
        (pytest.approx(1 / 3), 0.0),
        (1.0, pytest.approx(1 / 3)),
    ]


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(0, 99))
def test_the_area_is_the_mean_of_the_risks(right: list[bool], seed: int) -> None:
    """Straight from the definition: r(k) is the share of wrong ones among the k most confident."""
    confidences = np.random.default_rng(seed).permutation(len(right)).astype(float)
    ranked = [right[place] for place in np.argsort(-confidences)]
    risks = [1 - sum(ranked[:count]) / count for count in range(1, len(ranked) + 1)]
    assert risk_coverage_area(confidences.tolist(), right) == pytest.approx(sum(risks) / len(risks))
