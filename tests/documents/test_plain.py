"""A text or Markdown file becomes a Document whose text is the file."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.documents import read_one
from qa.errors import UnreadableDocument
from tests.documents.writers import written


def test_a_document_is_its_file(tmp_path: Path) -> None:
    path = written(tmp_path, "note.txt", "One.\r\nTwo.\n")
    document = read_one(path)
    assert document.text == "One.\r\nTwo.\n"
    assert document.id == hashlib.sha256(b"One.\r\nTwo.\n").hexdigest()[:16]
    assert document.sources == (str(path),)
    assert document.pages == ()
    assert document.title == "note.txt"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")))
def test_offsets_hold_in_the_decoded_file(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, "any.md", "x" + text)
    assert read_one(path).text == path.read_bytes().decode()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_by_its_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "wide.txt", "\ufeffGrüße aus Köln\n".encode(encoding))
    assert read_one(path).text == "\ufeffGrüße aus Köln\n"


def test_a_byte_order_mark_stays_in_the_text_but_not_in_the_title(tmp_path: Path) -> None:
    document = read_one(written(tmp_path, "mark.txt", "\ufeffA headline\n\nThe text.\n"))
    assert document.text.startswith("\ufeffA headline")
    assert document.title == "A headline"


@pytest.mark.parametrize(
    ("name", "content", "message", "hint"),
    [
        ("latin.txt", "Caf\xe9".encode("latin-1"), r"latin\.txt: not UTF-8 at byte 3", "iconv -f"),
        ("half.txt", b"\xff\xfea", r"half\.txt: not UTF-16-LE at byte 2", "iconv"),
        ("image.md", b"ab\0cd", r"image\.md: binary data \(a NUL at character 2\)", "text file"),
        ("empty.txt", b"", r"empty\.txt: holds no text", "leave it out"),
        ("white.txt", " \n\t\u00a0".encode(), r"white\.txt: holds no text", "leave it out"),
        ("mark.txt", b"\xef\xbb\xbf\n", r"mark\.txt: holds no text", "leave it out"),
        ("head.md", b"---\ntitle: x\n---\n\n", r"head\.md: holds no text", "leave it out"),
        ("table.xls", b"a,b", r"table\.xls: not a format that is read \(given: '\.xls'\)", "pandoc"),
        ("bare", b"a", r"bare: not a format that is read \(given: 'no suffix'\)", "pandoc"),
    ],
)
def test_bad_files_say_what_is_wrong(tmp_path: Path, name: str, content: bytes, message: str, hint: str) -> None:
    with pytest.raises(UnreadableDocument, match=message) as caught:
        read_one(written(tmp_path, name, content))
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.md", "Preface.\n\n## The  heading ##\n\nText.", "The heading"),
        ("a.md", "---\ntitle: From the front\n---\n# Heading\n", "From the front"),
        ("a.md", "---\nauthor: Ann\n---\n# Heading\n", "Heading"),
        ("a.md", "---\nbroken: [\n---\n# Heading\n", "Heading"),
        ("a.md", "A line\n\nText.", "a.md"),
        ("a.txt", "\n\nA line  \r\n \r\nText.", "A line"),
        ("a.txt", "A line\nthat goes on\n\nText.", "a.txt"),
        ("a.txt", "word " * 30 + "\n\nText.", "a.txt"),
        ("a.txt", "Only one line\n", "a.txt"),
        ("a.txt", "# 5 is not a heading's number\n\nText.", "5 is not a heading's number"),
        ("a.md", "# On C#\n", "On C#"),
        ("a.md", "# " + "ab" * 999, "ab" * 100),
        ("a.md", "# ##\n", "a.md"),
        ("a.md", "# a" + " " * 50_000 + "b", "a b"),
        ("a.md", "#hashtag\n\nText.", "a.md"),
    ],
)
def test_titles(tmp_path: Path, name: str, text: str, title: str) -> None:
    assert read_one(written(tmp_path, name, text)).title == title


def test_front_matter_becomes_metadata_and_stays_in_the_text(tmp_path: Path) -> None:
    text = '---\ntitle: "A: b"\nAuthor: [Ann, Bo]\ndate: 2017-11-30\nnothing:\nnested: {a: 1}\n---\nText.\n'
    document = read_one(written(tmp_path, "a.md", text))
    assert document.title == "A: b"
    assert document.metadata == {"author": "Ann, Bo", "date": "2017-11-30"}
    assert document.text == text
