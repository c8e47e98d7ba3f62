"""Draws what the race asks, and lays it out on disk; keeps ids in git and texts out of it, and asks nothing.

Of a published set first documents are drawn, then questions about them, by kind in proportion: so the documents are
few enough to be indexed by every racer, and each is a distractor for the questions about the others.
"""

import json
import math
import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from qa.documents import read_paths
from qa.evaluation import SetDescription, find_places, read_questions, stratified_sample, unpack
from qa.evaluation.sets import DESCRIPTION, DOCUMENTS, QUESTIONS, write_questions
from qa.types import Document, Example

SEED = 13
SAMPLES = Path(__file__).with_name("samples.json")
SEEDS = Path(__file__).parents[2] / "seeds"
SHIPPED = SetDescription("shipped", "the project's own", "seeds/questions.jsonl", "one short document, which we wrote")
TEXTS = "documents.jsonl"


@dataclass(frozen=True, slots=True)
class Size:
    """How many documents of a set take part, and how many questions about them."""

    documents: int
    questions: int


SIZES: Mapping[str, Size] = {
    SHIPPED.name: Size(1, 40),
    "squad2_dev": Size(5, 12),
}
"""The sets that take part, in the order in which they are run. A larger sample asks what is new, and nothing again."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn of one set: names of documents' files, and ids of questions."""

    documents: tuple[str, ...]
    questions: tuple[str, ...]


Samples: TypeAlias = dict[str, Sample]
"""Name of a set -> what was drawn of it."""


@dataclass(frozen=True, slots=True)
class Course:
    """One set as it lies on disk, ready to be asked. folder: as `qa eval unpack` writes it.

    texts: its documents as our reader reads them, with our ids, JSON Lines: what the rivals are given.
    """

    name: str
    folder: Path
    questions: tuple[Example, ...]

    @property
    def texts(self) -> Path:
        """The file of the documents' texts."""
        return self.folder / TEXTS


def draw(examples: Sequence[Example], texts: Mapping[str, str], size: Size, seed: int) -> Sample:
    """Some documents, and questions about them; texts: name of a document's file -> text.

    A question is about the document in which all its evidence stands; one without evidence about the document that
    shares most of its words, rare words counting more: its author had one in mind, and the sets do not always say
    which. Always the same for the same input.
    """
    chosen = sorted(random.Random(seed).sample(sorted(texts), min(size.documents, len(texts))))
    closest = Closest(texts)
    about = [example for example in examples if _document_of(example, texts, closest) in chosen]
    drawn = stratified_sample(about, size.questions, seed)
    return Sample(tuple(chosen), tuple(example.id for example in drawn))


def write_samples(samples: Samples, path: Path = SAMPLES) -> None:
    """Ids only; they are committed."""
    plain = {name: asdict(sample) for name, sample in samples.items()}
    path.write_text(json.dumps({"seed": SEED, "sets": plain}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_samples(path: Path = SAMPLES) -> Samples:
    """What `write_samples` wrote."""
    sets = json.loads(path.read_text(encoding="utf-8"))["sets"]
    return {name: Sample(tuple(each["documents"]), tuple(each["questions"])) for name, each in sets.items()}


def draw_all(data: Path) -> Samples:
    """A sample of each set that takes part. Raises `InputError` when a published one is not in `data`."""
    drawn = {}
    for name, size in SIZES.items():
        with _whole(name, data) as (_, examples, files):
            texts = {file.name: file.read_text(encoding="utf-8") for file in files}
            drawn[name] = draw(examples, texts, size, SEED)
    return drawn


def lay_out(name: str, data: Path, folder: Path) -> Course:
    """Writes a set's sample into `folder`, as far as it is not there yet.

    Raises `InputError` for a set that is not in `data`, `KeyError` for a name or an id that is not known.
    """
    sample = read_samples()[name]
    with _whole(name, data) as (description, examples, files):
        questions = {example.id: example for example in examples}
        documents = {file.name: file for file in files}
        return _written(
            folder,
            description,
            [questions[each] for each in sample.questions],
            [documents[each] for each in sample.documents],
        )


@contextmanager
def _whole(name: str, data: Path) -> Iterator[tuple[SetDescription, tuple[Example, ...], list[Path]]]:
    """All of a set, as long as the block lasts: what it is, its questions and the files of its documents."""
    if name == SHIPPED.name:
        documents = [path for path in sorted(SEEDS.glob("*.md")) if path.name != "SOURCES.md"]
        yield SHIPPED, read_questions(SEEDS / "questions.jsonl"), documents
        return
    with TemporaryDirectory() as folder:
        description = unpack(name, data, Path(folder))
        yield description, read_questions(Path(folder, QUESTIONS)), sorted(Path(folder, DOCUMENTS).iterdir())


class Closest:
    """Finds the document that shares most words with a question, each weighed by its rarity (inverse frequency)."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._words = {name: _words(text) for name, text in texts.items()}
        held = Counter(word for words in self._words.values() for word in words)
        self._weights = {word: math.log(1 + len(texts) / count) for word, count in held.items()}

    def to(self, question: str) -> str:
        """The name of a document; of equals, the first by name."""
        asked = _words(question)

        def shared(name: str) -> tuple[float, str]:
            return -sum(self._weights[word] for word in sorted(asked & self._words[name])), name

        return min(self._words, key=shared)


def _document_of(example: Example, texts: Mapping[str, str], closest: Closest) -> str | None:
    """None for evidence that stands in several documents."""
    if not example.evidence:
        return closest.to(example.question)
    holding = [{place.document_id for place in find_places(words, texts)} for words in example.evidence]
    together = set.intersection(*holding)
    return min(together, default=None)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _written(folder: Path, description: SetDescription, questions: Sequence[Example], files: Sequence[Path]) -> Course:
    """Files that are as they should be are left alone: their dates are part of what tells runs apart."""
    (folder / DOCUMENTS).mkdir(parents=True, exist_ok=True)
    for file in files:
        _copied(file, folder / DOCUMENTS / file.name)
    documents, failures = read_paths([folder / DOCUMENTS])
    if failures or len(documents) != len(files):
        raise ValueError(f"{folder / DOCUMENTS}: {len(documents)} documents of {len(files)} can be read")
    lines = "".join(json.dumps(_row(each), ensure_ascii=False) + "\n" for each in documents)
    _put(folder / TEXTS, lines)
    _put(folder / DESCRIPTION, json.dumps(asdict(description), ensure_ascii=False) + "\n")
    with TemporaryDirectory() as temporary:
        made = Path(temporary, QUESTIONS)
        write_questions(made, questions)
        _put(folder / QUESTIONS, made.read_text(encoding="utf-8"))
    return Course(description.name, folder, tuple(questions))


def _row(document: Document) -> dict[str, str]:
    return {"id": document.id, "title": document.title, "text": document.text}


def _copied(source: Path, target: Path) -> None:
    if not target.exists() or target.read_bytes() != source.read_bytes():
        shutil.copyfile(source, target)


def _put(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
