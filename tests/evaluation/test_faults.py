from dataclasses import replace

import pytest

from qa.evaluation.faults import Fault, by_fault, fault
from qa.evaluation.run import Ask, evaluate
from qa.evaluation.score import Score
from qa.types import Outcome
from tests.evaluation.systems import (
    EXAMPLES,
    TEXTS,
    always_answers,
    always_refuses,
    cites_at_random,
    invents_quotes,
    perfect,
)

RIGHT = evaluate(EXAMPLES[:1], perfect, TEXTS).scores[0]


def test_a_system_without_fault_has_none() -> None:
    assert by_fault(evaluate(EXAMPLES, perfect, TEXTS).scores) == {}


@pytest.mark.parametrize(
    ("system", "faults"),
    [
        (always_answers, {"burnt": Fault.NO_ANSWER_THERE}),
        (always_refuses, dict.fromkeys(("master", "wheel", "opened"), Fault.NOT_RETRIEVED)),
        (
            cites_at_random,
            {"burnt": Fault.NO_ANSWER_THERE} | dict.fromkeys(("master", "wheel", "opened"), Fault.OTHER_PLACE),
        ),
        (invents_quotes, dict.fromkeys(("master", "wheel", "opened"), Fault.OTHER_PLACE)),
    ],
)
def test_what_is_broken_is_named(system: Ask, faults: dict[str, Fault]) -> None:
    found = by_fault(evaluate(EXAMPLES, system, TEXTS).scores)
    assert {score.id: each for each, scores in found.items() for score in scores} == faults
    assert list(found) == [each for each in Fault if each in found]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (RIGHT, None),
        (replace(RIGHT, outcome=Outcome.NOT_FOUND), Fault.REFUSED),
        (replace(RIGHT, outcome=Outcome.NOT_FOUND, recall=(0.0, 0.0, 0.0, 0.0)), Fault.NOT_RETRIEVED),
        (replace(RIGHT, outcome=Outcome.NOT_FOUND, recall=None), Fault.REFUSED),
        (replace(RIGHT, short_hit=False, text_hit=False, right=False), Fault.OTHER_ANSWER),
        (replace(RIGHT, recall=(0.0, 0.0, 0.0, 0.0)), None),
        (replace(RIGHT, right=False), Fault.OTHER_PLACE),
        (replace(RIGHT, citations=2, exact_citations=1), Fault.NOT_VERBATIM),
        (replace(RIGHT, claims=2, supported=1), Fault.UNPROVED),
        (replace(RIGHT, claims=None, supported=None), None),
        (replace(RIGHT, short_hit=None, text_hit=None, right=None), None),
        (replace(RIGHT, answerable=False), Fault.NO_ANSWER_THERE),
        (replace(RIGHT, answerable=False, outcome=Outcome.NOT_FOUND), None),
    ],
)
def test_the_first_fault_in_the_flow_is_told(score: Score, expected: Fault | None) -> None:
    assert fault(score) is expected
