"""A question may say whom "he" means; it does not put a name or a number in the place of the evidence's own."""

import pytest

from qa.premise import another_counted, another_named
from qa.support import Cause, check


@pytest.mark.parametrize(
    ("evidence", "another"),
    [
        ("Lind was born in Oslo.", True),
        ("He was born in Oslo.", False),
        ("He was born in Oslo, said Lind.", False),
        ("In Norway the minister was born, in Oslo.", False),
        ("Ruiz and Lind were born in Oslo.", False),
    ],
)
def test_another_subject_is_noticed(evidence: str, another: bool) -> None:
    sentence, question = "Ruiz was born in Oslo.", "Where was Ruiz born?"
    assert another_named(sentence, [evidence], ["Ruiz"]) is another
    assert (Cause.NAME in check(sentence, [evidence], question).causes) is another
    assert not another_named(sentence, [evidence], [])


@pytest.mark.parametrize(
    ("sentence", "evidence", "question", "another"),
    [
        ("500 people died in Oslo.", "In Oslo 5 people died.", "Where did 500 people die?", True),
        ("The bridge opened in 1990.", "The bridge opened in 1985.", "What opened in 1990?", True),
        ("5 of the 500 people died.", "5 people died.", "How many of the 500 people died?", False),
        ("500 people died in 1990.", "500 people died.", "How many died in 1990?", False),
        ("3 people died in 1990.", "3 people died on May 5.", "How many died in 1990?", False),
    ],
)
def test_another_number_of_the_same_kind_is_noticed(sentence: str, evidence: str, question: str, another: bool) -> None:
    assert another_counted(sentence, [evidence], question) is another
    assert (Cause.NUMBER in check(sentence, [evidence], question).causes) is another
