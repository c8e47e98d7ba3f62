import json
import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from qa.cli.options import FormatName
from qa.render import MEDIA_TYPES, Format, dump, export, to_json, to_markdown
from qa.types import Answer, Claim, Support
from tests.surface_fakes import ANSWERED, NOT_FOUND, NOTICE, OPENED, QUOTE, UNVERIFIED, citation_of
from tests.test_render import ATTACKS, Page, attacked

ALL = (ANSWERED, NOT_FOUND, NOTICE, UNVERIFIED)


def footnotes(markdown: str) -> tuple[list[str], list[str]]:
    """The labels of all marks in order, and of all footnotes that a reader would see."""
    environment: dict[str, dict[str, dict[str, int]]] = {}
    tokens = MarkdownIt("gfm-like", {"linkify": False}).use(footnote_plugin).parse(markdown, environment)
    inline = [child for token in tokens for child in token.children or []]
    defined = environment.get("footnotes", {}).get("refs", {})
    marks = [str(child.meta["label"]) for child in inline if child.type == "footnote_ref"]
    return marks, [label.removeprefix(":") for label in defined]


@pytest.mark.parametrize("form", Format)
def test_every_format_ends_with_one_line_end_and_shows_no_control_character(form: Format) -> None:
    answer, _ = attacked("\n\n".join(ATTACKS) + "\x9b31m\u202e\u0007")
    for answers in ([answer], [answer, NOT_FOUND], []):
        text = export(answers, form)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert text == "" or text.endswith("\n")


def test_the_command_line_names_every_format() -> None:
    assert set(get_args(FormatName)) == {"text", *Format}
    assert set(MEDIA_TYPES) == set(Format)


def test_json_of_one_answer_is_itself_and_of_many_a_line_each() -> None:
    assert json.loads(export([ANSWERED], Format.JSON)) == to_json(ANSWERED)
    assert [json.loads(line) for line in export(ALL, Format.JSON).splitlines()] == [to_json(answer) for answer in ALL]


@settings(deadline=None)
@given(st.text(st.characters()))
def test_json_without_invisible_characters_is_the_same_json(text: str) -> None:
    dumped = dump({"text": text})
    assert json.loads(dumped) == {"text": text}
    assert dumped.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]", dumped)


def test_markdown_shows_every_footnote_and_leads_to_each() -> None:
    marks, notes = footnotes(to_markdown([ANSWERED]))
    assert (marks, notes) == (["1", "2", "1", "2"], ["1", "2"])


def test_footnotes_are_numbered_through_several_answers() -> None:
    marks, notes = footnotes(to_markdown([ANSWERED, NOT_FOUND, replace(ANSWERED, claims=())]))
    assert (marks, notes) == (["1", "2", "1", "2", "3", "4"], ["1", "2", "3", "4"])


def test_a_quote_that_no_sentence_mentions_keeps_its_footnote_without_a_short_answer() -> None:
    quotes = (citation_of(QUOTE), citation_of(OPENED, 2))
    claims = tuple(Claim(f"“{each.quote.text}”", (each.number,), Support.QUOTED) for each in quotes)
    markdown = to_markdown([replace(ANSWERED, short=None, claims=claims, citations=quotes)])
    assert footnotes(markdown) == (["1", "2"], ["1", "2"])


attack = st.one_of(
    st.sampled_from(ATTACKS), st.text(min_size=1), st.lists(st.sampled_from(ATTACKS), min_size=1).map("\n\n".join)
)


@settings(deadline=None)
@given(st.lists(st.tuples(attack, st.booleans()), min_size=1, max_size=3))
def test_no_text_adds_takes_or_renames_a_footnote(texts: list[tuple[str, bool]]) -> None:
    answers: list[Answer] = []
    for text, short in texts:
        answer, _ = attacked(text)
        answers.append(answer if short else replace(answer, short=None))
    marks, notes = footnotes(to_markdown(answers))
    expected = [str(number) for number in range(1, len(answers) + 1)]
    assert notes == expected
    assert list(dict.fromkeys(marks)) == expected


def test_markdown_stays_readable() -> None:
    asked = replace(
        ANSWERED, question='What did "the" lender say, in 1.5 years (or so); 50% - no?', citations=(), claims=()
    )
    assert to_markdown([asked]).startswith('**What did "the" lender say, in 1\\.5 years (or so); 50% - no?**')


@pytest.mark.parametrize(
    ("prefix", "suffix", "before", "after"),
    [
        ("rned down twice. ", " It was re", "… down twice. ", " It was …"),
        ("\n\nIt burned. ", "\n", "… It burned. ", ""),
        ("", "", "", ""),
        ("word", "word", "", ""),
    ],
)
def test_the_page_cuts_what_surrounds_a_quote_at_words(prefix: str, suffix: str, before: str, after: str) -> None:
    quote = replace(citation_of(QUOTE), prefix=prefix, suffix=suffix)
    page = Page(export([replace(ANSWERED, citations=(quote,), claims=())], Format.HTML))
    assert f"{before}{QUOTE}{after}" in page.text
    assert "rned down" not in page.text
