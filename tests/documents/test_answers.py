"""A folder of every format is indexed, and each file answers a question with a citation of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.assistant import Assistant, prepare
from qa.config import Config
from qa.types import Outcome
from tests.documents import writers
from tests.documents.writers import written

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


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("every format") / "documents"
    for name, content in FILES.items():
        written(folder, name, content)
    (folder / "loop").symlink_to(folder)
    config = Config.load(documents=folder, library=folder.parent / "library", prose=False)
    prepare(config)
    with Assistant.open(config) as opened:
        yield opened


def test_all_but_the_unreadable_are_indexed(assistant: Assistant) -> None:
    names = [Path(document.sources[0]).name for document in assistant.documents()]
    assert sorted(names) == sorted(source for _, source, _ in QUESTIONS.values())


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_format_answers_and_is_cited(assistant: Assistant, question: str) -> None:
    short, source, page = QUESTIONS[question]
    answer = assistant.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.short is not None
    assert short in answer.short
    first = answer.citations[0]
    assert short in first.quote.text
    assert (Path(first.source).name, first.page) == (source, page)
    document = assistant.document(first.quote.document_id)
    assert first.quote.span.within(document.text) == first.quote.text
