"""https://www.w3.org/TR/annotation-model/ is what the assertions follow; section numbers are of it."""

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.render import document_of, place_of, to_annotations
from qa.render.annotations import address_of
from qa.types import Answer
from tests.surface_fakes import ANSWERED, NOT_FOUND, TEXT

# the terms that http://www.w3.org/ns/anno.jsonld defines and that we use
TERMS = {
    *("@context", "id", "type", "label", "total", "first", "partOf", "startIndex", "items"),
    *("motivation", "body", "value", "format", "purpose", "target", "source", "canonical", "selector"),
    *("start", "end", "exact", "prefix", "suffix"),
}


def annotations(*answers: Answer) -> Any:
    return json.loads(json.dumps(to_annotations(answers)))


def terms(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(terms, value))
    return set(value).union(*map(terms, value.values())) if isinstance(value, dict) else set()


def test_a_collection_holds_one_page_of_all_annotations() -> None:  # 5.1, 5.2
    made = annotations(ANSWERED)
    assert (made["@context"], made["type"], made["total"]) == (
        "http://www.w3.org/ns/anno.jsonld",
        "AnnotationCollection",
        2,
    )
    assert made["label"] == ANSWERED.question
    page = made["first"]
    assert (page["type"], page["partOf"], page["startIndex"], len(page["items"])) == (
        "AnnotationPage",
        made["id"],
        0,
        2,
    )
    assert terms(made) == TERMS


def test_every_selector_finds_the_quote_in_the_document() -> None:  # 4.2.4, 4.2.5
    for annotation, citation in zip(annotations(ANSWERED)["first"]["items"], ANSWERED.citations, strict=True):
        position, words = annotation["target"]["selector"]
        assert (position["type"], words["type"]) == ("TextPositionSelector", "TextQuoteSelector")
        assert TEXT[position["start"] : position["end"]] == words["exact"] == citation.quote.text
        assert TEXT.count(words["prefix"] + words["exact"] + words["suffix"]) == 1


def test_the_bodies_are_the_question_and_the_claims_that_rest_on_the_quote() -> None:  # 3.2.4, 3.3.5
    first, second = annotations(ANSWERED)["first"]["items"]
    assert [(body["purpose"], body["value"]) for body in first["body"]] == [
        ("questioning", ANSWERED.question),
        ("describing", ANSWERED.claims[0].text),
        ("describing", ANSWERED.claims[1].text),
    ]
    assert [body["value"] for body in second["body"]] == [ANSWERED.question, ANSWERED.claims[0].text]
    assert {body["type"] for body in first["body"]} == {"TextualBody"}


def test_names_are_iris_unique_and_the_same_each_time() -> None:  # 3.1
    again = replace(ANSWERED, question="And who was it?")
    made = annotations(ANSWERED, again)
    names = [item["id"] for item in made["first"]["items"]]
    assert len(set(names)) == 4
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", name) for name in (made["id"], *names))
    assert annotations(ANSWERED, again) == made


def test_a_document_is_named_by_its_address_and_by_the_hash_of_its_text() -> None:  # 3.2.1, RFC 6920
    identity = hashlib.sha256(TEXT.encode()).hexdigest()[:16]
    citation = ANSWERED.citations[0]
    citation = replace(citation, quote=replace(citation.quote, document_id=identity))
    (item,) = annotations(replace(ANSWERED, citations=(citation,)))["first"]["items"]
    source = item["target"]["source"]
    assert source["canonical"] == f"nih:sha-256-64;{identity}"
    assert (source["id"], source["label"], source["type"]) == ("seeds/bakery.md", "The bakery on Mill Lane", "Text")
    assert document_of(source["canonical"]) == identity


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("seeds/a b#1.md", "seeds/a%20b%231.md"),
        ("/tmp/ü.md", "file:///tmp/%C3%BC.md"),
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("caf\udce9.md", "caf%E9.md"),
    ],
)
def test_the_address_of_a_source(source: str, address: str) -> None:
    assert address_of(source) == address


@given(st.text(min_size=1).filter(lambda path: not path.startswith("http") and "\0" not in path))
def test_every_path_comes_back_from_its_address(path: str) -> None:
    assert place_of(address_of(path)) == path
    assert re.fullmatch(r"[!-~]+", address_of(path))


def test_an_answer_without_citations_has_an_empty_page() -> None:
    made = annotations(NOT_FOUND)
    assert (made["total"], made["first"]["items"]) == (0, [])
