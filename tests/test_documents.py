"""Files and folders become Documents whose text is the file."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa import documents
from qa.documents import SUFFIXES, read_file, read_paths
from qa.errors import NoDocuments, UnreadableDocument


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_document_is_its_file(tmp_path: Path) -> None:
    path = written(tmp_path, "note.txt", "One.\r\nTwo.\n")
    document = read_file(path)
    assert document.text == "One.\r\nTwo.\n"
    assert document.id == hashlib.sha256(b"One.\r\nTwo.\n").hexdigest()[:16]
    assert document.sources == (str(path),)
    assert document.pages == ()
    assert document.title == "note.txt"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")))
def test_offsets_hold_in_the_decoded_file(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, "any.md", "x" + text)
    assert read_file(path).text == path.read_bytes().decode()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_by_its_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "wide.txt", "\ufeffGrüße aus Köln\n".encode(encoding))
    assert read_file(path).text == "\ufeffGrüße aus Köln\n"


def test_a_byte_order_mark_stays_in_the_text_but_not_in_the_title(tmp_path: Path) -> None:
    document = read_file(written(tmp_path, "mark.txt", "\ufeffA headline\n\nThe text.\n"))
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
        ("table.csv", b"a,b", r"table\.csv: not a format that is read \(given: '\.csv'\)", "pandoc"),
        ("bare", b"a", r"bare: not a format that is read \(given: 'no suffix'\)", "pandoc"),
    ],
)
def test_bad_files_say_what_is_wrong(tmp_path: Path, name: str, content: bytes, message: str, hint: str) -> None:
    with pytest.raises(UnreadableDocument, match=message) as caught:
        read_file(written(tmp_path, name, content))
    assert hint in caught.value.hint


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"gone\.txt: No such file"):
        read_file(tmp_path / "gone.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(UnreadableDocument, match=r"folder\.txt: Is a directory"):
        read_file(tmp_path / "folder.txt")


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(documents.MAXIMUM_BYTES + 1)
    with pytest.raises(UnreadableDocument, match=r"huge\.txt: 50 MB, more than the 50 MB"):
        read_file(path)


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
    assert read_file(written(tmp_path, name, text)).title == title


def test_front_matter_becomes_metadata_and_stays_in_the_text(tmp_path: Path) -> None:
    text = '---\ntitle: "A: b"\nAuthor: [Ann, Bo]\ndate: 2017-11-30\nnothing:\nnested: {a: 1}\n---\nText.\n'
    document = read_file(written(tmp_path, "a.md", text))
    assert document.title == "A: b"
    assert document.metadata == {"author": "Ann, Bo", "date": "2017-11-30"}
    assert document.text == text


def test_a_folder_is_read_in_order_without_its_own_descriptions(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", "sub/c.md", "README.md", "SOURCES.md", ".hidden.txt", ".git/d.txt", "e.csv"):
        written(tmp_path, name, f"Text of {name}.")
    read, failures = read_paths([tmp_path])
    assert [document.sources[0] for document in read] == [str(tmp_path / n) for n in ("a.MD", "b.txt", "sub/c.md")]
    assert failures == ()


def test_what_a_folder_skips_is_read_when_named(tmp_path: Path) -> None:
    paths = [written(tmp_path, name, name) for name in ("README.md", ".hidden.txt")]
    assert len(read_paths(paths)[0]) == 2


def test_equal_texts_are_one_document_with_both_sources(tmp_path: Path) -> None:
    paths = [written(tmp_path, name, "The same.") for name in ("b.txt", "a.txt")]
    (document,), _ = read_paths([tmp_path, *paths])
    assert document.sources == (str(tmp_path / "a.txt"), str(tmp_path / "b.txt"))


def test_one_bad_file_is_reported_and_the_rest_read(tmp_path: Path) -> None:
    written(tmp_path, "bad.txt", b"\xe9")
    good = written(tmp_path, "good.txt", "Good.")
    read, failures = read_paths([tmp_path, tmp_path / "gone.txt"])
    assert [document.sources for document in read] == [(str(good),)]
    assert [failure.message.split(":")[0] for failure in failures] == [
        str(tmp_path / "bad.txt"),
        str(tmp_path / "gone.txt"),
    ]


def test_nothing_readable_names_the_folder_and_the_first_failure(tmp_path: Path) -> None:
    with pytest.raises(NoDocuments, match=rf"nothing readable in {tmp_path}: no \.md or \.txt file there"):
        read_paths([tmp_path])
    written(tmp_path, "bad.txt", b"\xe9")
    with pytest.raises(NoDocuments, match=rf"{tmp_path}: .*bad\.txt: not UTF-8 at byte 0") as caught:
        read_paths([tmp_path])
    assert "iconv" in caught.value.hint
    with pytest.raises(NoDocuments, match="no path at all"):
        read_paths([])


def test_a_looping_link_is_no_endless_read(tmp_path: Path) -> None:
    written(tmp_path, "sub/a.txt", "Text.")
    (tmp_path / "sub" / "again").symlink_to(tmp_path)
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    read, failures = read_paths([tmp_path])
    assert len(read) == 1
    assert "dangling.txt" in failures[0].message


def test_the_formats() -> None:
    assert SUFFIXES == (".md", ".txt")
