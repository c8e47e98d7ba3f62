"""What reads our bibliographies back: bibtexparser with pylatexenc, and citeproc-py."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from bibtexparser.entrypoint import parse_string
from citeproc import Citation as Cited
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from qa.render import to_bibtex, to_csl, visible
from qa.types import Answer
from tests.surface_fakes import ANSWERED, DOCUMENT, NOT_FOUND, citation_of
from tests.test_render import ATTACKS

KNOWN = {
    "author": "Ada Brook and Tom Reed",
    "date": "2017-11-30",
    "publisher": "Mill & Lane",
    "url": "https://example.org/bakery?page=1&lang=en",
    "accessed": "2026-11-24",
}


def answer(metadata: Mapping[str, str], title: str = "The bakery", source: str = "seeds/bakery.md") -> Answer:
    of = replace(DOCUMENT, metadata=metadata, title=title, sources=(source,))
    return replace(ANSWERED, citations=(citation_of("It has burned every night", 1, of),))


def decoder() -> LatexNodes2Text:
    """pylatexenc's, which has no names for braces in text and the caret of mathematics for that in text."""
    context = get_default_latex_context_db()
    named = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    macros = [MacroTextSpec(name, simplify_repl=character) for name, character in named.items()]
    context.add_context_category("in text", prepend=True, macros=macros)
    return LatexNodes2Text(latex_context=context)


def entries(*answers: Answer) -> dict[str, dict[str, str]]:
    """Each BibTeX entry's fields by key, its LaTeX decoded; not that of an address, which LaTeX takes as it stands."""
    library = parse_string(to_bibtex(answers))
    assert library.failed_blocks == []
    assert library.comments == library.strings == library.preambles == []
    return {
        entry.key: {
            field.key: str(field.value) if field.key == "url" else decoder().latex_to_text(str(field.value))
            for field in entry.fields
        }
        for entry in library.entries
    }


def test_bibtex_holds_what_the_document_says_of_itself() -> None:
    ((key, fields),) = entries(answer(KNOWN)).items()
    assert key == "brook2017-doc1"
    assert fields == {
        "author": "Brook, Ada and Reed, Tom",
        "title": "The bakery",
        "publisher": "Mill & Lane",
        "howpublished": "Mill & Lane",
        "year": "2017",
        "month": "nov",
        "day": "30",
        "url": "https://example.org/bakery?page=1&lang=en",
        "urldate": "2026-11-24",
        "note": "File seeds/bakery.md",
    }


def test_csl_holds_what_the_document_says_of_itself() -> None:
    assert to_csl([answer(KNOWN)]) == [
        {
            "id": "brook2017-doc1",
            "type": "webpage",
            "title": "The bakery",
            "author": [{"family": "Brook", "given": "Ada"}, {"family": "Reed", "given": "Tom"}],
            "issued": {"date-parts": [[2017, 11, 30]]},
            "accessed": {"date-parts": [[2026, 11, 24]]},
            "publisher": "Mill & Lane",
            "URL": "https://example.org/bakery?page=1&lang=en",
            "note": "File seeds/bakery.md",
        }
    ]


def test_a_document_without_origin_still_has_an_entry() -> None:
    assert to_csl([answer({})]) == [
        {"id": "source-doc1", "type": "document", "title": "The bakery", "note": "File seeds/bakery.md"}
    ]
    assert entries(answer({})) == {"source-doc1": {"title": "The bakery", "note": "File seeds/bakery.md"}}


def test_a_document_from_the_web_has_its_address() -> None:
    (item,) = to_csl([answer({}, source="https://example.org/a b")])
    assert (item["type"], item["URL"], "note" in item) == ("webpage", "https://example.org/a%20b", False)


def test_each_document_stands_once_in_the_order_of_its_first_citation() -> None:
    other = replace(DOCUMENT, id="doc2", title="Other")
    both = replace(ANSWERED, citations=(citation_of("Tom Reed", 1, other), *ANSWERED.citations))
    keys = ["lee-doc2", "lee-doc1"]
    assert [item["id"] for item in to_csl([both, NOT_FOUND, ANSWERED])] == keys
    assert list(entries(both, NOT_FOUND, ANSWERED)) == keys
    assert (to_csl([NOT_FOUND]), to_bibtex([NOT_FOUND])) == ([], "")


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ada Brook", ["Brook, Ada"]),
        ("Brook, Ada", ["Brook, Ada"]),
        ("Ada Brook, Tom Reed", ["Brook, Ada", "Reed, Tom"]),
        ("Ada Brook; Tom Reed", ["Brook, Ada", "Reed, Tom"]),
        ("Anna van der Berg", ["van der Berg, Anna"]),
        ("John F. Kennedy", ["Kennedy, John F."]),
        ("Associated Press", ["Associated Press"]),
        ("Barnes and Noble", ["Barnes and Noble"]),
        ("The Washington Post", ["The Washington Post"]),
        ("Grace Church", ["Grace Church"]),
        ("the project's own editors", ["the project's own editors"]),
        ("Reuters", ["Reuters"]),
        ("", []),
    ],
)
def test_a_name_is_parted_only_where_that_is_sure(author: str, names: list[str]) -> None:
    (item,) = to_csl([answer({"author": author})])
    made: Any = item.get("author", [])
    assert [name.get("literal") or f"{name['family']}, {name['given']}" for name in made] == names


@pytest.mark.parametrize(
    ("date", "parts"),
    [
        ("2017-11-30", [2017, 11, 30]),
        ("2017-11-30T10:00:00Z", [2017, 11, 30]),
        ("2017-11", [2017, 11]),
        ("2017", [2017]),
        ("30 November 2017", [2017, 11, 30]),
        ("Nov 3, 2017", [2017, 11, 3]),
    ],
)
def test_dates_are_read(date: str, parts: list[int]) -> None:
    assert to_csl([answer({"date": date})])[0]["issued"] == {"date-parts": [parts]}


@pytest.mark.parametrize("date", ["2017-13-45", "spring 2017", "99999999999"])
def test_what_is_no_date_is_kept_as_it_stands(date: str) -> None:
    assert to_csl([answer({"date": date})])[0]["issued"] == {"literal": date}
    ((_, fields),) = entries(answer({"date": date})).items()
    assert fields["year"] == date


STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>t</title>
<id>t</id><updated>2026-01-01T00:00:00+00:00</updated></info><citation><layout><text variable="title"/></layout>
</citation><bibliography><layout suffix="."><group delimiter=", "><names variable="author"><name/></names>
<text variable="title"/><date variable="issued"><date-part name="year"/></date><text variable="publisher"/>
<text variable="URL"/></group></layout></bibliography></style>"""


def test_a_citation_processor_makes_a_bibliography_of_it(tmp_path: Any) -> None:
    (tmp_path / "style.csl").write_text(STYLE, encoding="utf-8")
    style = CitationStylesStyle(str(tmp_path / "style.csl"), validate=False)
    source = CiteProcJSON(json.loads(json.dumps(to_csl([answer(KNOWN)]))))
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Cited([CitationItem("brook2017-doc1")]))
    (line,) = bibliography.bibliography()
    expected = "Ada Brook, Tom Reed, The bakery, 2017, Mill & Lane, https://example.org/bakery?page=1&lang=en."
    assert str(line) == expected


TEX = (
    "\\input{/etc/passwd}",
    "} @book{evil, title={x}",
    "\\write18{rm -rf /}",
    "100% & $5_a^b ~ # {",
    '"}\n@string{a="b"}',
)
LIGATURES = re.compile(r"[\s\-–—`'‘’“”¡¿<>!?\"«»,„]")  # LaTeX sets two hyphens as a dash: not what is tested here
attack = st.one_of(st.sampled_from(ATTACKS + TEX), st.text(min_size=1))


@settings(deadline=None)
@given(attack, attack, attack)
def test_no_text_leaves_its_field(title: str, name: str, source: str) -> None:
    hostile = answer({"author": name, "date": name, "publisher": title, "url": source, "accessed": name}, title, source)
    text = to_bibtex([hostile])
    assert text.count("{") == text.count("}")  # an escaped brace counts for BibTeX
    assert not re.search(r"\\(?!textbackslash\{\}|textbrace(left|right)\{\}|textascii(tilde|circum)\{\}|[#$%&_])", text)
    ((key, fields),) = entries(hostile, hostile).items()
    assert re.fullmatch(r"[a-z]+\d*-doc1", key)
    assert set(fields) <= {
        *("author", "title", "publisher", "howpublished", "year", "month", "day", "url", "urldate", "note")
    }
    assert LIGATURES.sub("", fields.get("title", "")) == LIGATURES.sub("", visible(title))
    (item,) = to_csl([hostile])
    assert re.fullmatch(r"https?://[!-~]*", str(item.get("URL", "https://")))
