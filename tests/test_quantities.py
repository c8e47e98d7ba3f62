"""One number, day or amount has one normal form, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.quantities import is_date, missing_quantities, quantities


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("five men, 5 of them", ("5",)),
        ("$5m, $5 million, 5 million dollars", ("$5000000",)),
        ("Jan. 5; the 5th of January; January fifth", ("jan 5",)),
        ("2017-01-05", ("2017", "jan 5")),
        ("Monday and on Tuesdays", ("monday", "tuesday")),
        ("5 per cent or 5%", ("5%",)),
        ("2.5 million, 1,000", ("2500000", "1000")),
        ("He may resign, and no one may ask", ()),
        ("", ()),
    ],
)
def test_a_quantity_has_one_form(text: str, forms: tuple[str, ...]) -> None:
    assert quantities(text) == forms


@pytest.mark.parametrize(
    ("text", "source", "missing"),
    [
        ("It cost two million.", "It cost 2,000,000 pounds.", ()),
        ("It cost three million.", "It cost 2,000,000 pounds.", ("3000000",)),
        ("He spoke in May.", "He spoke on May 5.", ()),
        ("He spoke on May 6.", "He spoke on May 5.", ("may 6",)),
        ("He spoke on Monday.", "He spoke on Sunday.", ("monday",)),
    ],
)
def test_what_the_source_does_not_state_is_missing(text: str, source: str, missing: tuple[str, ...]) -> None:
    assert missing_quantities(text, source) == missing


@pytest.mark.parametrize(
    ("form", "date"), [("may 5", True), ("jan", True), ("monday", True), ("2017", False), ("5%", False)]
)
def test_days_are_told_from_numbers(form: str, date: bool) -> None:
    assert is_date(form) is date


@given(st.integers(0, 10**15))
def test_a_number_is_the_same_with_and_without_commas(number: int) -> None:
    assert missing_quantities(f"It was {number:,}.", f"It was {number}.") == ()


@given(st.text(max_size=200))
def test_any_text_states_its_own_quantities(text: str) -> None:
    assert missing_quantities(text, text) == ()


def test_a_decade_has_its_century_and_a_number_its_sign() -> None:
    assert missing_quantities("in the 1990s", "in the 1890s") == ("1990s",)
    assert missing_quantities("in the 90s", "in the 1990s") == ()
    assert missing_quantities("5 degrees", "it was −5 degrees") == ("5",)
    assert missing_quantities("pages 3-5", "pages 3 to 5") == ()
