import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import InputError
from qa.render import to_annotations, to_json
from qa.saved import HINT, SavedAnswer, read_saved
from qa.types import Answer, Claim, Outcome, Span, Support
from tests.surface_fakes import ANSWERED, NOT_FOUND, NOTICE, UNVERIFIED, citation_of

ALL = (ANSWERED, NOT_FOUND, NOTICE, UNVERIFIED)


def saved_text(answer: Answer, **changes: Any) -> str:
    return json.dumps(to_json(answer) | changes)


@pytest.mark.parametrize("answer", ALL)
def test_a_saved_answer_comes_back_whole_but_for_the_text_of_its_hits(answer: Answer) -> None:
    (saved,) = read_saved(saved_text(answer), "a.json")
    assert saved.answer == replace(answer, hits=())
    assert (saved.question, saved.citations, saved.values) == (answer.question, answer.citations, to_json(answer))


@pytest.mark.parametrize("answer", ALL)
def test_the_json_of_an_answer_is_of_the_published_form_and_no_more(answer: Answer) -> None:
    form = SavedAnswer.model_validate(to_json(answer))
    assert form.model_dump(mode="json", by_alias=True) == json.loads(saved_text(answer))


def test_the_design_page_names_every_field_of_the_form() -> None:
    page = Path("docs/DESIGN.md").read_text(encoding="utf-8").partition("## The answer as JSON")[2]
    fields = re.findall(r'"(\w+)":', page.partition("```\n\n")[0])
    rendered = json.dumps(to_json(ANSWERED))
    assert set(fields) - {"accessed"} == set(re.findall(r'"(\w+)": ', rendered)) - {"author"}


text = st.text(st.characters(codec="utf-8"))


@settings(deadline=None)
@given(text, text, st.lists(text.filter(bool), min_size=1, max_size=3))
def test_any_text_survives_being_saved(question: str, prose: str, quotes: list[str]) -> None:
    made = tuple(
        replace(each, number=number, quote=replace(each.quote, text=words, span=Span(number, number + len(words))))
        for number, words in enumerate(quotes, 1)
        for each in [citation_of("It has burned every night since then.")]
    )
    claims = tuple(Claim(prose, (number,), Support.QUOTED) for number in range(1, len(made) + 1))
    answer = replace(ANSWERED, question=question, claims=claims, citations=made, hits=())
    assert read_saved(saved_text(answer), "a.json")[0].answer == answer
    (annotated,) = read_saved(json.dumps(to_annotations([answer])), "a.json")
    assert [each.quote for each in annotated.citations] == [each.quote for each in made]
    assert [(each.prefix, each.suffix) for each in annotated.citations] == [(each.prefix, each.suffix) for each in made]


@pytest.mark.parametrize("join", ["\n", "\r\n", "\n\n", ",\n"])
def test_many_answers_are_read_from_lines_and_from_a_list(join: str) -> None:
    lines = join.join(saved_text(answer) for answer in ALL)
    many = read_saved(f"[{lines}]" if join.startswith(",") else lines + "\n", "a.jsonl")
    assert [each.question for each in many] == [answer.question for answer in ALL]


@pytest.mark.parametrize(
    "pick", [lambda made: made, lambda made: made["first"], lambda made: made["first"]["items"][0]]
)
def test_annotations_are_read_in_a_collection_on_a_page_and_alone(pick: Callable[[Any], Any]) -> None:
    (saved,) = read_saved(json.dumps(pick(to_annotations([ANSWERED]))), "a.json")
    first = saved.citations[0]
    assert (first.quote, first.source, first.title) == (
        ANSWERED.citations[0].quote,
        ANSWERED.citations[0].source,
        ANSWERED.citations[0].title,
    )
    assert saved.answer is None


def test_further_fields_and_a_byte_order_mark_are_let_by() -> None:
    (saved,) = read_saved("\ufeff" + saved_text(ANSWERED, added_by="someone"), "a.json")
    assert saved.answer == replace(ANSWERED, hits=())


CITATION: dict[str, Any] = json.loads(saved_text(ANSWERED))["citations"][0]
ANNOTATION: Any = json.loads(json.dumps(to_annotations([ANSWERED])))["first"]["items"][0]


def cited(**changes: Any) -> str:
    return saved_text(ANSWERED, citations=[CITATION | changes], claims=[])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.json: holds no answer"),
        (" \n", "a.json: holds no answer"),
        ("Not JSON.", "a.json: not JSON (Expecting value: line 1 column 1 (char 0))"),
        ('{"a": 1', "a.json: not JSON (Expecting ',' delimiter: line 1 column 8 (char 7))"),
        ("[" * 100_000, "a.json: not a saved answer: nested too deeply"),
        ("{}", "a.json: not a saved answer: its schema is not 'qa.answer/1'"),
        ("17", "a.json: not a saved answer: its schema is not 'qa.answer/1'"),
        ("[17]", "a.json, entry 1: not a saved answer: its schema is not 'qa.answer/1'"),
        ('{"schema": "qa.answer/1"}', "a.json: question: Field required"),
        (saved_text(ANSWERED) + "\n{}\n", "a.json, line 2: not a saved answer: its schema is not 'qa.answer/1'"),
        (saved_text(ANSWERED) + "\n{]}\n", "a.json, line 2: not JSON"),
        (saved_text(ANSWERED, outcome="perhaps"), "a.json: outcome: Input should be 'answered', 'unverified'"),
        (saved_text(ANSWERED, citations=["x"]), "a.json: citations.0: Input should be a valid dictionary"),
        (cited(start="0"), "a.json: citations.0.start: Input should be a valid integer"),
        (cited(start=True), "a.json: citations.0.start: Input should be a valid integer"),
        (cited(start=-1), "a.json: citations.0.start: Input should be greater than or equal to 0"),
        (cited(quote="abc"), "a.json: citations.0: offsets 64..119 do not fit a quote of 3 characters"),
        (cited(start=5, end=5, quote=""), "a.json: citations.0: offsets 5..5 do not fit a quote of 0"),
        (cited(number=2), "a.json: the citations are numbered [2], not 1 to 1"),
        (saved_text(ANSWERED, citations=[]), "a.json: a claim rests on citation 1, which is not there"),
        ('{"type": "AnnotationPage", "items": 1}', "a.json: its annotations are not in it"),
        ('{"type": "Annotation"}', "a.json, annotation 1: target: Field required"),
        (
            json.dumps(ANNOTATION | {"target": ANNOTATION["target"] | {"selector": []}}),
            "a.json, annotation 1: target: it has no TextPositionSelector",
        ),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(text: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as raised:
        read_saved(text, "a.json")
    assert raised.value.hint == HINT


FIELDS = st.sampled_from(["schema", "type", "first", "items", "citations", "target", "selector", "question"])


@settings(deadline=None, max_examples=50)
@given(
    st.recursive(st.integers() | st.text(max_size=5), lambda inner: st.dictionaries(FIELDS, inner | st.lists(inner)))
)
def test_any_json_that_is_no_answer_is_an_input_error(value: object) -> None:
    for whole in (value, {"schema": "qa.answer/1", "citations": value}, {"type": "Annotation", "target": value}):
        with pytest.raises(InputError, match=r"^a\.json"):
            read_saved(json.dumps(whole), "a.json")


def test_an_outcome_is_one_of_ours() -> None:
    (saved,) = read_saved(saved_text(UNVERIFIED), "a.json")
    assert saved.answer is not None
    assert saved.answer.outcome is Outcome.UNVERIFIED
