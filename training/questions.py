"""Turns the sets that only measure into questions with their paragraph; trains on none of them."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from qa.evaluation.sets import read_rows
from qa.types import Document, Passage, Span

RIGHT = 0.5  # F1 from which an answer counts as right


@dataclass(frozen=True, slots=True)
class Question:
    """One question on one paragraph; `answers` is empty when the paragraph holds none."""

    id: str
    title: str
    question: str
    passage: str
    answers: tuple[str, ...]

    @property
    def given(self) -> Passage:
        """Its paragraph, whole, as a passage to be read."""
        return Passage(self.id, Span(0, len(self.passage)), self.passage)


def load_xquad(data: Path) -> tuple[list[Question], list[Question]]:
    """XQuAD's English questions: those of articles not in training, and the others."""
    with gzip.open(data / "xquad_en.json.gz", "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    known = {row["title"].replace("_", " ") for row in read_rows(data / "reader_train_contexts.jsonl.gz")}
    clean: list[Question] = []
    other: list[Question] = []
    for article in articles:
        title = article["title"].replace("_", " ")
        for paragraph in article["paragraphs"]:
            for entry in paragraph["qas"]:
                answers = tuple(answer["text"] for answer in entry["answers"])
                question = Question(entry["id"], title, entry["question"], paragraph["context"], answers)
                (other if title in known else clean).append(question)
    return clean, other


def load_squad2(data: Path, split: str) -> list[Question]:
    """One split, "calib" or "test", of the SQuAD 2.0 development set."""
    contexts = {row["context_id"]: row["text"] for row in read_rows(data / "squad2_contexts_dev.jsonl.gz")}
    return [
        Question(
            id=row["id"],
            title=row["title"],
            question=row["question"],
            passage=contexts[row["context_id"]],
            answers=tuple(answer["text"] for answer in row["answers"]),
        )
        for row in read_rows(data / "squad2_dev.jsonl.gz")
        if row["split"] == split
    ]


def paragraphs(questions: list[Question]) -> list[Document]:
    """The paragraphs of the questions, each once, each a document of its own."""
    titles = {question.passage: question.title for question in questions}
    return [Document(f"paragraph-{n}", title, (str(n),), text) for n, (text, title) in enumerate(titles.items())]
