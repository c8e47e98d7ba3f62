"""What a text is searched by."""

import pytest

from qa.terms import searched, terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where is the bridge of the Bridge?", ["bridge"]),
        ("To be or not", ["not"]),
        ("To be", ["to", "be"]),
        ("", []),
        ("??? \ud800", []),
    ],
)
def test_words_of_questions_are_left_out_unless_there_are_no_others(text: str, words: list[str]) -> None:
    assert searched(text) == words


def test_terms_have_no_case_accents_or_endings() -> None:
    assert terms("Müller’s REPORTED_meetings, again: Ⅻ e\u0301tudes") == [
        "muller", "s", "report", "meet", "again", "xii", "etud"
    ]  # fmt: skip
    assert terms("naïve naive NAIVE") == ["naiv"] * 3
    assert terms("") == []
