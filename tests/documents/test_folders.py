"""A folder becomes the Documents in it; what cannot be read is told in one line each."""

from pathlib import Path

import pytest

from qa.documents import read_paths
from qa.errors import NoDocuments
from tests.documents.writers import written


def test_a_folder_is_read_in_order_without_its_own_descriptions(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.MD",
        "sub/c.md",
        "README.md",
        "SOURCES.md",
        ".hidden.txt",
        ".git/d.txt",
        "questions.jsonl",
        "e.xls",
        "sub/f.csv",
    ):
        written(tmp_path, name, f"Text of {name}.")
    read, failures = read_paths([tmp_path])
    assert [document.sources[0] for document in read] == [
        str(tmp_path / n) for n in ("a.MD", "b.txt", "sub/c.md", "sub/f.csv")
    ]
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
    with pytest.raises(NoDocuments, match=rf"nothing readable in {tmp_path}: no \.csv \.docx .* file there"):
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
