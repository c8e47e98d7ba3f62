"""Normal forms of words, numbers and names."""

import pytest

from qa.wording import fold, names, numbers, stems, words


def test_fold_makes_quotation_marks_dashes_and_case_one() -> None:
    assert fold("‘Ties’ — “DPRK”") == "'ties' - \"dprk\""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trump's boss won't.", ["trump", "boss", "won't"]),
        ("The U.S. and the UN", ["the", "us", "and", "the", "un"]),
        ("Hwasong-15 flew.", ["hwasong-15", "flew"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_stems_leave_out_words_that_carry_no_fact() -> None:
    assert stems("The embassies were closing") == stems("close an embassy")[::-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("two of 1,000 men", {"2", "1000"}), ("at 10:30, 4.5 per cent", {"10:30", "4.5"}), ("no number", set())],
)
def test_numbers_are_one_form(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who is Angela Merkel?", ("Angela Merkel",)),
        ("What did the Bank of England say on Monday?", ("Bank of England", "Monday")),
        ("who said that", ()),
        ("According to Nauert's office", ("Nauert",)),
    ],
)
def test_names_are_capitalised_runs(text: str, expected: tuple[str, ...]) -> None:
    assert names(text) == expected
