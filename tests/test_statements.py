from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.statements import Scored, Verdict, load, score
from qa.statements import statements
from qa.types import Document


def document(text: str) -> Document:
    return Document("doc", "A title", ("a.txt",), text)


def said(text: str) -> list[tuple[str, str]]:
    """Speaker and words of every direct quotation."""
    return [(found.speaker, found.words) for found in statements(document(text)) if not found.reported]


def reports(text: str) -> list[tuple[str, str]]:
    return [(found.speaker, found.words) for found in statements(document(text)) if found.reported]


@pytest.fixture(scope="module")
def scored() -> list[Scored]:
    """Verdicts on the hand-marked texts."""
    return score(load())


@pytest.mark.parametrize("part", ["dev", "held_out"])
@pytest.mark.parametrize(("reported", "least", "most_wrong"), [(False, 0.9, 0), (True, 0.9, 1)])
def test_marked_statements_are_found_and_given_to_nobody_wrong(
    scored: list[Scored], part: str, reported: bool, least: float, most_wrong: int
) -> None:
    counts = Counter(each.verdict for each in scored if (each.text.part, each.reported) == (part, reported))
    marked = counts.total() - counts[Verdict.UNMARKED]
    assert counts[Verdict.RIGHT] >= least * marked
    assert counts[Verdict.WRONG] <= most_wrong
    assert counts[Verdict.UNMARKED] <= most_wrong


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Anna Lind told Peter Ruiz: “We shall see.”", "Anna Lind"),
        ("Anna Lind told the BBC: “We shall see.”", "Anna Lind"),
        ("Anna Lind wrote to Peter Ruiz: “We shall see.”", "Anna Lind"),
        ("The crowd shouted at Peter Ruiz: “Go home now.”", "The crowd"),
        ("Then Peter Ruiz: “We shall see about that.”", "Peter Ruiz"),
    ],
)
def test_who_is_told_does_not_speak(text: str, speaker: str) -> None:
    assert [who for who, _ in said(text)] == [speaker]
    assert said("There was a sign outside for Peter Ruiz: “Go home now.”") == []


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        (
            "Anna Lind said the plan was “mad”, while Peter Ruiz said it was “a joke”.",
            [("Anna Lind", "mad"), ("Peter Ruiz", "a joke")],
        ),
        (
            "Anna Lind said the plan was “mad”, and Peter Ruiz called it “a joke”.",
            [("Anna Lind", "mad"), ("Peter Ruiz", "a joke")],
        ),
        (
            "Anna Lind described the plan as “mad”, but Peter Ruiz said it was “a joke”.",
            [("Anna Lind", "mad"), ("Peter Ruiz", "a joke")],
        ),
        (
            "Anna Lind said Peter Ruiz was “a liar”, while Eva Hansen called him “a saint”.",
            [("Anna Lind", "a liar"), ("Eva Hansen", "a saint")],
        ),
        ("“Let them eat,” Ida Holm is supposed to have said, though Jean Ruiz wrote it first.", []),
    ],
)
def test_two_clauses_have_a_speaker_each(text: str, spoken: list[tuple[str, str]]) -> None:
    assert said(text) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        (
            "Peter Ruiz, whom Anna Lind called “a liar”, said he was “deeply hurt”.",
            [("Anna Lind", "a liar"), ("Peter Ruiz", "deeply hurt")],
        ),
        (
            "Anna Lind, described by Peter Ruiz as “a liar”, said she was “deeply hurt”.",
            [("Peter Ruiz", "a liar"), ("Anna Lind", "deeply hurt")],
        ),
    ],
)
def test_an_aside_about_the_subject_has_a_speaker_of_its_own(text: str, spoken: list[tuple[str, str]]) -> None:
    assert said(text) == spoken


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("“You lied,” Jane Cole told Ann Poe. “I did not,” she replied.", ["Jane Cole", "she"]),
        ("“You lied,” Jane Cole said. “I saw you,” she added.", ["Jane Cole", "Jane Cole"]),
        ("“Is it you?” asked Peter Ruiz, turning to Marc Hill.\n\n“It is I,” he said.", ["Peter Ruiz", "he"]),
        ("“Is it you?” Peter Ruiz asked. “I hope so,” he said.", ["Peter Ruiz", "Peter Ruiz"]),
    ],
)
def test_nobody_replies_to_their_own_words(text: str, speakers: list[str]) -> None:
    assert [who for who, _ in said(text)] == speakers


def test_a_gesture_after_a_full_stop_tells_nothing_of_who_spoke() -> None:
    assert said("Mary Lind smiled. “We were in Oslo.” Peter Ruiz frowned. “We were not.”") == []


def test_what_is_told_ends_where_another_begins_to_speak() -> None:
    text = "Anna Lind said the plan was sound, while Peter Ruiz said it was mad; Ida Holm said it was both."
    assert reports(text) == [
        ("Anna Lind", "the plan was sound"),
        ("Peter Ruiz", "it was mad"),
        ("Ida Holm", "it was both"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Neither Anna Lind nor Peter Ruiz said that the party was over.",
        "It is not true that Anna Lind said that the party was over.",
        "It is a myth that Mayor Anna Lind said the party was over.",
        "Anna Lind could have said: “The party is over.”",
        "Anna Lind might have said that the party was over.",
        "If Anna Lind says that the party is over, we go.",
        "Had Anna Lind said that the party was over, we would go.",
        "Police asked whether Peter Ruiz had said that the party was over.",
        "Nobody said that the party was over.",
    ],
)
def test_what_nobody_is_told_to_have_said_is_no_statement(text: str) -> None:
    assert statements(document(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "ABSTRACT: We study mice.\nMETHODS: We took mice.\nRESULTS: They slept.",
        "FROM: Anna Lind\nTO: Peter Ruiz\nSUBJECT: The plan\n\nHello there.",
        "INGREDIENTS: Flour, water.\nMETHOD: Stir.\nSERVES: Four.",
    ],
)
def test_headings_are_no_speakers(text: str) -> None:
    assert statements(document(text)) == ()


def test_speakers_of_a_transcript_come_again() -> None:
    text = "SMITH: We are here.\nJONES: No, we are not.\nSMITH: Well, we are."
    assert [who for who, _ in said(text)] == ["SMITH", "JONES", "SMITH"]


def test_what_surrounds_its_attribution_is_told_whole() -> None:
    text = "Marta Diaz spoke. The roof, she told them, was the one that leaked."
    found = [(each.speaker, each.words) for each in statements(document(text))]
    assert found == [("Marta Diaz", "The roof, she told them, was the one that leaked")]


def test_a_pronoun_is_kept_where_nobody_is_known_to_be_of_its_gender() -> None:
    text = "When her son called, Marta Diaz was on the roof. “Mum, get down,” he said."
    assert said(text) == [("he", "Mum, get down,")]


def test_places_are_the_nearest_naming_and_the_fullest_form() -> None:
    text = "Mayor Lena Hartwell met Ivo Brandt. ‘The ferry stays,’ Hartwell said. ‘No more cuts.’"
    first, second = statements(document(text))
    assert (first.speaker, first.words, first.cue) == ("Lena Hartwell", "The ferry stays,", "said")
    assert (first.speaker_quote.text, first.speaker_quote.span.start) == ("Hartwell", text.rindex("Hartwell"))
    assert (first.named_at.text, first.named_at.span.start) == ("Lena Hartwell", 6)
    assert (second.speaker, second.words) == ("Lena Hartwell", "No more cuts.")


def test_a_pronoun_that_two_people_fit_stays_a_pronoun() -> None:
    assert said("Peter Lang met Simon Webb on Monday. ‘It is sold,’ he said.") == [("he", "It is sold,")]


def test_a_pronoun_follows_the_speaker_and_the_gender() -> None:
    text = "Clara Voss told Martin Hale that the file was lost. ‘Find it,’ she said. ‘I will,’ he said."
    assert said(text) == [("Clara Voss", "Find it,"), ("Martin Hale", "I will,")]


def test_a_caption_between_does_not_change_who_he_is() -> None:
    text = (
        "Foreign Minister Paul Adler announced a cut.\n\nRobert Dunn, a rival of many years, at his desk\n\n"
        "‘We will do it again,’ he told reporters."
    )
    assert said(text) == [("Paul Adler", "We will do it again,")]


def test_scare_quotes_titles_and_signs_are_no_statements() -> None:
    assert said("The ‘gold class’ seats are sold out. The film “Winter Harbour” opens on Friday.") == []
    assert said("Gus Ames held up a sign: ‘No entry’.") == []


def test_one_quoted_word_beside_a_verb_is_a_statement() -> None:
    assert said("The top adviser reportedly called Lars Holt a ‘clown’ at lunch.") == [("The top adviser", "clown")]


def test_apostrophes_in_single_quotes_do_not_end_them() -> None:
    text = "‘It’s our allies’ choice and I can’t change it,’ said Joe Tindall."
    assert said(text) == [("Joe Tindall", "It’s our allies’ choice and I can’t change it,")]


def test_a_quotation_over_paragraphs_is_one_speakers() -> None:
    text = "“We waited.\n\n“Then the lamp went out,” Abel Winters said."
    assert said(text) == [("Abel Winters", "We waited."), ("Abel Winters", "Then the lamp went out,")]


def test_a_question_is_not_answered_by_its_asker() -> None:
    assert said("‘Who paid?’ asked Ana Ruiz.\n\n‘Nobody.’") == [("Ana Ruiz", "Who paid?")]


def test_reported_speech_by_that_by_comma_and_by_according_to() -> None:
    assert reports("Ana Ruiz told the BBC on Monday that the dam would hold.") == [("Ana Ruiz", "the dam would hold")]
    assert reports("The dam will hold, Ana Ruiz said.") == [("Ana Ruiz", "The dam will hold")]
    assert reports("According to two engineers, the dam will hold.") == [("two engineers", "the dam will hold")]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n\n", "‘", "’", "“”", "‘’ said", "said", "said Ann", ": ‘a’", "“a", "“a\n\n“", "'' he said.",
        "A: B: C:", "SMITH:\nJONES:", "according to", "‘a’ said", "İ said ‘b’.", "‘ſ’ said ſ.", "\ue000 said \ue001.",
        "Dr. said “.”",
    ],
)  # fmt: skip
def test_broken_texts_raise_nothing(text: str) -> None:
    for found in statements(document(text)):
        assert found.quote.span.within(text) == found.words


PIECES = st.sampled_from(
    ["‘", "’", "“", "”", '"', "'", " ", " ", "\n\n", ".", ",", ":", "?", "he ", "Ann Bo", "Mr. ", "said ", "told ",
     "that ", "according to ", "the mayor ", "and ", "(", ")", "—", "ADA: ", "\n", "Bo’s ", "calling ", "é", "who "]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
@example("AND who \x1bsaid")
def test_every_statement_is_verbatim_in_any_text(text: str) -> None:
    for found in statements(document(text)):
        for quote in (found.quote, found.speaker_quote, found.named_at):
            assert quote.span.within(text) == quote.text
        assert found.quote.text == found.words
        assert found.named_at.text == found.speaker
