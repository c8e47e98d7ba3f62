"""Follow-ups, by rules. Everyone and everything here is invented."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation import standalone
from qa.types import FoundBy, Hit, Turn
from tests import builders
from tests.builders import turn

OPENED = turn("What did Lind open?", "the new bridge")
WHO_OPENED = turn("Who opened the bridge?", "Anna Lind")
LIND, RUIZ = turn("Who is Anna Lind?", "the mayor"), turn("Who is Peter Ruiz?", "a critic")


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ([LIND], "What did she open?", "What did Anna Lind open?"),
        ([WHO_OPENED], "When was her speech?", "When was Anna Lind's speech?"),
        ([turn("Who called Lind a fool?", "Ruiz")], "Where does he live?", "Where does Ruiz live?"),
        ([OPENED], "Who built it?", "Who built the new bridge?"),
        ([turn("What did Lind open?", "a new bridge")], "Who built it?", "Who built the new bridge?"),
        ([turn("When was the bridge opened?", "in 1990")], "Who built it?", "Who built the bridge?"),
        ([turn("How much did the old bridge cost?", "2")], "And who paid for it?", "Who paid for the old bridge?"),
        ([turn("What does the Tiber Council want?")], "Whom did they ask?", "Whom did Tiber Council ask?"),
        ([turn("What did Norway build?", "a lighthouse")], "Who paid for it?", "Who paid for the lighthouse?"),
        ([turn("What did Norway build?", "a lighthouse")], "What did it cost?", "What did the lighthouse cost?"),
        ([turn("What is Acme's first product called?", "Glim")], "How much does it cost?", "How much does Glim cost?"),
        (
            [turn("Who is the mayor?", "Anna Lind"), turn("Who is Anna Lind's aunt?", "Ulle Ekdahl")],
            "What did Lind say about her?",
            "What did Lind say about Ulle Ekdahl?",
        ),
        ([turn("When did Norway build a lighthouse?", "1990")], "Who saw it?", "Who saw the lighthouse?"),
        (
            [turn("When did Norway build a lighthouse?", "1990")],
            "Who said it should pay?",
            "Who said Norway should pay?",
        ),
        (
            [turn("What is the mood on the Tiber Council?", "the fewer boats, the better")],
            "Whom would they like to see?",
            "Whom would Tiber Council like to see?",
        ),
        (
            [turn("Who met?", "Anna Lind and Peter Ruiz")],
            "What did they say?",
            "What did Anna Lind and Peter Ruiz say?",
        ),
        ([turn("Is Ruiz going to leave?")], "Who would replace him?", "Who would replace Ruiz?"),
        ([OPENED], "What did Ruiz say about her?", "What did Ruiz say about Lind?"),
        ([turn("Where did Lind speak?", "Kilmore")], "What did she do there?", "What did Lind do in Kilmore?"),
    ],
)
def test_a_pronoun_becomes_whom_or_what_it_means(history: list[Turn], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ([turn("What is the capital of France?", "Paris")], "Who lives there?", "Who lives in Paris?"),
        ([turn("Who does not pay?", "Lind")], "Why?", "Why? (Who does not pay? Lind)"),
        ([OPENED], "And on which day?", "On which day did Lind open the new bridge?"),
        ([turn("What is the capital of France?", "Paris")], "And of Germany?", "What is the capital of Germany?"),
        ([turn("How many mice died in group A?", "3")], "And in group B?", "How many mice died in group B?"),
        ([turn("Who pays under section 5?", "Lind")], "And under section 6?", "Who pays under section 6?"),
        ([OPENED], "Why?", "Why did Lind open the new bridge?"),
        ([WHO_OPENED], "Why?", "Why was it that Anna Lind opened the bridge?"),
        ([turn("When did Lind speak?", "on Sunday")], "Where?", "Where did Lind speak?"),
        ([turn("Did Ruiz resign?")], "When was that?", "When did Ruiz resign?"),
        ([turn("Who was elected mayor?", "Anna Lind")], "When was that?", "When was Anna Lind elected mayor?"),
        (
            [turn("What did Lind want the council to do?", "repair the roof")],
            "Since when?",
            "Since when did Lind want the council to repair the roof?",
        ),
        (
            [turn("Who called Lind a fool?", "Ruiz")],
            "In what setting did he say it?",
            "In what setting was it that Ruiz called Lind a fool?",
        ),
        ([WHO_OPENED], "Who else?", "Who else opened the bridge, besides Anna Lind?"),
        ([WHO_OPENED], "And who else spoke?", "Who else spoke, besides Anna Lind?"),
        ([turn("When did Lind speak?", "on Sunday")], "And Ruiz?", "When did Ruiz speak?"),
        ([turn("How many live in Kilmore?", "900")], "And in Dunmore?", "How many live in Dunmore?"),
        ([turn("How many live in Kilmore?", "900")], "What about Dunmore?", "How many live in Dunmore?"),
        ([OPENED], "Tell me more", "Tell me more about the new bridge."),
    ],
)
def test_a_fragment_becomes_the_question_before_it_with_that_part_changed(
    history: list[Turn], question: str, expected: str
) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (
            [turn("What did Lind want the council to do?", "repair the roof")],
            "And on which day did she say that?",
            "On which day did Lind say that? (What did Lind want the council to do? repair the roof)",
        ),
        ([OPENED], "Is that true?", "Is that true? (What did Lind open? the new bridge)"),
        ([OPENED], "How many exactly?", "How many exactly? (What did Lind open? the new bridge)"),
    ],
)
def test_what_fits_no_rule_carries_the_exchange_before_it(history: list[Turn], question: str, expected: str) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who is Ruiz?",
        "Is it true that Ruiz left?",
        "Did Ruiz say he would come?",
        "Did Ruiz sell his house?",
        "How many members does the parliament of Finland have?",
        "When did the council of Dunmore say it would pay?",
        "What is the procedure for registering a boat?",
        "How much does it cost to register a boat?",
        "How do plants protect themselves from their enemies?",
        "When did the ministers say they would resign?",
        "Who invited the queen and her husband?",
        "What happens to a company when it fails?",
        "What time is it in Tokyo?",
        "How far is it from Oslo to Bergen?",
        "How does it feel to win?",
    ],
)
def test_a_new_topic_is_not_dragged_into_the_old_one(question: str) -> None:
    assert standalone(question, [LIND, OPENED]) == question


def shown(asked: Turn, text: str) -> Turn:
    """The turn, with `text` among the passages that were found."""
    passage = builders.passage(builders.document(text))
    return replace(asked, answer=replace(asked.answer, hits=(Hit(passage, 1.0, FoundBy.BOTH),)))


def test_the_pronouns_of_the_passages_tell_he_from_she() -> None:
    text = "Ulle Ekdahl runs the mill. She bought it in May. Kim Sorel owns the ferry. He sailed it himself."
    history = [shown(turn("Who runs the mill?", "Ulle Ekdahl"), text), turn("Who owns the ferry?", "Kim Sorel")]
    assert standalone("Where was she born?", history) == "Where was Ulle Ekdahl born?"
    assert standalone("Where was he born?", history) == "Where was Kim Sorel born?"


def test_a_short_name_becomes_the_full_one_of_the_passages() -> None:
    history = [shown(turn("What did Ekdahl buy?", "the mill"), "Ulle Ekdahl bought the mill.")]
    assert standalone("When did she sell it?", history) == "When did Ulle Ekdahl sell the mill?"


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("Norway's new envoy, Ulle Ekdahl, left.", "When did her country join?", "When did Norway join?"),
        ("Ulle Ekdahl, head of the Tiber Bank, left.", "Who owns her bank's shares?", "Who owns Tiber Bank's shares?"),
        ("Ekdahl, Acme's founder, left.", "Did she sell her company?", "Did Ulle Ekdahl sell Acme?"),
        ("Ulle Ekdahl left.", "When did her country join?", "When did Ulle Ekdahl's country join?"),
    ],
)
def test_a_persons_country_or_company_is_named(text: str, question: str, expected: str) -> None:
    assert standalone(question, [shown(turn("Who is Ulle Ekdahl?", "an envoy"), f"She came. {text}")]) == expected


def test_a_name_typed_without_capitals_is_known_by_the_passages() -> None:
    history = [shown(turn("who is ulle ekdahl", "the miller"), "Ulle Ekdahl is the miller.")]
    assert standalone("what did she buy?", history) == "What did Ulle Ekdahl buy?"


def test_she_is_no_country_and_no_month() -> None:
    history = [
        shown(
            turn("Who mediated between Velmara and Ostrany?"), "In Velmara and in Ostrany, on 14 March, nobody spoke."
        )
    ]
    assert standalone("When did she retire from the bench?", history) == (
        "When did she retire from the bench? (Who mediated between Velmara and Ostrany?)"
    )


def test_a_pronoun_reaches_over_a_turn_that_names_nobody() -> None:
    assert standalone("Was she ill?", [LIND, turn("How tall?")]) == "Was Anna Lind ill?"
    assert standalone("Where was she born?", [LIND, RUIZ]) == "Where was Anna Lind born?"


@given(st.text(max_size=60))
def test_without_history_a_question_is_left_alone(question: str) -> None:
    assert standalone(question, []) == question


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_exchanges_never_nest(earlier: str, question: str) -> None:
    first = turn("Is that so? (Who is Lind? the mayor)", "Monday")
    resolved = standalone("And is that true?", [turn(earlier), first])
    assert resolved == "Is that true? (Who is Lind? the mayor Monday)"
    assert isinstance(standalone(question, [first]), str)
