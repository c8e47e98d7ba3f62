"""A PDF becomes text that knows its pages."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.documents import read_one
from qa.documents.extracted import paged
from qa.errors import UnreadableDocument
from qa.passages import split
from qa.types import Document
from tests.documents import writers
from tests.documents.writers import written


def read(tmp_path: Path, *pages: str, **options: str) -> Document:
    return read_one(written(tmp_path, "a.pdf", writers.pdf(*pages, **options)))


def page(document: Document, number: int) -> str:
    starts = (*document.pages, len(document.text))
    return document.text[starts[number - 1] : starts[number]].strip()


def test_text_pages_and_properties(tmp_path: Path) -> None:
    document = read(tmp_path, "The coast is long.", "The lighthouse keeper is Omar Fali.")
    assert document.title == "The lighthouse"
    assert document.metadata == {"author": "Ida Holm", "date": "2024-05-03"}
    assert [page(document, n) for n in (1, 2)] == ["The coast is long.", "The lighthouse keeper is Omar Fali."]


def test_passages_know_their_page(tmp_path: Path) -> None:
    long = " ".join(f"Sentence {n} of this page is about the lighthouse and its lamp." for n in range(8))
    document = read(tmp_path, long, "", f"{long} Omar Fali keeps it.")
    by_page = {passage.page: passage.text for passage in split(document)}
    assert set(by_page) == {1, 3}
    assert "Omar Fali" in by_page[3]


def test_running_heads_are_left_out(tmp_path: Path) -> None:
    pages = [f"Words of page {name} alone." for name in ("one", "two", "three", "four")]
    assert "Coast report" not in read(tmp_path, *pages, head="Coast report, page").text
    assert read(tmp_path, *pages[:2], head="Coast report, page").text.count("Coast report") == 2


def test_broken_words_are_mended_when_the_whole_word_stands_elsewhere(tmp_path: Path) -> None:
    text = read(tmp_path, "The govern-\nment pays. The government must. A well-\nknown fact. Co-\nop is short.").text
    assert text == "The government pays. The government must. A well-\nknown fact. Co-\nop is short."


def test_a_sentence_over_two_pages_stays_whole(tmp_path: Path) -> None:
    document = read(tmp_path, "The keeper, who was", "born in Turku, is old.", "An end.")
    assert document.text == "The keeper, who was\nborn in Turku, is old.\n\nAn end."
    assert document.pages == (0, 20, 44)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("ab. \n"), max_size=8))
def test_pages_ascend_and_hold_their_text(pages: list[str]) -> None:
    text, starts = paged(pages)
    assert len(starts) == len(pages)
    assert all(one < other for one, other in pairwise(starts))
    assert all(text[start:].startswith(each.strip()) for start, each in zip(starts, pages, strict=True))


def test_a_scan_and_an_encrypted_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"a\.pdf: no text in its 2 pages; it is scanned") as caught:
        read(tmp_path, "", "")
    assert "ocrmypdf" in caught.value.hint
    with pytest.raises(UnreadableDocument, match=r"a\.pdf: encrypted, and it needs a password") as caught:
        read(tmp_path, "Secret.", password="secret")
    assert "qpdf --decrypt" in caught.value.hint


def test_a_pdf_that_only_forbids_printing_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "Open text.", password="owner only").text == "Open text."
