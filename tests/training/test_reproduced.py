"""Two sets of weights compared on the same questions."""

import math

import numpy as np
import pytest

from qa.reading import SentenceReader
from tests.fakes import WordEmbedder
from training.questions import Question
from training.reproduced import Scores, compared, scores


def of(*f1s: float) -> Scores:
    return Scores(np.array([[each, float(each == 1)] for each in f1s]), math.nan)


def test_a_difference_within_noise_has_zero_in_its_interval() -> None:
    (f1, low, high), (exact, *_) = compared(of(*[1.0, 0.5] * 50), of(*[0.5, 1.0] * 50))
    assert (f1, exact) == (0.0, 0.0)
    assert low < 0 < high
    (f1, low, high), _ = compared(of(*[0.5] * 50), of(*[1.0] * 50))
    assert f1 == pytest.approx(0.5)
    assert low == pytest.approx(high) == pytest.approx(0.5)


def test_only_answerable_questions_are_scored_and_all_are_ranked() -> None:
    passage = "Anna Lind opened the bridge. The mill burned down."
    asked = [
        Question("1", "", "Who opened the bridge?", passage, ("Anna Lind opened the bridge.",)),
        Question("2", "", "Xyz qrs tuv?", passage, ()),
    ]
    made = scores(SentenceReader(WordEmbedder()), asked)
    assert made.table.tolist() == [[1.0, 1.0]]
    assert made.auroc == 1.0
    assert math.isnan(scores(SentenceReader(WordEmbedder()), asked[:1]).auroc)
