import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from torchmetrics.functional.text import squad

from qa.evaluation.measures import exact_match, f1, normalise, occurs

words = st.text(alphabet="ab the an. ,'é1\n", max_size=25)


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
@settings(max_examples=30)
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
