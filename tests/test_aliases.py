"""A name counts as stated in whatever form a source gives it, and only as a whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.aliases import Known, unproved_names


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Lind spoke.", "Anna Lind spoke."),
        ("Mayor Anna Lind spoke.", "Anna Lind, the mayor, spoke."),
        ("The U.S. left.", "The United States left."),
        ("The FDA agreed.", "The Food and Drug Administration agreed."),
        ("Germany agreed.", "German officials agreed."),
        ("France agreed.", "The French agreed."),
        ("Hernandez spoke.", "Mr. Hernández spoke."),
        ("Shares fell.", "The share price fell."),
        ("He spoke on Monday in May.", "He spoke."),  # days are quantities, not names
    ],
)
def test_a_name_is_proved_in_another_form(text: str, source: str) -> None:
    assert unproved_names(text, [source]) == ()


@pytest.mark.parametrize(
    ("text", "unproved"),
    [
        ("Peter Lind spoke.", ("Peter Lind",)),  # of two people's names
        ("Anna Lind of Dunmore spoke.", ("Anna Lind of Dunmore",)),
        ("Olsen spoke.", ("Olsen",)),
        ("Bob spoke.", ("Bob",)),
    ],
)
def test_a_name_that_no_source_states_is_told(text: str, unproved: tuple[str, ...]) -> None:
    assert unproved_names(text, ["Anna Lind met Peter Ruiz.", "Big Old Bridge"]) == unproved


def test_the_sources_may_share_the_names() -> None:
    assert unproved_names("Anna Lind met Peter Ruiz.", ["Anna Lind spoke.", "So did Peter Ruiz."]) == ()


@given(st.text(alphabet="AaBb .-'’éÉ1\n", max_size=80))
def test_any_text_is_read_and_only_its_own_names_are_told(text: str) -> None:
    for name in unproved_names(text, ["nothing"]):
        assert name


@pytest.mark.parametrize(
    ("text", "source", "missing"),
    [
        ("Did France object?", "Germany objected.", ("France",)),
        ("Did Germany's envoy object?", "A German envoy; Germany objected.", ()),
        ("Is the U.S. there?", "The US was there.", ()),
        ("Is Richard Grenell there?", "Grenell was there.", ()),
        ("Who is America's envoy?", "An envoy of the U.S. came.", ()),
        ("Who spoke for Denmark?", "The Danish minister spoke.", ()),
        ("Who spoke for Denmark?", "The Dane spoke.", ("Denmark",)),
        ("Did the Linds come?", "Anna Lind came.", ()),
    ],
)
def test_names_that_a_source_never_mentions(text: str, source: str, missing: tuple[str, ...]) -> None:
    assert Known(source).missing(text) == missing


def test_a_new_town_is_not_the_old_one() -> None:
    assert unproved_names("Lind moved to York.", ["Lind moved to New York."]) == ("York",)
    assert unproved_names("Lind moved to York.", ["Lind moved from New York to York."]) == ()
    assert unproved_names("The Times wrote so.", ["The New York Times wrote so."]) == ()
