"""`qa index` reads a folder of every format, and `qa ask` answers from each file with a citation of it."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from qa.documents import source_name
from tests.documents import writers
from tests.documents.writers import written
from tests.test_cli import Run, run

pytestmark = pytest.mark.model

FILES = {
    "mill.txt": b"The old mill burned down in 1987.\n\nThe mill was rebuilt by the carpenter Greta Lind.\n",
    "school.md": b"# Birch School\n\nBirch School opened in 1931. Its first head teacher was Tom Aske.\n",
    "museum.html": writers.html("<h1>The museum</h1><p>The museum was designed by the architect Pia Moreau.</p>"),
    "lighthouse.pdf": writers.pdf("The coast is long and rocky.", "The lighthouse is kept by Omar Fali.", "The end."),
    "ferry.docx": writers.docx("The ferry was built by the shipwright Jan Kowal.", "The ferry"),
    "theatre.pptx": writers.pptx(("The theatre", "It is old."), ("People", "Nora Quist directs the theatre.")),
    "forest.epub": writers.epub("<h1>The forest</h1><p>The forest ranger is called Paul Stenberg.</p>"),
    "bridges.csv": b"Bridge,Engineer\nHarbour bridge,Lena Voss\nMill bridge,Ali Tan\nCastle bridge,Rosa Klein\n",
    "hotels.xlsx": writers.xlsx(Hotels=[["Hotel", "Owner"], ["Hotel Astoria", "Vera Blum"]]),
    "railway.eml": writers.eml("The railway was repaired by the engineer Hugo Brandt.\n"),
    "articles.jsonl": writers.jsonl({"id": "a1", "title": "The hospital", "text": "The hospital is led by Ewa Nowak."}),
    "scan.pdf": writers.pdf("", ""),
    "locked.pdf": writers.pdf("Secret.", password="secret"),
    "broken.docx": writers.docx("Cut.")[:999],
    "noise.xlsx": bytes(range(256)) * 9,
    "empty.html": b"",
}  # fmt: skip

QUESTIONS = {
    "Who rebuilt the mill?": ("Greta Lind", "mill.txt", None),
    "Who was the first head teacher of Birch School?": ("Tom Aske", "school.md", None),
    "Who designed the museum?": ("Pia Moreau", "museum.html", None),
    "Who keeps the lighthouse?": ("Omar Fali", "lighthouse.pdf", 2),
    "Who built the ferry?": ("Jan Kowal", "ferry.docx", None),
    "Who directs the theatre?": ("Nora Quist", "theatre.pptx", 2),
    "What is the name of the forest ranger?": ("Paul Stenberg", "forest.epub", None),
    "Who is the engineer of the harbour bridge?": ("Lena Voss", "bridges.csv", None),
    "Who is the owner of the Hotel Astoria?": ("Vera Blum", "hotels.xlsx", None),
    "Who repaired the railway?": ("Hugo Brandt", "railway.eml", None),
    "Who leads the hospital?": ("Ewa Nowak", "articles.jsonl#a1", None),
}


ODD_NAMES = {
    "café ☕.txt": ("Who runs the café?", "Ines Duarte", b"The cafe is run by Ines Duarte.\n"),
    "a  b\n\x1b[31m.md": ("Who tends the garden?", "Karl Ott", b"The garden is tended by Karl Ott.\n"),
    "-rf #1.txt": ("Who guards the tower?", "Mara Zink", b"The tower is guarded by Mara Zink.\n"),
    os.fsdecode(b"caf\xe9.txt"): ("Who owns the vineyard?", "Rene Calla", b"The vineyard is owned by Rene Calla.\n"),
}

SKIPPED = {
    "broken.docx": "damaged: no zip archive",
    "dangling.txt": "No such file or directory",
    "empty.html": "holds no text",
    "locked.pdf": "encrypted, and it needs a password",
    "noise.xlsx": "damaged: no zip archive",
    "scan.pdf": "no text in its 2 pages; it is scanned, or drawn",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds "files", with a file of every format, and links that lead in a circle and nowhere."""
    folder = tmp_path_factory.mktemp("every format")
    for name, content in FILES.items():
        written(folder / "files", name, content)
    for name, (_, _, content) in ODD_NAMES.items():
        written(folder / "files" / "odd", name, content)
    (folder / "files" / "loop").symlink_to(folder / "files")
    (folder / "files" / "dangling.txt").symlink_to(folder / "gone")
    return folder


@pytest.fixture(scope="module")
def indexed(folder: Path) -> Run:
    return run("index", "files", "--library", "built", folder=folder)


@pytest.fixture(scope="module")
def answers(folder: Path, indexed: Run) -> dict[str, Any]:
    """What `qa ask` says to each question."""
    questions = [*QUESTIONS, *(question for question, _, _ in ODD_NAMES.values())]
    lines = (json.dumps({"id": str(n), "question": question}) for n, question in enumerate(questions))
    (folder / "q.jsonl").write_text("\n".join(lines), encoding="utf-8")
    shown = run("ask", "--questions", "q.jsonl", "--json", "--no-prose", "--library", "built", folder=folder)
    assert (shown.returncode, shown.stderr) == (0, "")
    return {answer["question"]: answer for answer in map(json.loads, shown.stdout.splitlines())}


def test_each_file_that_cannot_be_read_is_one_clear_line(indexed: Run) -> None:
    assert indexed.returncode == 2
    lines = indexed.stderr.splitlines()
    assert [line.split(":")[:2] for line in lines] == [["Skipped", f" files/{name}"] for name in SKIPPED]
    for line, reason in zip(lines, SKIPPED.values(), strict=True):
        assert re.search(rf": {re.escape(reason)}.* \(.+\)$", line)  # with what helps in brackets


def test_all_but_the_unreadable_are_indexed(folder: Path, indexed: Run) -> None:
    assert indexed.stdout == f"built: {len(QUESTIONS) + len(ODD_NAMES)} documents added, 0 replaced, 0 unchanged.\n"
    rows = json.loads(run("documents", "list", "--json", "--library", "built", folder=folder).stdout)
    names = sorted(row["sources"][0].removeprefix("files/") for row in rows)
    odd = [f"odd/{source_name(Path(name))}" for name in ODD_NAMES]
    assert names == sorted([*odd, *(source for _, source, _ in QUESTIONS.values())])


def test_indexing_again_reads_only_what_could_not_be_read(folder: Path, indexed: Run) -> None:
    again = run("index", "files", "--library", "built", "--prune", folder=folder)
    count = len(QUESTIONS) + len(ODD_NAMES)
    assert again.stdout == f"built: 0 documents added, 0 replaced, {count} unchanged, 0 removed.\n"
    assert (again.returncode, again.stderr) == (2, indexed.stderr)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_format_answers_and_is_cited(folder: Path, answers: dict[str, Any], question: str) -> None:
    short, source, page = QUESTIONS[question]
    answer = answers[question]
    assert answer["outcome"] == "answered"
    assert short in answer["short"]
    first = answer["citations"][0]
    assert short in first["quote"]
    assert (first["source"], first["page"]) == (f"files/{source}", page)
    shown = run("documents", "show", first["document_id"], "--json", "--library", "built", folder=folder)
    assert json.loads(shown.stdout)["text"][first["start"] : first["end"]] == first["quote"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_files_of_odd_names_answer_too(answers: dict[str, Any], name: str) -> None:
    question, short, _ = ODD_NAMES[name]
    assert short in answers[question]["short"]
    assert answers[question]["citations"][0]["source"] == f"files/odd/{source_name(Path(name))}"
