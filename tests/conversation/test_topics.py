"""Whom and what the last turns were about. Everyone here is invented."""

from dataclasses import replace

import pytest

from qa.conversation.topics import Topic
from qa.names import Gender
from qa.types import FoundBy, Hit, Turn
from tests import builders
from tests.builders import turn


def shown(asked: Turn, text: str) -> Turn:
    """The turn, with `text` among the passages that were found."""
    passage = builders.passage(builders.document(text))
    return replace(asked, answer=replace(asked.answer, hits=(Hit(passage, 1.0, FoundBy.BOTH),)))


def test_what_was_asked_for_comes_before_what_it_was_asked_of() -> None:
    topic = Topic([turn("What did Norway build?", "a lighthouse")])
    assert [each.text for each in topic.mentions] == ["the lighthouse", "Norway"]
    assert topic.thing(acted_on=False) == "the lighthouse"


def test_an_object_goes_back_to_an_object_and_a_subject_to_the_subject() -> None:
    topic = Topic([turn("When did Norway build a lighthouse?", "in 1990")])
    assert topic.thing(acted_on=True) == "the lighthouse"
    assert topic.thing(acted_on=False) == "Norway"


def test_a_person_is_found_by_gender_over_several_turns() -> None:
    topic = Topic([turn("Who is Anna Lind?", "the mayor"), turn("Who is Peter Ruiz?", "a critic")])
    assert (topic.person(Gender.FEMALE), topic.person(Gender.MALE)) == ("Anna Lind", "Peter Ruiz")


@pytest.mark.parametrize(
    ("question", "short", "several"),
    [
        ("Who met?", "Anna Lind and Peter Ruiz", "Anna Lind and Peter Ruiz"),
        ("What is the mood on the Tiber Council?", "the fewer boats, the better", "Tiber Council"),
        ("What did the committee decide about Dunmore?", "to wait", "the committee"),
    ],
)
def test_they_are_several_or_a_body(question: str, short: str, several: str) -> None:
    assert Topic([turn(question, short)]).several() == several


def test_there_is_the_answer_to_where_or_a_place_that_was_named() -> None:
    assert Topic([turn("Where did Lind speak?", "in Kilmore")]).place() == "in Kilmore"
    assert Topic([turn("What happened in Dunmore?", "a flood")]).place() == "Dunmore"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Norway's new envoy, Ulle Ekdahl, left.", "Norway"),
        ("Ulle Ekdahl, head of the Tiber Bank, left.", "Tiber Bank"),
        ("Ulle Ekdahl left Norway.", ""),
    ],
)
def test_for_whom_a_person_acts(text: str, body: str) -> None:
    assert Topic([shown(turn("Who is Ulle Ekdahl?", "an envoy"), text)]).body_of("Ulle Ekdahl") == body


def test_a_turn_that_found_nothing_still_tells_what_it_was_about() -> None:
    topic = Topic([turn("When was the bridge opened?")])
    assert topic.short == ""
    assert topic.exchange == "When was the bridge opened?"
    assert topic.thing(acted_on=False) == "the bridge"
