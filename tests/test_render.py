import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console

from qa.render import (
    document_html,
    documents_html,
    escape_html,
    escape_markdown,
    hits_html,
    statement_row,
    statements_csv,
    to_html,
    to_json,
    to_markdown,
    to_terminal,
    visible,
)
from qa.render.document import EDGE_CHARACTERS, PART_CHARACTERS
from qa.types import Answer, Citation, Claim, Document, Hit, Outcome, Quote, Span, Statement, Support
from tests.surface_fakes import (
    ANSWERED,
    DOCUMENT,
    HITS,
    NOT_FOUND,
    NOTICE,
    OPENED,
    QUOTE,
    TEXT,
    UNVERIFIED,
    citation_of,
    passage_of,
    span_of,
)

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![pixel](https://evil.example/p.png)",
    "[click](javascript:alert(1))",
    "</mark></p><form action=//evil.example><input name=q>",
    "<https://evil.example> www.evil.example https://evil.example a@evil.example",
    '" onmouseover="alert(1)',
    "{{constructor}} ${alert(1)} $$\\href{x}{y}$$",
    "``` \n\n<video src=x>\n\n```\n\n# title\n\n| a | b |\n|---|---|",
    "&lt;b&gt; &#60;b&#62; &amp;lt;",
    "\x1b[2J\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "[^1]: note\n\n[1]: https://evil.example",
)
attack = st.one_of(
    st.sampled_from(ATTACKS), st.text(min_size=1), st.lists(st.sampled_from(ATTACKS), min_size=1).map("\n\n".join)
)


class Page(HTMLParser):
    """Collects what a browser would make of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.marked: list[str] = []
        self.depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.depth += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.depth:
            self.marked.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment came alive: {data}")

    @property
    def text(self) -> str:
        return "".join(self.words)


def attacked(text: str) -> tuple[Answer, Document]:
    """An answer and a document that hold `text` wherever text can stand."""
    document = Document("doc<1>", text, (text,), text, (), {"author": text})
    quote = Quote("doc<1>", Span(0, len(text)), text)
    citation = Citation(1, quote, text, text, 3, text[:32], text[-32:])
    hit = Hit(replace(HITS[0].passage, text=text, heading=text), 1.0, HITS[0].found_by)
    claims = (Claim(text, (1,), Support.QUOTED), Claim(text, (), Support.UNSUPPORTED))
    answer = replace(ANSWERED, question=text, short=text, claims=claims, citations=(citation,), hits=(hit,))
    return answer, document


def assert_harmless(html: str, allowed: set[str]) -> None:
    page = Page(html)
    assert {tag for tag, _ in page.tags} <= allowed
    for _, attributes in page.tags:
        assert set(attributes) <= {"class", "id", "href", "aria-label", "data-for", "tabindex", "dir", "title"}
        assert (attributes.get("href") or "#").startswith("#")
    # gr.Chatbot reads Markdown: blank lines end an HTML block, and these characters mean something to Markdown,
    # to templates or to KaTeX
    assert "\n" not in html
    assert not re.search(r"[`*\[\]{}$~|\\]", html)


ANSWER_TAGS = {"div", "p", "strong", "a", "span", "ul", "li"}


@settings(deadline=None)  # a busy machine is slow
@given(attack)
def test_no_text_comes_alive_in_html(text: str) -> None:
    answer, document = attacked(text)
    for each in (answer, replace(answer, outcome=Outcome.NOT_FOUND, claims=(), citations=(), short=None)):
        assert_harmless(to_html(each, "turn-1-"), ANSWER_TAGS)
    assert_harmless(to_html(replace(answer, notice=text, claims=())), ANSWER_TAGS)
    assert_harmless(answer._repr_html_().replace("\n", ""), {*ANSWER_TAGS, "section", "h4", "ol", "blockquote", "mark"})
    assert_harmless(hits_html(answer.hits), ANSWER_TAGS)
    assert_harmless(documents_html([document]), ANSWER_TAGS)
    highlights = [Span(0, len(text)), Span(0, 1)]
    assert_harmless(document_html(document, highlights), {"article", "h2", "span", "p", "mark"})


def test_a_notebook_shows_an_answer_whose_marks_lead_to_its_quotes() -> None:
    page = Page(ANSWERED._repr_html_())
    assert page.tags[:2] == [("section", {}), ("h4", {"dir": "auto"})]
    assert page.text.strip().startswith(ANSWERED.question)
    places = {attributes["id"] for tag, attributes in page.tags if tag == "li"}
    links = {str(attributes["href"]).removeprefix("#") for tag, attributes in page.tags if tag == "a"}
    assert links == places
    assert len(places) == len(ANSWERED.citations)
    assert page.marked == [citation.quote.text for citation in ANSWERED.citations]
    other = Page(replace(ANSWERED, question="Who else?")._repr_html_())
    assert places.isdisjoint(attributes.get("id") for _, attributes in other.tags)  # both may be on one page


def live_tokens(markdown: str) -> set[str]:
    """The kinds of Markdown token in `markdown` that are more than paragraphs of plain and strong text."""

    def kinds(tokens: list[Token]) -> set[str]:
        return {token.type for token in tokens} | {kind for token in tokens for kind in kinds(token.children or [])}

    plain = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak", "text_special"}
    # footnotes are no part of CommonMark: their marks are text here
    return kinds(MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)) - plain


@settings(deadline=None)  # a busy machine is slow
@given(attack)
@example("\n")
def test_no_text_comes_alive_in_markdown(text: str) -> None:
    answer, _ = attacked(text)
    assert live_tokens(to_markdown([answer])) <= {"strong_open", "strong_close", "em_open", "em_close"}


@settings(deadline=None)  # a busy machine is slow
@given(attack)
def test_escaped_html_is_the_visible_text(text: str) -> None:
    assert Page(escape_html(text)).text == visible(text)


@settings(deadline=None)  # a busy machine is slow
@given(st.text())
def test_escaped_markdown_is_the_visible_text_on_one_line(text: str) -> None:
    escaped = escape_markdown("x" + text)
    shown = Page(MarkdownIt("commonmark").render(escaped)).text
    assert shown.strip() == " ".join(visible("x" + text).split())


@settings(deadline=None)  # a busy machine is slow
@given(st.text(), st.text())
def test_terminal_text_holds_no_control_character(question: str, words: str) -> None:
    answer, _ = attacked(words + "x")
    shown = terminal(replace(answer, question=question))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown.replace("\t", ""))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("pass\u200bword", "pass⟨U+200B⟩word"),
        ("pay\u200dpal", "pay⟨U+200D⟩pal"),
        ("👩\u200d🍳", "👩\u200d🍳"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\x1b[2J\x00", "⟨U+001B⟩[2J⟨U+0000⟩"),
        ("\ufefftext\U000e0041", "⟨U+FEFF⟩text⟨U+E0041⟩"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\ud800", "⟨U+D800⟩"),
        ("Größe – “é” 日本", "Größe – “é” 日本"),
    ],
)
def test_invisible_characters_are_named(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_question_made_to_stand_alone_is_shown_wherever_the_answer_is() -> None:
    followed = replace(ANSWERED, question="And who said it?", standalone_question="Who said that bread is <old>?")
    assert "Understood as: Who said that bread is <old>?" in terminal(followed)
    assert "*Understood as: Who said that bread is &lt;old&gt;?*" in to_markdown([followed])
    assert "Understood as: Who said that bread is <old>?" in Page(to_html(followed)).text
    assert_harmless(to_html(followed), ANSWER_TAGS)
    assert "Understood" not in to_html(ANSWERED) + to_markdown([ANSWERED]) + terminal(ANSWERED)


def test_json_is_the_published_form() -> None:
    rendered = json.loads(json.dumps(to_json(ANSWERED)))
    assert rendered == {
        "schema": "qa.answer/1",
        "question": "Who said that bread is older than kings?",
        "standalone_question": "Who said that bread is older than kings?",
        "outcome": "answered",
        "short": "Ada Brook",
        "text": f"Ada Brook said it at the opening. [1] [2] {QUOTE} [1]",
        "confidence": 0.87,
        "claims": [
            {"text": "Ada Brook said it at the opening.", "citations": [1, 2], "support": "supported"},
            {"text": QUOTE, "citations": [1], "support": "quoted"},
        ],
        "citations": [
            {
                "number": number,
                "document_id": "doc1",
                "title": "The bakery on Mill Lane",
                "source": "seeds/bakery.md",
                "page": None,
                "start": TEXT.index(quote),
                "end": TEXT.index(quote) + len(quote),
                "quote": quote,
                "prefix": TEXT[max(0, TEXT.index(quote) - 32) : TEXT.index(quote)],
                "suffix": TEXT[TEXT.index(quote) + len(quote) :][:32],
                "metadata": {"author": "Ann Lee"},
            }
            for number, quote in ((1, QUOTE), (2, OPENED))
        ],
        "hits": [
            {
                "passage_id": hit.passage.id,
                "document_id": "doc1",
                "start": hit.passage.span.start,
                "end": hit.passage.span.end,
                "score": hit.score,
            }
            for hit in HITS
        ],
        "timings_ms": {"retrieve": 4.0, "read": 9.0, "first_sentence": 60.0, "total": 80.0},
        "models": {
            "embedder": "fake-words",
            "reader": "fake-reader",
            "language_model": "fake-language-model",
        },
    }


def test_json_of_no_answer_has_nulls_and_the_notice_as_text() -> None:
    rendered = to_json(NOTICE)
    assert (rendered["outcome"], rendered["short"], rendered["confidence"]) == ("not_found", None, None)
    assert rendered["text"] == "Hello. Ask me about the documents."


def terminal(answer: Answer) -> str:
    console = Console(file=io.StringIO(), width=100, color_system=None)
    console.print(to_terminal(answer))
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_terminal_shows_answer_marks_and_numbered_quotes() -> None:
    lines = [line.rstrip() for line in terminal(ANSWERED).splitlines()]
    assert lines == [
        "Ada Brook [1] [2]",
        "Ada Brook said it at the opening. [1] [2]",
        "",
        "[1] The bakery on Mill Lane, seeds/bakery.md",
        f"    {QUOTE}",
        "",
        "[2] The bakery on Mill Lane, seeds/bakery.md",
        f"    “{OPENED}”",
    ]


def test_terminal_shows_the_nearest_passages_when_the_sources_do_not_say() -> None:
    lines = [line.rstrip() for line in terminal(NOT_FOUND).splitlines()]
    assert lines == [
        "The sources do not say.",
        "The nearest passages:",
        f"  · {OPENED} {QUOTE}",
        "  · It has burned every night since then.",
    ]


def test_terminal_marks_what_is_not_proved() -> None:
    lines = [line.rstrip() for line in terminal(UNVERIFIED).splitlines()]
    assert lines == ["His father taught him. (not proved by the sources)", "The sources do not prove this."]


def test_terminal_shows_a_notice_alone() -> None:
    assert terminal(NOTICE).strip() == "Hello. Ask me about the documents."


def test_terminal_names_the_page() -> None:
    answer = replace(ANSWERED, citations=(citation_of(OPENED, 1, page=4),), claims=ANSWERED.claims[:0])
    assert "[1] The bakery on Mill Lane, p. 4, seeds/bakery.md" in terminal(answer)


def test_markdown_has_footnotes() -> None:
    assert to_markdown([ANSWERED]).replace("\\", "") == (
        "**Who said that bread is older than kings?**\n\n"
        "Ada Brook[^1][^2]\n\n"
        "Ada Brook said it at the opening.[^1][^2]\n\n"
        f"[^1]: {QUOTE} — The bakery on Mill Lane, seeds/bakery.md\n"
        f"[^2]: “{OPENED}” — The bakery on Mill Lane, seeds/bakery.md\n"
    )


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        (NOT_FOUND, "*The sources do not say.*"),
        (UNVERIFIED, "*The sources do not prove this.*"),
        (NOTICE, "Hello. Ask me about the documents."),
    ],
)
def test_markdown_says_the_outcome(answer: Answer, last: str) -> None:
    assert to_markdown([answer]).rstrip("\n").split("\n\n")[-1] == last


def test_html_marks_lead_to_the_sources_of_their_answer() -> None:
    page = Page(to_html(ANSWERED, "turn-3-"))
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links == [f"#turn-3-source-{number}" for number in (1, 2, 1, 2, 1, 2)]
    assert "Ada Brook[1][2]" in page.text
    assert page.text.endswith(f"[1] {QUOTE}[2] {OPENED}The bakery on Mill Lane")


def test_the_short_answer_is_marked_with_its_proof_and_the_quote_that_holds_it() -> None:
    answer = replace(ANSWERED, short="bakery in 1921", claims=())
    assert "bakery in 1921[1][2]" in Page(to_html(answer)).text
    unheld = replace(ANSWERED, short="the baker in town", claims=())
    # the second [1] opens the list of sources
    assert "the baker in town[1]High confidence (87%)[1] " in Page(to_html(unheld)).text


def test_html_of_no_answer_is_calm_and_shows_the_nearest_passages() -> None:
    page = Page(to_html(NOT_FOUND, "turn-1-"))
    assert "The sources do not say." in page.text
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links == ["#turn-1-passage-1", "#turn-1-passage-2"]


def test_html_marks_what_is_not_proved() -> None:
    page = Page(to_html(UNVERIFIED))
    assert "His father taught him.not proved by the sources" in page.text
    assert ("span", {"class": "qa-claim qa-unsupported"}) in page.tags


@settings(deadline=None)  # a busy machine is slow
@given(st.data())
def test_every_highlight_is_marked_exactly(data: st.DataObject) -> None:
    text = data.draw(st.text("ab \n", min_size=1).filter(str.strip))
    offset = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(offset, offset).filter(lambda pair: pair[0] < pair[1]), max_size=4))
    spans = [Span(*pair) for pair in pairs]
    page = Page(document_html(Document("d", "T", ("s",), text), spans))
    covered = "".join(character for at, character in enumerate(text) if any(s.start <= at < s.end for s in spans))
    assert "".join("".join(page.marked).split()) == "".join(covered.split())
    assert "".join(page.text.removeprefix("Ts").split()) == "".join(text.split())
    ids = [attributes["id"] for tag, attributes in page.tags if tag == "mark" and "id" in attributes]
    expected = [f"mark-{n}" for n, span in enumerate(spans, 1) if text[span.start : span.end].strip()]
    assert len(ids) == len(set(ids))
    assert set(ids) >= set(expected)


def test_a_highlight_over_two_paragraphs_has_one_id_and_two_marks() -> None:
    words = "at the opening.\n\nThe oven"
    page = Page(document_html(DOCUMENT, [span_of(words)], ["here"]))
    marks = [attributes for tag, attributes in page.tags if tag == "mark"]
    assert [attributes.get("id") for attributes in marks] == ["here", None]
    assert {attributes["data-for"] for attributes in marks} == {"here"}
    assert page.marked == ["at the opening.", "The oven"]


def test_a_document_shows_title_origin_and_headings() -> None:
    page = Page(document_html(DOCUMENT))
    assert page.text.startswith("The bakery on Mill LaneAnn Lee · seeds/bakery.md# The bakery")
    assert ("p", {"class": "qa-heading", "dir": "auto"}) in page.tags


def test_pages_are_named_where_they_start() -> None:
    document = replace(DOCUMENT, pages=(0, TEXT.index("The oven"), TEXT.index("It has")))
    text = Page(document_html(document)).text
    assert "Page 1# The bakery" in text
    assert "Page 2The oven" in text
    assert "Page 3It has burned" in text


def test_front_matter_is_set_apart() -> None:
    document = replace(DOCUMENT, text="---\ntitle: x\n---\n\nBody")
    assert ("p", {"class": "qa-front-matter", "dir": "auto"}) in Page(document_html(document)).tags


LONG = replace(DOCUMENT, text="\n\n".join(f"Paragraph number {number}.{'.' * 300}" for number in range(5000)))


def test_a_very_long_document_is_shown_around_its_highlight() -> None:
    page = Page(document_html(LONG, [span_of("number 2500.", LONG.text)]))
    assert page.marked == ["number 2500."]
    assert PART_CHARACTERS - EDGE_CHARACTERS < len(page.text) < PART_CHARACTERS + 2 * EDGE_CHARACTERS
    assert "Paragraph number 0." in Page(document_html(LONG)).text
    before, after = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
    assert re.fullmatch(r"#document-doc1@\d+-\d+", before)
    start = int(after.partition("@")[2].partition("-")[0])
    assert f"Characters {int(before.rpartition('-')[2]) + 1:,}–{start:,} of {len(LONG.text):,}" in page.text


def test_the_parts_of_a_long_document_are_the_document() -> None:
    """Turned from the first to the last and back, they hold every character that is no white space, once."""
    for anchor, pick in (("", -1), (f"@{len(LONG.text) - 500}-{len(LONG.text)}", 0)):
        texts: list[str] = []
        while anchor or not texts:
            edges = [int(each) for each in re.findall(r"\d+", anchor.rpartition("@")[2])]
            page = Page(document_html(LONG, part=Span(*edges) if edges else None))
            body = page.text.partition(f" of {len(LONG.text):,}")[2]
            texts.append("".join(re.sub("Show what is (before|after)", "", body).split()))
            words = "Show what is before" if pick == 0 else "Show what is after"
            links = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
            anchor = links[pick] if words in page.text else ""
        assert "".join(texts if pick else texts[::-1]) == "".join(LONG.text.split())


def test_one_endless_paragraph_is_shown_in_part() -> None:
    page = Page(document_html(replace(DOCUMENT, text="x" * 100_000)))
    assert len(page.text) < PART_CHARACTERS + EDGE_CHARACTERS


def test_a_part_names_its_pages() -> None:
    starts = tuple(range(0, len(LONG.text), 3_200))
    page = Page(document_html(replace(LONG, pages=starts), [Span(starts[245] + 100, starts[245] + 120)]))
    assert re.search(rf"Pages 24[45]–24[78] of {len(starts)}", page.text)
    assert "Page 246" in page.text


@pytest.mark.parametrize("part", [Span(0, 10**9), Span(10**9, 10**9 + 5)])
def test_no_part_is_longer_than_parts_are(part: Span) -> None:
    assert len(Page(document_html(LONG, part=part)).text) < PART_CHARACTERS + 2 * EDGE_CHARACTERS


def test_lists_without_rows_are_empty() -> None:
    assert (hits_html([]), documents_html([])) == ("", "")


STATEMENT = Statement(
    speaker="Ada Brook",
    words="Bread is older than kings,",
    cue="said",
    quote=Quote("doc1", span_of('"Bread is older than kings,"'), '"Bread is older than kings,"'),
    speaker_quote=Quote("doc1", span_of("Brook said"), "Brook"),
    named_at=Quote("doc1", span_of("Ada Brook"), "Ada Brook"),
    reported=False,
)


def test_a_statement_is_a_flat_row() -> None:
    assert statement_row(STATEMENT) == {
        "speaker": "Ada Brook",
        "cue": "said",
        "words": "Bread is older than kings,",
        "reported": False,
        "document_id": "doc1",
        "start": TEXT.index('"Bread'),
        "end": TEXT.index('"Bread') + 28,
        "quote": '"Bread is older than kings,"',
        "speaker_quote": "Brook",
        "named_at": "Ada Brook",
    }


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_becomes_a_formula(words: str) -> None:
    (row,) = csv.DictReader(io.StringIO(statements_csv([replace(STATEMENT, words=words)])))
    assert row["words"] == "'" + words
    assert row["quote"] == '"Bread is older than kings,"'


def test_a_passage_link_shows_heading_and_opening() -> None:
    long = Hit(replace(passage_of(OPENED), text="word " * 100, heading="Top"), 1.0, HITS[0].found_by)
    text = Page(hits_html([long])).text
    assert text == "word " * 31 + "word …Top"
