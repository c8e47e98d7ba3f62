import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.names import Gender, Names, names
from qa.types import Document, Span


def known(text: str) -> Names:
    return names(Document("doc", "A title", ("a.txt",), text))


@pytest.mark.parametrize(
    ("text", "short", "full"),
    [
        ("Ivo Brandt came. Brandt left.", "Brandt", "Ivo Brandt"),
        ("Ivo Brandt came.", "BRANDT", "Ivo Brandt"),
        ("Ivo Brandt came.", "Brandt’s", "Ivo Brandt"),
        ("Ivo Brandt came.", "Mr Brandt", "Ivo Brandt"),
        ("Ivo Brandt came.", "Ivo", "Ivo Brandt"),
        ("Foreign Minister Ana Ruiz spoke.", "Ruiz", "Ana Ruiz"),
        ("President Ana Ruiz’s plan", "Ruiz", "Ana Ruiz"),
        ("Then Maria de la Cruz spoke.", "Cruz", "Maria de la Cruz"),
        ("The rebel Issa al-Tayyib spoke.", "al-Tayyib", "Issa al-Tayyib"),
        ("The doctor J. R. Okafor spoke.", "Okafor", "J. R. Okafor"),
        ("Analyst Mei-Ling Zhao spoke.", "Zhao", "Mei-Ling Zhao"),
        ("But Joe Hill sang.", "Hill", "Joe Hill"),
    ],
)
def test_a_short_name_is_completed_as_the_document_gives_it(text: str, short: str, full: str) -> None:
    start = text.index(full)
    assert known(text).complete(short) == (full, Span(start, start + len(full)))


@pytest.mark.parametrize("short", ["Korea", "House", "Nobody", "", "Mr"])
def test_places_bodies_and_strangers_are_not_completed(short: str) -> None:
    assert known("Ann Lee of the White House flew to North Korea.").complete(short) is None


def test_two_people_of_one_name_are_not_guessed_but_by_what_was_read_so_far() -> None:
    text = "Rita Salas spoke. Salas left. Then Hector Salas came."
    assert known(text).complete("Salas") is None
    assert known(text).complete("Salas", before=text.index("Salas left")) == ("Rita Salas", Span(0, 10))


def test_gender_is_told_by_title_then_by_first_name() -> None:
    found = known("Spokeswoman Robin Pell met Mrs Tace Orr and Clara Voss. Kim Lund left.")
    assert found.gender("Clara Voss") is Gender.FEMALE
    assert found.gender("Tace Orr") is Gender.FEMALE
    assert found.gender("Kim Lund") is Gender.UNKNOWN


@given(st.text())
def test_every_name_is_verbatim_and_in_order(text: str) -> None:
    found = known(text).mentions
    assert all(name.span.within(text) == name.text for name in found)
    assert [name.span for name in found] == sorted(name.span for name in found)
