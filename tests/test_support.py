"""Quotes prove a sentence only when nothing in it goes beyond them, and a failure has a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.support import EVIDENCE, Cause, check, covering

QUOTES = (
    "Anna Lind, the mayor of Kilmore, spoke on Sunday, May 5. “The bridge is open,” Lind said. “It cost two million.”",
    "Peter Ruiz did not praise the council. Ruiz called Lind a dreamer. The council may sell the bridge.",
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Anna Lind said the bridge is open.",
        "The bridge cost 2,000,000.",
        "The mayor of Kilmore spoke in May.",
        "Lind was called a dreamer by Ruiz.",
        "Peter Ruiz didn't praise the council.",
        "The council may sell the bridge.",
        *(part for quote in QUOTES for part in covering(quote, [quote])),
    ],
)
def test_what_the_quotes_say_in_other_words_is_proved(sentence: str) -> None:
    verdict = check(sentence, QUOTES)
    assert (verdict.causes, verdict.supported) == ((), True)


@pytest.mark.parametrize(
    ("sentence", "cause"),
    [
        ("The bridge cost three million.", Cause.NUMBER),
        ("Anna Lind spoke on Monday.", Cause.DATE),
        ("Anna Lind spoke on May 6.", Cause.DATE),
        ("Peter Lind, the mayor of Kilmore, spoke.", Cause.NAME),
        ("Peter Ruiz praised the council.", Cause.NEGATION),
        ("The bridge is not open, Lind said.", Cause.NEGATION),
        ("The council sells the bridge.", Cause.CERTAINTY),
        ("The bridge is closed, Lind said.", Cause.OPPOSITE),
        ("Lind called Ruiz a dreamer.", Cause.DIRECTION),
        ("Anna Lind paints wild horses with oil.", Cause.COVERAGE),
    ],
)
def test_a_failure_has_a_name(sentence: str, cause: Cause) -> None:
    verdict = check(sentence, QUOTES)
    assert cause in verdict.causes
    assert not verdict.supported


def test_the_question_may_bring_words_but_its_premise_is_no_proof() -> None:
    question = "Why did Tillerson fire the mayor of Kilmore?"
    assert Cause.NAME in check("Tillerson spoke on Sunday.", QUOTES).causes
    assert Cause.NAME not in check("Tillerson spoke on Sunday.", QUOTES, question).causes
    fired = check("Tillerson fired her.", QUOTES, question)
    assert (fired.coverage, fired.quoted, fired.causes) == (1.0, 0.0, (Cause.COVERAGE,))


def test_a_question_disproves_no_name_that_the_quotes_prove() -> None:
    sentence = "Many farms in South Africa bear French names."
    for question in ("what prominent south african family distilled brandy?", "which town near new york is it?"):
        assert check(sentence, [sentence], question).supported


def test_coverage_is_the_share_of_words_that_the_evidence_holds() -> None:
    verdict = check("Lind said the bridge is purple.", QUOTES)
    assert verdict.coverage == pytest.approx(2 / 3)
    assert verdict.quoted == 0.5
    assert Cause.COVERAGE in check("Lind said the bridge is purple.", QUOTES, coverage=0.7).causes
    assert check("Lind said the bridge is purple.", QUOTES, coverage=0.6, quoted_coverage=0.5).supported


def test_the_evidence_is_the_few_sentences_that_cover_most() -> None:
    assert covering("The bridge cost two million.", QUOTES) == (
        "“It cost two million.”",
        "“The bridge is open,” Lind said.",
    )
    many = ["one two", "three four", "five six", "seven eight", "nothing"]
    assert len(covering("one two three four five six seven eight", many)) == EVIDENCE


@pytest.mark.parametrize("quotes", [(), ("",), ("...",)])
def test_nothing_proves_nothing(quotes: tuple[str, ...]) -> None:
    assert check("Anna Lind spoke.", quotes).causes
    assert check("", QUOTES).causes == (Cause.COVERAGE,)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_sentence_gets_the_same_verdict_twice(sentence: str, quote: str) -> None:
    verdict = check(sentence, [quote])
    assert verdict == check(sentence, [quote])
    assert 0 <= verdict.coverage <= 1
    assert 0 <= verdict.quoted <= 1


@given(st.integers(3, 10**6))
def test_no_number_that_the_quotes_lack_is_proved(number: int) -> None:
    verdict = check(f"The bridge cost {number} million.", QUOTES)
    assert verdict.causes == (Cause.NUMBER,)
