import pytest

from qa.conversation.shapes import Shape, carried, is_identifying, opening, shape, subject_of


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did Lind open it?", Shape("When", "did", "Lind open it")),
        ("Did Lind open it?", Shape("", "did", "Lind open it")),
        ("Who opened it?", Shape("Who", "", "opened it")),
        ("Who said that Lind would leave?", Shape("Who", "", "said that Lind would leave")),
        ("On which day was it opened?", Shape("On which day", "was", "it opened")),
        ("Tell me more", None),
    ],
)
def test_a_question_in_parts(question: str, expected: Shape | None) -> None:
    assert shape(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [("What did Lind open?", True), ("When did Lind open it?", False), ("Who opened it?", False)],
)
def test_the_hole_of_a_question_about_an_object(question: str, expected: bool) -> None:
    found = shape(question)
    assert found is not None
    assert found.asks_for_object is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is Anna Lind?", True),
        ("What's the Hwasong?", True),
        ("Who was elected mayor?", False),
        ("Who left?", False),
    ],
)
def test_a_question_that_asks_who_someone_is(question: str, expected: bool) -> None:
    assert is_identifying(question) is expected


def test_words_at_the_front_and_the_exchange_at_the_end() -> None:
    assert opening("“Who left?") == "who"
    assert opening("?!") == ""
    assert subject_of("What did Lind open?") == "Lind open"
    assert subject_of("Who left?") == ""
    assert carried("Is that true? (Who left? Lind)") == "Who left? Lind"
    assert carried("Who left?") == "Who left?"
