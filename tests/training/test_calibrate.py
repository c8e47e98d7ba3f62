"""The threshold and the scale on invented scores; the three kinds of questions that they are fitted on."""

import numpy as np
import pytest

from training.calibrate import fit, thirds
from training.questions import Question


def test_the_stated_probability_is_the_one_that_the_scores_were_drawn_with() -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(0, 3, size=4000)
    right = rng.random(4000) < 1 / (1 + np.exp(-(0.8 * z - 0.5)))
    rows = [*zip(z.tolist(), right.tolist(), strict=True)]
    fitted = fit(rows[:2000], rows[2000:], rows[:10])
    assert fitted["scale"] == pytest.approx(0.8, abs=0.06)
    assert fitted["bias"] == pytest.approx(-0.5, abs=0.12)
    assert fitted["right_without_threshold"] == pytest.approx(right[:2000].mean(), abs=0.001)
    stated = 1 / (1 + np.exp(-(fitted["scale"] * z + fitted["bias"])))
    assert right[stated >= fitted["threshold"]].mean() >= 0.8
    assert right[stated >= fitted["threshold"] - 0.03].mean() < 0.81  # not more careful than it must be


def test_the_threshold_parts_right_from_absent() -> None:
    answerable = [(2.0, True)] * 30 + [(-2.0, False)] * 10
    fitted = fit(answerable, [(-1.0, False)] * 40 + [(2.5, False)], [(3.0, False), (-3.0, False)])
    assert fitted["right_of_answerable"] == 0.75
    assert fitted["refused_of_left_out"] == pytest.approx(40 / 41, abs=0.001)
    assert fitted["refused_of_traps"] == 0.5


def test_a_reader_that_is_never_right_shows_nothing() -> None:
    answerable = [(float(each % 5), each % 11 == 0) for each in range(40)]
    assert fit(answerable, answerable, answerable)["right_of_answerable"] == 0


def test_left_out_questions_come_without_answers_and_their_passage_is_gone() -> None:
    calib = [
        Question(f"{passage}-{number}", "t", "q", f"p{passage}", ("x",) if number % 2 else ())
        for passage in range(20)
        for number in range(4)
    ]
    chosen, texts = thirds(calib, 5, seed=1)
    assert len(chosen) == 15
    kept = [each for each in chosen if each.passage in texts]
    gone = [each for each in chosen if each.passage not in texts]
    assert len([each for each in kept if each.answers]) == len([each for each in kept if not each.answers]) == 5
    assert len(gone) == 5
    assert all(not each.answers for each in gone)
