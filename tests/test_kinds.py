import pytest

from qa.kinds import asks_for_all, asks_yes_or_no, fits, for_one, names_too_few


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Did Lind open the bridge?", True),
        ("And isn't it true that the bridge is shut?", True),
        ("Will she stay or leave?", False),
        ("Who did it?", False),
        ("May 1990 was when?", False),
        ("In May, did it rain?", False),
    ],
)
def test_asks_yes_or_no(question: str, expected: bool) -> None:
    assert asks_yes_or_no(question) is expected


@pytest.mark.parametrize(
    ("question", "fitting", "unfitting"),
    [
        (
            "How many people came?",
            ["200", "some two dozen", "hundreds of them", "a few", "nobody but one"],
            ["the mayor"],
        ),
        ("How old is she?", ["43", "forty-three"], ["very frail"]),
        ("In which month was she born?", ["May", "3 June 1990", "December"], ["Thursday", "1990", "summer"]),
        ("What year was it?", ["1990", "the '90s"], ["May"]),
        ("On which day did she say so?", ["Sunday", "on 3 May", "yesterday", "New Year's Eve"], ["Anna Lind"]),
        ("Who came?", ["Anna Lind", "200 people"], []),
    ],
)
def test_an_answer_fits_by_its_kind(question: str, fitting: list[str], unfitting: list[str]) -> None:
    assert [text for text in fitting + unfitting if fits(question, text)] == fitting


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Name everyone who spoke about the bridge.", True),
        ("please list all the towns", True),
        ("Who are all the people that spoke?", True),
        ("Who all spoke?", True),
        ("Who spoke?", False),
        ("What are the piers made of?", False),
        ("Did everyone speak?", False),
    ],
)
def test_asks_for_all(question: str, expected: bool) -> None:
    assert asks_for_all(question) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Name everyone who spoke about the bridge.", "Who spoke about the bridge?"),
        ("Who are all the people that spoke?", "Who spoke?"),
        ("please list all the towns on the river", "Which towns on the river?"),
        ("Who spoke for everyone who left?", "Who spoke for everyone who left?"),
    ],
)
def test_a_question_for_all_as_one_for_the_best(question: str, expected: str) -> None:
    assert for_one(question) == expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("What two countries' referendums ended it?", "Norway", True),
        ("Which two towns took part?", "two towns", True),
        ("What were the three reasons?", "the weather", True),
        ("What two countries' referendums ended it?", "the referendum in Norway and that in Chile", False),
        ("What are two kinds of it?", "standing or hanging", False),
        ("Which of the two towns won?", "Lund", False),  # one of them is asked for
        ("What is the two-word name of it?", "Central Station", False),
        ("Which towns took part?", "Lund", False),
    ],
)
def test_one_of_several_that_are_asked_for_is_too_few(question: str, text: str, expected: bool) -> None:
    assert names_too_few(question, text) is expected
