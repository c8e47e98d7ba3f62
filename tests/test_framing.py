"""What is said only within a frame, with a limit, or of another name is not said plainly."""

import pytest

from qa.framing import asserted_from_frame, bound_otherwise, framed, negated_by_frame, strengthened


def test_a_frame_reaches_to_the_end_of_its_clause() -> None:
    found = framed("Lind was accused of killing the guard, but the court freed her.")
    assert found.hedged == {"kill", "guard"}
    assert {"lind", "accus", "court"} <= found.free
    assert framed("Lind killed the guard.").is_plain


@pytest.mark.parametrize(
    "evidence",
    [
        "There is no evidence that Lind killed the guard.",
        "It is not true that Lind killed the guard.",
        "It is a myth that Lind killed the guard.",
        "Police do not believe Lind killed the guard.",
        "Nobody saw Lind kill the guard.",
        "Claims that Lind killed the guard are false.",
        "Lind falsely claimed that he killed the guard.",
        "Lind dreamed that he killed the guard.",
        "Lind has not been found guilty of killing the guard.",
        "Lind has yet to kill the guard.",
    ],
)
def test_what_is_false_or_not_known_is_not_so(evidence: str) -> None:
    assert negated_by_frame("Lind killed the guard.", [evidence])
    assert not negated_by_frame("Lind killed the guard.", [evidence, "Lind killed the guard."])
    assert not negated_by_frame(evidence, [evidence])


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Lind killed the guard.", "Lind was accused of killing the guard."),
        ("Lind killed the guard.", "Lind was charged with killing the guard."),
        ("Lind killed the guard.", "Critics claim that Lind killed the guard."),
        ("Lind killed the guard.", "A rumour that Lind killed the guard spread."),
        ("Lind did not kill the guard.", "Lind denied that he killed the guard."),
        ("Lind left the country.", "Lind was told to leave the country."),
        ("Lind left the country.", "Lind promised to leave the country."),
        ("Lind left the country.", "Lind should leave the country."),
        ("The court banned the film.", "The court was urged to ban the film."),
    ],
)
def test_what_is_suspected_ordered_or_denied_is_no_fact(claim: str, evidence: str) -> None:
    assert asserted_from_frame(claim, [evidence])
    assert not asserted_from_frame(claim, [evidence, claim])
    assert not asserted_from_frame(evidence, [evidence])


@pytest.mark.parametrize(
    ("claim", "evidence", "more"),
    [
        ("All members voted.", "Some of the members voted.", True),
        ("Most members voted.", "Few members voted.", True),
        ("Some members voted.", "Most members voted.", False),
        ("All members voted.", "All the members voted.", False),
        ("Only Lind voted.", "Lind voted.", True),
        ("Only Lind voted.", "Lind alone voted.", False),
        ("20 people died.", "Fewer than 20 people died.", True),
        ("20 people died.", "Fewer than 20 people died, then 20 people.", False),
        ("Fewer than 20 people died.", "Fewer than 20 people died.", False),
        ("Lind is president.", "Lind is vice president.", True),
        ("Lind is the president.", "Lind, the former president, spoke.", True),
        ("The former president spoke.", "Lind, the former president, spoke.", False),
        ("Lind is the president.", "The president met the former president.", False),
    ],
)
def test_a_limit_that_is_dropped_is_noticed(claim: str, evidence: str, more: bool) -> None:
    assert strengthened(claim, [evidence]) is more


@pytest.mark.parametrize(
    ("claim", "evidence", "exchanged"),
    [
        ("Lind is older than Ruiz.", "Ruiz is older than Lind.", True),
        ("Ruiz is the mother of Lind.", "Lind is the mother of Ruiz.", True),
        ("Ruiz is Lind's boss.", "Lind is Ruiz's boss.", True),
        ("The train runs from Oslo to Bergen.", "The train runs from Bergen to Oslo.", True),
        ("The train runs from Oslo to Bergen.", "The train from Oslo to Bergen runs daily.", False),
        ("Ruiz is the mother of Lind.", "Lind's mother is Ruiz.", False),
        ("Lind is older than Ruiz.", "Lind is older than Ruiz and Hansen.", False),
    ],
)
def test_names_that_are_exchanged_are_noticed(claim: str, evidence: str, exchanged: bool) -> None:
    assert bound_otherwise(claim, [evidence]) is exchanged
