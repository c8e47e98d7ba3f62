"""A denial lost or added, a plan told as a fact, an opposite and an act turned around are each noticed."""

import pytest

from qa.polarity import certainty_raised, negation_flipped, opposites, opposites_exchanged, polarity, roles_swapped


def test_a_denial_colours_the_next_word_and_two_cancel() -> None:
    said = polarity("He did not deny leaving, but she never spoke.")
    assert "leav" in said.plain
    assert "speak" in said.denied


@pytest.mark.parametrize(
    ("claim", "evidence", "flipped"),
    [
        ("Ruiz praised the council.", "Ruiz did not praise the council.", True),
        ("Ruiz did not praise the council.", "Ruiz praised the council.", True),
        ("He resigned.", "He denied resigning.", True),
        ("He denied resigning.", "He denied resigning.", False),
        ("He failed to pay.", "He paid.", True),
        ("The talks, which failed, ended.", "The talks failed and ended.", False),
        ("He left.", "It is not known why he left.", False),
        ("He never swam.", "He ran.", True),  # a denial needs one in the evidence
        ("Lind voted.", "Everyone except Lind voted.", True),
        ("Lind bought the house.", "Instead of the house, Lind bought the firm.", True),
        ("Lind bought the firm.", "Instead of the house, Lind bought the firm.", False),
        ("Lind is a member.", "Lind is no longer a member.", True),
    ],
)
def test_a_flipped_negation_is_noticed(claim: str, evidence: str, flipped: bool) -> None:
    assert negation_flipped(claim, [evidence]) is flipped


@pytest.mark.parametrize(
    ("claim", "evidence", "raised"),
    [
        ("He resigned.", "He may resign.", True),
        ("He may resign.", "He may resign.", False),
        ("He killed her.", "He allegedly killed her.", True),
        ("He resigned.", "He resigned.", False),
    ],
)
def test_a_plan_told_as_a_fact_is_noticed(claim: str, evidence: str, raised: bool) -> None:
    assert certainty_raised(claim, [evidence]) is raised


def test_opposites_are_told_with_the_word_of_the_claim_first() -> None:
    assert opposites("Prices rose.", ["Prices fell."]) == (("rise", "fall"),)
    assert opposites("It came before the war.", ["It came after the war."]) == (("before", "after"),)
    assert opposites("Prices rose.", ["Prices rose, then fell."]) == ()


@pytest.mark.parametrize(
    ("claim", "evidence", "swapped"),
    [
        ("Ruiz called Lind.", "Lind called Ruiz.", True),
        ("Lind was called by Ruiz.", "Lind called Ruiz.", True),
        ("Ruiz was called by Lind.", "Lind called Ruiz.", False),
        ("Lind called Ruiz a dreamer.", "He called Lind a dreamer.", True),
        ("The dog bit the man.", "The man bit the dog.", True),
        ("The bridge opened on Sunday.", "He opened the bridge on Sunday.", False),
        ("Lind opened the bridge.", "Lind, mayor of Kilmore, opened the bridge.", False),
        ("Lind wrote the report.", "The report was written by Lind.", False),
        ("Lind opened the gate.", "The gate was opened by Lind.", False),
        ("Ruiz wrote the report.", "The report was written by Lind for Ruiz.", True),
        ("Lind was accused of theft.", "Prosecutors accused Lind of theft.", False),
    ],
)
def test_an_act_turned_around_is_noticed(claim: str, evidence: str, swapped: bool) -> None:
    assert roles_swapped(claim, [evidence]) is swapped


@pytest.mark.parametrize(
    ("claim", "evidence", "exchanged"),
    [
        ("Lind stands on the right.", "Lind is on the left, Ruiz on the right.", True),
        ("Lind is on the left, Ruiz on the right.", "Lind is on the left, Ruiz on the right.", False),
        ("Acme rose and Zenith fell.", "Zenith rose and Acme fell.", True),
        ("Ruiz is on the left.", "The mill is on the right; Ruiz spoke.", False),
    ],
)
def test_a_name_given_the_opposite_is_noticed(claim: str, evidence: str, exchanged: bool) -> None:
    assert opposites_exchanged(claim, [evidence]) is exchanged
