"""One file becomes Documents, or one clear failure."""

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.documents import MAXIMUM_BYTES, SUFFIXES, files, read_file, read_one, read_source
from qa.errors import UnreadableDocument
from tests.documents import writers
from tests.documents.writers import written


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"gone\.txt: No such file"):
        read_one(tmp_path / "gone.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(UnreadableDocument, match=r"folder\.txt: Is a directory"):
        read_one(tmp_path / "folder.txt")


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MAXIMUM_BYTES + 1)
    with pytest.raises(UnreadableDocument, match=r"huge\.txt: 50 MB, more than the 50 MB"):
        read_one(path)


def test_the_formats() -> None:
    assert set(SUFFIXES) == set(
        ".csv .docx .eml .epub .htm .html .jsonl .md .pdf .pptx .tsv .txt .xhtml .xlsx".split()  # noqa: SIM905
    )


@pytest.mark.parametrize("suffix", sorted(set(SUFFIXES) - {".txt", ".md", ".csv", ".tsv", ".jsonl", ".html", ".htm"}))
def test_random_bytes_are_one_clear_failure(tmp_path: Path, suffix: str) -> None:
    noise = bytes((7 * n * n + n) % 256 for n in range(5_000))
    for content in (noise, b"PK\x03\x04" + noise, b"%PDF-1.7\n" + noise, b"\xd0\xcf\x11\xe0" + noise):
        documents, failures = read_file(written(tmp_path, f"noise{suffix}", content))
        assert len(documents) + len(failures) == 1
        assert all(f"noise{suffix}: " in failure.message for failure in failures)
        assert suffix == ".xhtml" or failures


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.sampled_from(SUFFIXES), st.binary(max_size=300))
def test_no_bytes_break_a_reader(tmp_path: Path, suffix: str, content: bytes) -> None:
    documents, failures = read_file(written(tmp_path, f"any{suffix}", content))
    assert documents or failures
    for document in documents:
        document.text.encode()


def test_a_cut_file_is_damaged(tmp_path: Path) -> None:
    wholes = {
        ".docx": writers.docx("The ferry."),
        ".pptx": writers.pptx(("A", "b")),
        ".xlsx": writers.xlsx(Sheet=[["a", 1]]),
        ".epub": writers.epub("<p>One</p>"),
        ".pdf": writers.pdf("One"),
    }
    for suffix, whole in wholes.items():
        _, (failure,) = read_file(written(tmp_path, f"cut{suffix}", whole[: len(whole) // 2]))
        assert "damaged" in failure.message
        assert "save it again" in failure.hint


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx", ".epub"])
def test_an_archive_of_something_else_says_so(tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path, f"other{suffix}", writers.zipped({"hello.txt": "Hello"}))
    with pytest.raises(UnreadableDocument, match=rf"other\{suffix}: (damaged, or no|no EPUB book)"):
        read_one(path)


def test_an_old_or_encrypted_office_file_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"old\.docx: protected by a password, or in an older format"):
        read_one(written(tmp_path, "old.docx", b"\xd0\xcf\x11\xe0" + bytes(600)))


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx", ".epub"])
def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path, suffix: str) -> None:
    bomb = writers.zipped({"a.xml": "0" * 123_456}).replace(struct.pack("<I", 123_456), struct.pack("<I", 600_000_000))
    with pytest.raises(UnreadableDocument, match=r"0\.0 MB that unpack to 600 MB in 1 members"):
        read_one(written(tmp_path, f"bomb{suffix}", bomb))


def test_a_member_that_says_it_is_small_unpacks_to_no_more(tmp_path: Path) -> None:
    page = "<p>" + "0" * 123_456 + "</p>"
    lying = writers.epub(page).replace(struct.pack("<I", len(page) + 26), struct.pack("<I", 50))
    assert lying != writers.epub(page)
    with pytest.raises(UnreadableDocument, match="damaged"):
        read_one(written(tmp_path, "lying.epub", lying))


def test_an_entity_bomb_does_not_expand(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    doctype = f'<!DOCTYPE package [<!ENTITY e0 "ha">{levels}]>'
    with pytest.raises(UnreadableDocument, match=r"bomb\.epub: damaged.*Entities"):
        read_one(written(tmp_path, "bomb.epub", writers.epub("<p>&e8;</p>", extra=doctype)))
    core = (
        '<?xml version="1.0"?>'
        + doctype.replace("package", "w:document")
        + (
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            "<w:body><w:p><w:r><w:t>&e8;</w:t></w:r></w:p></w:body></w:document>"
        )
    )
    path = written(tmp_path, "bomb.docx", writers.replaced(writers.docx("One"), "word/document.xml", core))
    documents, _ = read_file(path)
    assert sum(len(each.text) for each in documents) < 1_000


def test_files_of_the_same_name_are_told_apart_by_suffix(tmp_path: Path) -> None:
    assert read_one(written(tmp_path, "A.PDF", writers.pdf("Capital letters."))).text == "Capital letters."


@pytest.mark.parametrize(
    "name", ["with space.md", "-dash.md", "ünïcode 桥.md", "new\nline.md", "a#b.md", "x" * 240 + ".md", "q'\"`;$(x).md"]
)
def test_odd_names_are_read(tmp_path: Path, name: str) -> None:
    document = read_one(written(tmp_path, name, "# The fact\n\nText."))
    assert document.sources == (str(tmp_path / name),)
    assert read_source(document.sources[0]) == document


def test_a_name_that_is_no_utf_8_is_escaped(tmp_path: Path) -> None:
    path = written(tmp_path, "caf\udce9.txt", "Text.")
    assert read_one(path).sources == (f"{tmp_path}/caf\\xe9.txt",)
    assert read_one(path).title == "caf\\xe9.txt"


class TestSource:
    def test_an_article_in_a_file_is_found_by_its_key(self, tmp_path: Path) -> None:
        path = written(tmp_path, "a.jsonl", writers.jsonl({"id": "x", "text": "One."}, {"text": "Two."}))
        assert read_source(f"{path}#x").text == "One."
        assert read_source(f"{path}#2").text == "Two."
        with pytest.raises(UnreadableDocument, match=r"a\.jsonl#3: no such article"):
            read_source(f"{path}#3")
        with pytest.raises(UnreadableDocument, match="holds 2 documents, not one"):
            read_one(path)

    def test_no_page_is_fetched_and_a_lost_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableDocument, match=r"https://example\.org/: a web page is not fetched") as caught:
            read_source("https://example.org/")
        assert "--library" in caught.value.hint
        with pytest.raises(UnreadableDocument, match=r"gone\.md: No such file"):
            read_source(str(tmp_path / "gone.md"))


def test_a_large_pdf_may_be_larger_than_a_text(tmp_path: Path) -> None:
    for name, size in (("big.pdf", files.MAXIMUM_PACKED + 1), ("big.csv", MAXIMUM_BYTES + 1)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
        with pytest.raises(UnreadableDocument, match=r"more than the (200|50) MB that are read of such a file"):
            read_one(tmp_path / name)
