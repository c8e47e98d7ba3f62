"""Turns published question sets on this disk into question files and documents; downloads nothing and asks nothing."""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

from qa.errors import BadQuestionFile, InputError
from qa.sentences import sentences
from qa.types import Example

Row: TypeAlias = Mapping[str, Any]
Texts: TypeAlias = dict[str, str]
"""Name of a document's file, without suffix -> its text; a title is its first line, with an empty one under it."""

QUESTIONS, DOCUMENTS, DESCRIPTION = "questions.jsonl", "documents", "set.json"


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A published set. note: what its figures do not say. read: folder of data -> its examples and documents."""

    name: str
    licence: str
    source: str
    note: str
    read: Callable[[Path], tuple[list[Example], Texts]]


@dataclass(frozen=True, slots=True)
class SetDescription:
    """What a report says of the set that it was taken on."""

    name: str
    licence: str
    source: str
    note: str


def unpack(name: str, data: Path, folder: Path) -> SetDescription:
    """Writes a set into `folder`: questions.jsonl, documents/ and set.json; older files of these names are replaced.

    Raises `InputError` for an unknown name, for files that are not in `data`, and for a folder that holds another set
    or cannot be written.
    """
    question_set = SETS.get(name)
    if question_set is None:
        raise InputError(f"no question set is called {name!r}", f"take one of: {', '.join(SETS)}")
    there = read_description(folder)
    if there is not None and there.name != name:
        raise InputError(f"{folder}: holds the set {there.name!r}", "name another folder with `--to FOLDER`")
    try:
        examples, texts = question_set.read(data)
    except (KeyError, TypeError, ValueError) as error:
        hint = f"its files in {data} are of another shape than the published ones"
        raise BadQuestionFile(f"set {name!r}: {type(error).__name__}: {error}", hint) from error
    description = SetDescription(name, question_set.licence, question_set.source, question_set.note)
    try:
        documents = folder / DOCUMENTS
        documents.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            (documents / f"{file}.txt").write_text(text, encoding="utf-8", newline="")
        write_questions(folder / QUESTIONS, examples)
        (folder / DESCRIPTION).write_text(json.dumps(asdict(description), ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror}", "name another folder with `--to FOLDER`") from error
    return description


def read_description(folder: Path) -> SetDescription | None:
    """What `unpack` wrote of the set, None when the folder holds no such file. Raises `BadQuestionFile`."""
    path = folder / DESCRIPTION
    if not path.is_file():
        return None
    try:
        return SetDescription(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise BadQuestionFile(f"{path}: not the description of a set", "unpack the set again") from error


def write_questions(path: Path, examples: Iterable[Example]) -> None:
    """A question file that `read_questions` reads; keys that hold nothing are left out."""
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            row = {key: value for key, value in asdict(example).items() if value not in ((), "", True)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _squad2(split: str) -> Callable[[Path], tuple[list[Example], Texts]]:
    """A part of SQuAD 2.0's development set; the paragraphs of an article are one document."""

    def read(data: Path) -> tuple[list[Example], Texts]:
        contexts = {row["context_id"]: row for row in read_rows(data / "squad2_contexts_dev.jsonl.gz")}
        rows = [row for row in read_rows(data / "squad2_dev.jsonl.gz") if row["split"] == split]
        used = {row["title"] for row in rows}
        texts = _articles((row["title"], row["text"]) for row in contexts.values() if row["title"] in used)
        return [_squad_example(row, contexts[row["context_id"]]["text"], row["is_impossible"]) for row in rows], texts

    return read


def _xquad(data: Path) -> tuple[list[Example], Texts]:
    articles = json.loads(_unzipped(data / "xquad_en.json.gz"))["data"]
    # XQuAD gives its articles no titles
    titled = [(f"article-{number:02}", article["paragraphs"]) for number, article in enumerate(articles)]
    examples = [
        _squad_example(
            {**row, "answers": [{"text": a["text"], "start": a["answer_start"]} for a in row["answers"]]},
            paragraph["context"],
            impossible=False,
        )
        for _, paragraphs in titled
        for paragraph in paragraphs
        for row in paragraph["qas"]
    ]
    return examples, {name: "\n\n".join(each["context"] for each in paragraphs) for name, paragraphs in titled}


def _squad_example(row: Row, paragraph: str, impossible: bool) -> Example:
    """Evidence is the sentence that holds the first answer."""
    answers = tuple(dict.fromkeys(answer["text"] for answer in row["answers"]))
    evidence = (_sentence_at(paragraph, row["answers"][0]["start"]),) if answers and not impossible else ()
    kind = "unanswerable" if impossible else "answerable"
    return Example(row["id"], row["question"].strip(), (), answers, evidence, not impossible, kind)


def _sentence_at(text: str, offset: int) -> str:
    return next(span.within(text) for span in sentences(text) if span.start <= offset < span.end)


def _articles(paragraphs: Iterable[tuple[str, str]]) -> Texts:
    joined: dict[str, list[str]] = {}
    for title, text in paragraphs:
        joined.setdefault(title, [title.replace("_", " ")]).append(text)
    return {_file_name(title): "\n\n".join(parts) for title, parts in joined.items()}


def _document_set(
    stem: str, kind: Callable[[Row], str], wanted: Callable[[Row], bool] = lambda _: True
) -> Callable[[Path], tuple[list[Example], Texts]]:
    """Rows with doc_id and text as evidence, and their documents."""

    def read(data: Path) -> tuple[list[Example], Texts]:
        rows = [row for row in read_rows(data / f"{stem}.jsonl.gz") if wanted(row)]
        return [_document_example(row, kind(row)) for row in rows], _texts(
            read_rows(data / f"{stem}_documents.jsonl.gz")
        )

    return read


def _rgb(with_answers: bool) -> Callable[[Path], tuple[list[Example], Texts]]:
    """RGB asks each question twice: among all its snippets, and among those that do not hold the answer."""

    def read(data: Path) -> tuple[list[Example], Texts]:
        rows = [row for row in read_rows(data / "news_rgb.jsonl.gz") if row["answerable"] == with_answers]
        pool = {name for row in rows for name in row["pool_doc_ids"]}
        documents = (row for row in read_rows(data / "news_rgb_documents.jsonl.gz") if row["doc_id"] in pool)
        return [_document_example(row, "") for row in rows], _texts(documents)

    return read


def _document_example(row: Row, kind: str) -> Example:
    """Earlier questions are those of the user; what is known of the answer counts only where there is one."""
    answerable = bool(row["answerable"])
    history = tuple(turn["text"] for turn in row.get("history", ()) if turn["speaker"] == "user")
    answers = tuple(answer for answer in row["answers"] if answer.strip()) if answerable else ()
    evidence = tuple(dict.fromkeys(e["text"] for e in row["evidence"] if e["text"].strip())) if answerable else ()
    return Example(row["id"], row["question"].strip(), history, answers, evidence, answerable, kind)


def _texts(documents: Iterable[Row]) -> Texts:
    return {
        _file_name(row["doc_id"]): f"{row['title'].strip()}\n\n{row['text']}" if row["title"].strip() else row["text"]
        for row in documents
    }


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name).strip(".")


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a gzipped JSON Lines file. Raises `InputError` when it cannot be read."""
    return (json.loads(line) for line in _unzipped(path).split(b"\n") if line)


def _unzipped(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path}: {getattr(error, 'strerror', None) or error}",
            "give the folder of the sets with `--data FOLDER`; nothing is downloaded",
        ) from error


_LONG = "accepted answers are whole paragraphs: read F1, evidence and citations, not what is counted as right"
_PARAGRAPHS = "a question without an answer was written for one paragraph; another of its article may hold one"

SETS: Mapping[str, QuestionSet] = {
    each.name: each
    for each in (
        QuestionSet(
            "squad2_dev", "CC BY-SA 4.0", "SQuAD 2.0, development set, test part", _PARAGRAPHS, _squad2("test")
        ),
        QuestionSet(
            "squad2_calib", "CC BY-SA 4.0", "SQuAD 2.0, development set, calib part", _PARAGRAPHS, _squad2("calib")
        ),
        QuestionSet("xquad_en", "CC BY-SA 4.0", "XQuAD, English", "every question has an answer", _xquad),
        QuestionSet(
            "clapnq", "Apache-2.0", "ClapNQ, development set", _LONG, _document_set("docqa_clapnq", lambda _: "")
        ),
        QuestionSet(
            "dragonball",
            "CC BY-NC-SA 4.0",
            "DragonBall (RAGEval)",
            "many accepted answers are whole sentences, that only F1 can compare",
            _document_set("docqa_dragonball", lambda row: str(row["question_type"])),
        ),
        QuestionSet("rgb", "CC BY-NC-SA 4.0", "RGB, en_fact, with answers", "every question has an answer", _rgb(True)),
        QuestionSet(
            "rgb_without", "CC BY-NC-SA 4.0", "RGB, en_fact, without answers", "no question has an answer", _rgb(False)
        ),
        QuestionSet(
            "wikinews",
            "MIT (questions), CC BY 2.5 (documents)",
            "QAMR test, Wikinews",
            "questions are machine-like, and every one has an answer",
            # the set's unanswerable ones are those of another of its documents, which is here too
            _document_set("news_wikinews", lambda _: "", lambda row: bool(row["answerable"])),
        ),
        QuestionSet(
            "mtrag_un",
            "Apache-2.0",
            "MT-RAG, last turns of conversations",
            f"{_LONG}; underspecified and partly answerable questions count as unanswerable",
            _document_set("docqa_mtrag_un", lambda row: str(row["answerability"]).lower()),
        ),
    )
}
