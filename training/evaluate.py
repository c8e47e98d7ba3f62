"""Turns a shipped reader and measuring sets into figures, beside the stop-gap and a language model; trains nothing.

Given: the reader sees the paragraph that the question was written for. Open: it sees what retrieval brings up from all
paragraphs, or all documents, of the set. The language model always sees the paragraph that holds the answer (or, where
no paragraph does, the one found first), which is more than it would get in use.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import fmean as mean
from typing import TypeAlias

from qa.evaluation import SETS
from qa.evaluation.measures import auroc, calibration_error, exact_match, f1, occurs
from qa.models import load_embedder, load_language_model, load_reader_weights
from qa.models.weights import DEFAULT_EMBEDDER, READER_FOLDER
from qa.reading import SentenceReader, SpanReader
from qa.types import Document, Embedder, LanguageModel, Message, Passage, Reader
from training.export import update_description
from training.questions import RIGHT, Question, load_squad2, load_xquad, paragraphs
from training.shelf import Shelf

PAGE = Path(__file__).parents[1] / "docs" / "reader.md"
ABSENT = "not in the text"
PROMPT = (
    f'Answer the question in a few words of the text. If the text does not hold the answer, say "{ABSENT}".\n\n'
    "Text: {text}\n\nQuestion: {question}"
)
STOP_GAP_ASKED = 100  # questions of a set: it embeds every sentence of every passage
DOCUMENT_SETS = ("clapnq", "dragonball", "rgb", "rgb_without", "wikinews")

Found: TypeAlias = tuple[str, float]
"""The words that a system gives, and how sure it is that they answer the question, higher is surer."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares in 0..1 of one system in one setting; None where a set cannot tell.

    f1, em: of the answerable questions, no threshold applied. hit: of them, those whose accepted words stand in what
    was given. kept_f1, kept_em: of all, with "" given below the threshold (SQuAD 2.0). auroc: chance that an answerable
    question gets the higher score than an unanswerable one. right_auroc: the same of right answers against all else.
    calibration_error: mean gap between the stated chance of being right and what came of it.
    """

    questions: int
    f1: float | None
    em: float | None
    hit: float | None
    kept_f1: float | None = None
    kept_em: float | None = None
    answered: float | None = None
    refused: float | None = None
    auroc: float | None = None
    right_auroc: float | None = None
    calibration_error: float | None = None


def score(questions: Sequence[Question], found: Sequence[Found], threshold: float, *, calibrated: bool) -> Figures:
    """The figures of what one system gave. calibrated: its scores are chances, 0..1, of being right."""
    texts, sure = [text for text, _ in found], [score for _, score in found]
    answerable = [bool(question.answers) for question in questions]
    with_answer = [(text, q.answers) for text, q in zip(texts, questions, strict=True) if q.answers]
    kept = [text if score >= threshold else "" for text, score in found]
    right = [bool(q.answers) and f1(text, q.answers) >= RIGHT for text, q in zip(texts, questions, strict=True)]
    both = any(answerable) and not all(answerable)
    wanted = [question.answers or ("",) for question in questions]
    return Figures(
        questions=len(questions),
        f1=_share(f1(text, answers) for text, answers in with_answer),
        em=_share(exact_match(text, answers) for text, answers in with_answer),
        hit=_share(any(occurs(answer, text) for answer in answers) for text, answers in with_answer),
        kept_f1=_share(f1(text, answers) for text, answers in zip(kept, wanted, strict=True)),
        kept_em=_share(exact_match(text, answers) for text, answers in zip(kept, wanted, strict=True)),
        answered=_share(bool(t) and r for t, r, a in zip(kept, right, answerable, strict=True) if a),
        refused=_share(not t for t, a in zip(kept, answerable, strict=True) if not a),
        auroc=round(auroc(sure, answerable), 4) if both else None,
        right_auroc=round(auroc(sure, right), 4) if any(right) and not all(right) else None,
        calibration_error=round(calibration_error(sure, right), 4) if calibrated else None,
    )


def _share(values: Iterable[float]) -> float | None:
    held = [float(value) for value in values]
    return round(mean(held), 4) if held else None


def read(reader: Reader, question: str, passages: Sequence[Passage]) -> Found:
    """A reader's best finding."""
    best = next(iter(reader.read(question, passages).findings), None)
    return (best.text, best.probability) if best else ("", 0.0)


def prompted(model: LanguageModel, question: str, text: str) -> Found:
    """What a language model says to a text and a question; its score is 0 where it says that the text does not say."""
    said = "".join(model.stream((Message("user", PROMPT.format(text=text, question=question)),))).strip()
    absent = ABSENT in said.lower()
    return ("", 0.0) if absent else (said, 1.0)


@dataclass(frozen=True, slots=True)
class Setting:
    """Questions, and where the passages come from. shown: what the language model sees of a question."""

    name: str
    questions: list[Question]
    passages: Callable[[Question], list[Passage]]
    shown: Callable[[Question], str]


def settings(data: Path, embedder: Embedder, place: Path, most: int) -> Iterable[Setting]:
    """Every set, given and open; libraries are built in `place`, one at a time.

    most: questions of a document set; of SQuAD 2.0 five times as many. They are drawn with a fixed seed.
    """
    clean, other = load_xquad(data)
    test = some(load_squad2(data, "test"), 5 * most)
    for name, questions in (("XQuAD, unseen articles", clean), ("XQuAD, other articles", other), ("SQuAD 2.0", test)):
        yield Setting(f"{name}, given", questions, lambda question: [question.given], lambda question: question.passage)
    with closing(Shelf(paragraphs([*clean, *other]), embedder, place / "xquad")) as shelf:
        yield _open("XQuAD, unseen articles", clean, shelf)
    for name in DOCUMENT_SETS:
        examples, texts = SETS[name].read(data)
        every = [Question(each.id, "", each.question, "\n\n".join(each.evidence), each.answers) for each in examples]
        documents = [Document(key, key, (key,), text) for key, text in texts.items()]
        with closing(Shelf(documents, embedder, place / name)) as shelf:
            yield _open(SETS[name].source, some(every, most), shelf)


def _open(name: str, questions: list[Question], shelf: Shelf) -> Setting:
    def passages(question: Question) -> list[Passage]:
        return shelf.passages(question.question)

    def shown(question: Question) -> str:
        return question.passage or passages(question)[0].text

    return Setting(f"{name}, open", questions, passages, shown)


def some(questions: list[Question], most: int) -> list[Question]:
    """All questions, or so many of them, drawn with a fixed seed."""
    return questions if len(questions) <= most else random.Random(0).sample(questions, most)


def main() -> None:
    """Measures and writes the figures: all into `--out` and docs/reader.md, the reader's own into reader.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--folder", type=Path, default=READER_FOLDER)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/reader.json"))
    parser.add_argument(
        "--most", type=int, default=300, help="questions of one document set; of SQuAD 2.0 five times as many"
    )
    parser.add_argument("--prompted", type=int, default=40, help="questions of one set that the language model gets")
    args = parser.parse_args()
    embedder = load_embedder(DEFAULT_EMBEDDER, offline=True)
    readers: list[Reader] = [SpanReader(load_reader_weights(args.folder)), SentenceReader(embedder)]
    figures: dict[str, dict[str, Figures]] = {}
    model = load_language_model("default", "", offline=True, max_tokens=32) if args.prompted else None
    with tempfile.TemporaryDirectory() as place:
        for setting in settings(args.data, embedder, Path(place), args.most):
            told = figures.setdefault(setting.name, {})
            for reader in readers:
                asked = setting.questions if reader.calibrated else some(setting.questions, STOP_GAP_ASKED)
                found = [read(reader, question.question, setting.passages(question)) for question in asked]
                told[kind(reader)] = score(asked, found, reader.threshold, calibrated=reader.calibrated)
                print(setting.name, kind(reader), told[kind(reader)], flush=True)
            if model is not None:
                few = some(setting.questions, args.prompted)
                found = [prompted(model, question.question, setting.shown(question)) for question in few]
                told[model.name] = score(few, found, 0.5, calibrated=False)
                print(setting.name, model.name, told[model.name], flush=True)
            write(args.out, PAGE, figures)
    if model is not None:
        model.close()
    description = json.loads((args.folder / "reader.json").read_text(encoding="utf-8"))
    own = {name: asdict(told["reader"]) for name, told in figures.items()}
    update_description(args.folder, {**description, "figures": own})


def kind(reader: Reader) -> str:
    """What a reader is called beside others."""
    return "reader" if reader.calibrated else "stop-gap"


def write(out: Path, page: Path, figures: dict[str, dict[str, Figures]]) -> None:
    """Every figure that has been measured so far, as JSON into `out` and as tables into `page`."""
    told = {name: {system: asdict(each) for system, each in row.items()} for name, row in figures.items()}
    out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    tables = "".join(f"## {name}\n\n{_table(row)}\n" for name, row in figures.items())
    text = page.read_text(encoding="utf-8")
    head, tail = text.split("<!-- figures -->\n")[0], text.split("<!-- /figures -->")[1]
    page.write_text(f"{head}<!-- figures -->\n{tables}<!-- /figures -->{tail}", encoding="utf-8")


def _table(row: dict[str, Figures]) -> str:
    names = [each.name for each in fields(Figures)]
    lines = [f"| | {' | '.join(name.replace('_', ' ') for name in names)} |", f"|---|{'---:|' * len(names)}"]
    for system, figures in row.items():
        values = ["–" if value is None else str(value) for value in asdict(figures).values()]
        lines.append(f"| {system} | {' | '.join(values)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
