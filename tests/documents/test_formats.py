"""Office files, tables, books, e-mails, web pages and article files become text that can be quoted."""

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from qa.documents import read_file, read_one
from qa.documents.extracted import iso_date
from qa.documents.tables import row_lines
from qa.errors import UnreadableDocument
from tests.documents import writers
from tests.documents.writers import written

ABOUT = {"author": "Ida Holm", "date": "2024-05-03"}


def test_docx(tmp_path: Path) -> None:
    raw = writers.docx(
        "The ferry was built in Gdansk.", "History", [["City", "Founded"], ["Oslo", "1048"]], ["One", "Two"]
    )
    document = read_one(written(tmp_path, "a.docx", raw))
    assert document.text == (
        "## History\n\nThe ferry was built in Gdansk.\n\n- One\n\n- Two\n\nCity: Oslo; Founded: 1048"
    )
    assert (document.title, document.metadata) == ("The ferry", ABOUT)


def test_pptx(tmp_path: Path) -> None:
    raw = writers.pptx(("The theatre", "Its director is Nora Quist."), ("Plans", "It opens in June."), notes="Slowly.")
    document = read_one(written(tmp_path, "a.pptx", raw))
    first, second = document.text[: document.pages[1]].strip(), document.text[document.pages[1] :]
    assert first == "# The theatre\n\nIts director is Nora Quist.\n\nSlowly."
    assert second == "# Plans\n\nIt opens in June.\n\nSlowly."
    assert (document.title, document.metadata["author"]) == ("The theatre", "Ida Holm")


def test_a_sheet_is_as_large_as_what_stands_in_it(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(writers.xlsx(Towns=[["City", "Founded"], ["Oslo", 1048]])))
    book["Towns"]["XFD1048576"].font = Font(bold=True)  # nothing in it: the last cell of all
    book.save(tmp_path / "a.xlsx")
    assert read_one(tmp_path / "a.xlsx").text == "# Towns\n\nCity: Oslo; Founded: 1048"


def test_xlsx(tmp_path: Path) -> None:
    raw = writers.xlsx(
        Schools=[["School", "Head", "Opened", "Rate"], ["Birch", "Tom Aske", datetime(2020, 1, 2), 212.0], [None] * 4],
        Empty=[],
        Other=[[1, 2.5]],
    )
    document = read_one(written(tmp_path, "a.xlsx", raw))
    assert document.text == (
        "# Schools\n\nSchool: Birch; Head: Tom Aske; Opened: 2020-01-02; Rate: 212\n\n# Other\n\n1; 2.5"
    )
    assert (document.title, document.metadata) == ("Budgets", ABOUT)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv(tmp_path: Path, delimiter: str) -> None:
    rows = [["Bridge", "Engineer, chief"], ["Harbour", "Voss, Lena"], ["Mill", 'A "B"\nC']]
    document = read_one(written(tmp_path, "a.csv", b"\xef\xbb\xbf" + writers.csv_rows(rows, delimiter)))
    assert document.text == ('Bridge: Harbour; Engineer, chief: Voss, Lena\n\nBridge: Mill; Engineer, chief: A "B" C')
    assert document.title == "a.csv"


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([], []),
        ([["A", "B"]], ["A; B"]),
        ([["1", "2"], ["3", "4"]], ["1; 2", "3; 4"]),
        ([["A", "A"], ["3", "4"]], ["A; A", "3; 4"]),
        ([["A", "B"], ["3"], ["4", "5", "6"], ["", "7"]], ["A: 3", "A: 4; B: 5; 6", "B: 7"]),
        ([["Title"], ["one"]], ["Title", "one"]),
        ([["A", "B"], ["3", "4", "", "", ""]], ["A: 3; B: 4"]),
        ([["Sales", "Oslo"], ["A", "B", "C", "D"], ["1", "2", "3", "4"]], ["Sales; Oslo", "A; B; C; D", "1; 2; 3; 4"]),
        ([["A", "B"], [date(2020, 1, 2), True]], ["A: 2020-01-02; B: True"]),
    ],
)
def test_rows(rows: list[list[object]], lines: list[str]) -> None:
    assert list(row_lines(rows)) == lines


def test_epub(tmp_path: Path) -> None:
    raw = writers.epub("<h1>Second</h1><p>The end.</p>", "<h1>First</h1><p>The ranger is <b>Paul</b> Stenberg.</p>")
    document = read_one(written(tmp_path, "a.epub", raw))
    assert document.text == "# First\n\nThe ranger is Paul Stenberg.\n\n# Second\n\nThe end."
    assert (document.title, document.metadata) == ("The forest", ABOUT | {"publisher": "Town Press"})
    locked = writers.zipped({"META-INF/encryption.xml": "<a/>", "META-INF/rights.xml": "<a/>"})
    with pytest.raises(UnreadableDocument, match=r"b\.epub: protected by its seller"):
        read_one(written(tmp_path, "b.epub", locked))


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_eml(tmp_path: Path, subtype: str) -> None:
    body = "<p>The railway reopens on Monday.</p>" if subtype == "html" else "The railway reopens on Monday.\n"
    document = read_one(written(tmp_path, "a.eml", writers.eml(body, subtype, attachment="plan.pdf")))
    assert document.text.split("\n\n") == [
        "From: Ida Holm <ida@example.org>",
        "To: Town Council <council@example.org>",
        "Date: Fri, 03 May 2024 10:00:00 +0000",
        "Subject: The railway",
        "The railway reopens on Monday.",
        "Attachment: plan.pdf",
    ]
    assert (document.title, document.metadata) == ("The railway", ABOUT)
    with pytest.raises(UnreadableDocument, match="no e-mail: it has no sender"):
        read_one(written(tmp_path, "b.eml", "Only words.\n"))


class TestHtml:
    def test_an_article_without_its_menus(self, tmp_path: Path) -> None:
        words = " ".join(f"Sentence {n} tells how the old mill by the river was rebuilt." for n in range(9))
        body = f"<h1>The mill</h1><p>{words}</p><h2>Cost</h2><ul><li>The <b>roof</b>: 3 million.</li></ul>"
        document = read_one(written(tmp_path, "a.html", writers.html(body)))
        assert document.text == f"# The mill\n\n{words}\n\n## Cost\n\n- The roof: 3 million."
        assert (document.title, document.metadata) == ("The mill", ABOUT | {"publisher": "Town Paper"})

    def test_a_short_page(self, tmp_path: Path) -> None:
        body = "<h1>The mill</h1><script>x()</script><p>Greta Lind rebuilt<br>it.</p><blockquote>Yes.</blockquote>"
        document = read_one(written(tmp_path, "a.htm", writers.html(body)))
        assert document.text.split() == ["#", "The", "mill", "Greta", "Lind", "rebuilt", "it.", "Yes."]

    def test_the_encoding_that_the_page_names(self, tmp_path: Path) -> None:
        raw = '<html><head><meta charset="iso-8859-15"></head><body><p>Café: 5 €</p></body></html>'
        document = read_one(written(tmp_path, "a.html", raw.encode("iso-8859-15")))
        assert document.text == "Café: 5 €"

    def test_a_page_without_text(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableDocument, match="no text in this page"):
            read_one(written(tmp_path, "a.html", "<html><body><img src=x></body></html>"))


class TestRecords:
    def test_an_article_a_line(self, tmp_path: Path) -> None:
        raw = writers.jsonl(
            {"id": 7, "headline": "Hospital", "body": "Ewa Nowak is head nurse.", "authors": ["A", "B"]},
            {
                "url": "https://example.org/x",
                "text": "Two.",
                "published": "2024-05-03T10:00:00+02:00",
                "source": "Paper",
            },
            {"id": 7, "text": "Three\u2028lines.", "date": "some day in May"},
        )
        documents, failures = read_file(written(tmp_path, "a.jsonl", raw + b"\n"))
        assert failures == ()
        assert [(each.title, each.sources[0].partition("#")[2]) for each in documents] == [
            ("Hospital", "7"), ("a.jsonl", "https://example.org/x"), ("a.jsonl", "3"),
        ]  # fmt: skip
        assert [dict(each.metadata) for each in documents] == [
            {"author": "A, B"},
            {"date": "2024-05-03", "publisher": "Paper", "url": "https://example.org/x"},
            {"date": "some day in May"},
        ]

    def test_bad_lines_are_counted_and_the_rest_is_read(self, tmp_path: Path) -> None:
        raw = writers.jsonl({"text": "One."}, ["x"], {"text": " "}, {"title": "t"}) + b"{broken\n" + b"[" * 99_999
        documents, (failure,) = read_file(written(tmp_path, "a.jsonl", raw))
        assert [each.text for each in documents] == ["One."]
        assert "5 of 6 lines are no articles (line 2: not an object)" in failure.message
        with pytest.raises(UnreadableDocument, match="holds no text"):
            read_one(written(tmp_path, "b.jsonl", "\n\n"))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (datetime(2024, 5, 3, 10), "2024-05-03"),
        (date(2024, 5, 3), "2024-05-03"),
        ("2024-05-03", "2024-05-03"),
        ("2024-05-03T10:00:00Z", "2024-05-03"),
        ("Fri, 03 May 2024 10:00:00 +0000", "2024-05-03"),
        ("May \n 2024", "May 2024"),
        (2024, "2024"),
        (None, ""),
    ],
)
def test_dates(value: object, day: str) -> None:
    assert iso_date(value) == day
