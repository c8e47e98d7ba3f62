"""Quotes are cut out of the document, and a sentence is shown as proved only when its quotes prove it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.citations import SURROUNDING, checked_claim, citation, cite, page_of, quoted_claim, unproved_claim
from qa.types import Document, Span, Support
from tests import builders

TEXT = (
    "Anna Lind, the mayor of Kilmore, spoke on Sunday. “The bridge is open,” Lind said. “It cost two million.” "
    "Peter Ruiz did not praise the council. He called Lind a dreamer."
)
LIND = builders.document(TEXT)


def test_evidence_grows_to_whole_sentences_and_is_numbered() -> None:
    found = builders.finding(LIND, "Anna Lind", "The bridge is open", "Anna Lind")
    first, second = cite([found], lambda _: LIND)
    assert (first.number, first.quote.text) == (1, "“The bridge is open,” Lind said.")
    assert (second.number, second.quote.text) == (2, "Anna Lind, the mayor of Kilmore, spoke on Sunday.")
    assert second.prefix == ""
    assert second.suffix == TEXT[second.quote.span.end :][:SURROUNDING]


def test_evidence_in_one_sentence_is_one_citation() -> None:
    found = builders.finding(LIND, "Sunday", "Sunday", "Anna Lind", "Kilmore")
    assert [each.quote.text for each in cite([found], lambda _: LIND)] == [
        "Anna Lind, the mayor of Kilmore, spoke on Sunday."
    ]


def test_findings_of_several_documents_are_cited_together_and_a_shared_quote_once() -> None:
    other = builders.document("Peter Ruiz left on Monday. Nobody saw it.", identity="d2")
    findings = [builders.finding(LIND, "Sunday"), builders.finding(other, "Monday"), builders.finding(LIND, "Kilmore")]
    cited = cite(findings, lambda identity: {"d1": LIND, "d2": other}[identity])
    assert [(each.number, each.quote.document_id, each.quote.text) for each in cited] == [
        (1, "d1", "Anna Lind, the mayor of Kilmore, spoke on Sunday."),
        (2, "d2", "Peter Ruiz left on Monday."),
    ]


@given(st.data())
def test_every_citation_is_verbatim_and_holds_its_evidence(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="aB .!?\n“”‘’\"'…é😀", min_size=1, max_size=200))
    document = builders.document(text)
    starts = st.integers(0, len(text) - 1)
    spans = tuple(
        Span(start, data.draw(st.integers(start + 1, len(text))))
        for start in data.draw(st.lists(starts, min_size=1, max_size=4))
    )
    found = builders.finding(document, text)
    cited = cite([type(found)(found.passage, found.span, found.text, 1.0, spans)], lambda _: document)
    for each in cited:
        assert each.quote.span.within(text) == each.quote.text
        start, end = each.quote.span.start, each.quote.span.end
        assert each.prefix == text[max(0, start - SURROUNDING) : start]
        assert each.suffix == text[end : end + SURROUNDING]
    assert [each.number for each in cited] == list(range(1, len(cited) + 1))
    assert all(any(each.quote.span.contains(span) for each in cited) for span in spans)


def test_a_page_is_counted_from_one() -> None:
    document = Document("d", "t", ("s",), "one two three", pages=(0, 4, 8))
    assert [page_of(document, Span(start, start + 1)) for start in (0, 3, 4, 12)] == [1, 1, 2, 3]
    assert page_of(builders.document("x"), Span(0, 1)) is None
    assert citation(document, Span(4, 7), 1).page == 2


CITED = (
    builders.citation(1, "“The bridge is open,” Lind said. “It cost two million.”"),
    builders.citation(2, "Anna Lind, the mayor of Kilmore, spoke on Sunday."),
    builders.citation(3, "Peter Ruiz did not praise the council. He called Lind a dreamer."),
)


@pytest.mark.parametrize(
    ("draft", "question", "short", "numbers"),
    [
        ("Anna Lind said the bridge is open.", "Who said that the bridge is open?", "Anna Lind", (1, 2)),
        ("Anna Lind is the mayor of Kilmore. [9]", "Who is the mayor?", "Anna Lind", (2,)),
        ("The bridge cost 2 million [1][2].", "What did the bridge cost?", "two million", (1,)),
        ("Peter Ruiz did not praise the council.", "Whom did Ruiz not praise?", "the council", (3,)),
    ],
)
def test_a_proved_sentence_carries_the_quotes_that_prove_it(
    draft: str, question: str, short: str, numbers: tuple[int, ...]
) -> None:
    claim = checked_claim(draft, CITED, question, short)
    assert claim is not None
    assert claim.citations == numbers
    assert "[" not in claim.text


@pytest.mark.parametrize(
    ("draft", "question", "short"),
    [
        ("Anna Lind said the bridge cost three million.", "Who spoke?", "Anna Lind"),  # another number
        ("Anna Lind spoke on Monday.", "When did Anna Lind speak?", "Anna Lind"),  # another day
        ("Anna Lind of Dunmore spoke on Sunday.", "Who spoke?", "Anna Lind"),  # another place
        ("Anna Lind said the bridge is not open.", "Who said the bridge is open?", "Anna Lind"),  # negated
        ("Peter Ruiz praised the council.", "Who praised the council?", "Peter Ruiz"),  # negation lost
        ("Lind called Peter Ruiz a dreamer.", "Who called whom a dreamer?", "Lind"),  # turned around
        ("The bridge is open.", "Who said the bridge is open?", "Anna Lind"),  # does not answer
        ("The mayor of Kilmore.", "Who is Anna Lind?", "the mayor of Kilmore"),  # leaves out whom it is about
        ("Lind is the mayor.", "Who is Lind?", "Anna Lind, the mayor of Kilmore, who spoke"),  # half of the answer
        ("Anna Lind won a famous prize for painting.", "Who spoke?", "Anna Lind"),  # invented
        ("Anna Lind was fired.", "Why was Anna Lind fired?", "Anna Lind"),  # the question's premise is no proof
        ("", "Who?", "Anna Lind"),
        ("[1] [2]", "Who?", "Anna Lind"),
    ],
)
def test_a_sentence_that_the_quotes_do_not_prove_is_no_claim(draft: str, question: str, short: str) -> None:
    assert checked_claim(draft, CITED, question, short) is None


def test_a_sentence_copied_from_a_quote_is_quoted_not_supported() -> None:
    copied = checked_claim("He called Lind a dreamer.", CITED, "What did he call Lind?", "a dreamer")
    reworded = checked_claim("Ruiz called Lind a dreamer.", CITED, "What did Ruiz call Lind?", "a dreamer")
    assert copied is not None
    assert copied.support is Support.QUOTED
    assert reworded is None or reworded.support is Support.SUPPORTED


def test_words_from_the_middle_of_a_clause_are_not_quoted() -> None:
    cited = [builders.citation(1, "Ruiz thinks Lind saw the guard. “Lind ran,” he said.")]
    inner = checked_claim("Lind saw the guard.", cited, "Whom did Lind see?", "the guard")
    opening = checked_claim("Lind ran.", cited, "What did Lind do?", "ran")
    assert inner is not None
    assert opening is not None
    assert (inner.support, opening.support) == (Support.SUPPORTED, Support.QUOTED)


def test_a_quote_as_a_claim_is_one_line_between_quotation_marks() -> None:
    claim = quoted_claim(builders.citation(2, "one\n  two"))
    assert (claim.text, claim.citations, claim.support) == ("“one two”", (2,), Support.QUOTED)


def test_an_unproved_sentence_is_marked_and_cites_nothing() -> None:
    claim = unproved_claim("He won [4]【5】 (source 2).")
    assert claim is not None
    assert (claim.text, claim.citations, claim.support) == ("He won.", (), Support.UNSUPPORTED)
    assert unproved_claim("[1] ... [2]") is None


@given(st.text(max_size=120))
def test_any_draft_whatever_is_parsed_and_a_shown_claim_cites_real_quotes(draft: str) -> None:
    claim = checked_claim(draft, CITED, "Who said that the bridge is open?", "Anna Lind")
    if claim is not None:
        assert claim.citations
        assert set(claim.citations) <= {1, 2, 3}
        assert claim.support is not Support.UNSUPPORTED
    marked = unproved_claim(draft)
    assert marked is None or marked.support is Support.UNSUPPORTED
