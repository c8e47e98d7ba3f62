import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.documents import MAXIMUM_PACKED
from qa.errors import UnreadableDocument
from qa.uploads import LONGEST_NAME, home_of, keep, kept_files, safe_name, uploads_of


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("Jahresbericht Köln (2).PDF", "Jahresbericht Köln (2).PDF"),
        ("../../x.md", "x.md"),
        ("/etc/cron.d/job.txt", "job.txt"),
        ("C:\\Users\\ann\\x.md", "x.md"),
        ("..\\..\\x.md", "x.md"),
        (".hidden.md", "hidden.md"),
        ("a\0b\n\x1b[31m.md", "a b 31m.md"),
        ("<img src=x onerror=alert(1)>.html", "img src x onerror alert(1).html"),
        ("con.txt", "con_.txt"),
        ("???.csv", "document.csv"),
        ("x.md/", "x.md"),
    ],
)
def test_a_name_leads_nowhere_else(given: str, safe: str) -> None:
    if given.endswith("/"):
        with pytest.raises(UnreadableDocument):
            safe_name(given)
    else:
        assert safe_name(given) == safe


@given(st.text(max_size=300), st.sampled_from([".md", ".PDF", ".txt"]))
def test_every_name_is_one_visible_part_of_a_path(stem: str, suffix: str) -> None:
    safe = safe_name(stem + suffix)
    assert re.fullmatch(r"[\w\-() ][\w\-.() ]*", safe)
    assert len(safe) <= LONGEST_NAME
    assert Path(safe).suffix == suffix
    assert safe_name(safe) == safe


@pytest.mark.parametrize("name", ["x.exe", "x", "", "..", "x.md.zip"])
def test_other_formats_are_refused_by_name(name: str) -> None:
    with pytest.raises(UnreadableDocument, match="not a format that is read"):
        safe_name(name)


def test_what_is_there_is_kept_beside(tmp_path: Path) -> None:
    given, folder = tmp_path / "given", tmp_path / "uploads"
    given.write_text("first")
    first = keep(given, "a.md", folder)
    assert keep(given, "a.md", folder) == first
    given.write_text("second")
    second = keep(given, "a.md", folder)
    assert [path.name for path in (first, second)] == ["a.md", "a (2).md"]
    assert (first.read_text(), second.read_text()) == ("first", "second")
    assert sorted(path.name for path in folder.iterdir()) == ["a (2).md", "a.md"]


def test_a_link_is_neither_followed_nor_overwritten(tmp_path: Path) -> None:
    secret, given, folder = tmp_path / "secret.md", tmp_path / "given", tmp_path / "uploads"
    secret.write_text("secret")
    given.write_text("new")
    folder.mkdir()
    (folder / "a.md").symlink_to(secret)
    (folder / ".a (2).md.part").symlink_to(secret)
    assert keep(given, "a.md", folder) == folder / "a (2).md"
    assert secret.read_text() == "secret"
    given.unlink()
    given.symlink_to(secret)
    with pytest.raises(UnreadableDocument, match="not a file"):
        keep(given, "b.md", folder)


def test_a_file_that_is_too_long_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "given"
    with given.open("wb") as file:
        file.truncate(MAXIMUM_PACKED + 1)  # takes no room on the disk
    with pytest.raises(UnreadableDocument, match=r"a\.pdf: 200 MB, more than the 200 MB"):
        keep(given, "a.pdf", tmp_path / "uploads")
    assert not (tmp_path / "uploads").exists()


def test_a_library_on_a_server_has_a_folder_here() -> None:
    assert uploads_of(Path("indexes/reports")) == Path("indexes/reports/uploads")
    assert home_of("milvus://host:19530/../reports") == Path("indexes/milvus-host-19530-..-reports")


def test_only_own_files_are_found_among_sources(tmp_path: Path) -> None:
    folder = tmp_path / "library" / "uploads"
    folder.mkdir(parents=True)
    own = folder / "a.jsonl"
    own.touch()
    sources = (f"{own}#1", f"{tmp_path}/../a.jsonl", "https://x.example/uploads/a.jsonl", "/etc/passwd")
    assert kept_files(sources, folder) == {f"{own}#1": own}
    assert kept_files(sources, tmp_path / "none" / "uploads") == {}


def test_a_file_is_found_from_wherever_the_program_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, other = tmp_path / "mine/uploads/a.md", tmp_path / "other/uploads/a.md"
    for path in (own, other):
        path.parent.mkdir(parents=True)
        path.touch()
    for folder in (tmp_path, tmp_path / "mine", Path("/")):
        monkeypatch.chdir(folder)
        assert kept_files(("mine/uploads/a.md",), own.parent) == {"mine/uploads/a.md": own}
    assert kept_files((str(other), "other/uploads/b.md"), own.parent) == {}  # what lies there is another library's
