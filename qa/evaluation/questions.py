"""Turns a file of questions into Examples, strictly; knows nothing of documents or answers."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from qa.errors import BadQuestionFile
from qa.types import Example

Words = Annotated[str, StringConstraints(pattern=r"\S")]
"""Text with something in it besides white space."""

HINT = (
    'write one JSON object a line, such as {"id": "q1", "question": "Who ...?", "answers": ["..."]}; '
    "docs/evaluation.md lists every key"
)


class _Line(BaseModel):
    """One line of a question file. Keys that are not named here are left alone."""

    model_config = ConfigDict(strict=True, extra="ignore")

    id: Words
    question: Words
    history: tuple[Words, ...] = ()
    answers: tuple[Words, ...] = ()
    evidence: tuple[Words, ...] = ()
    answerable: bool = True
    kind: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> "_Line":
        if self.answers and not self.answerable:
            raise ValueError('"answerable" is false, yet "answers" are given')
        return self


def read_questions(path: Path) -> tuple[Example, ...]:
    """The questions of a JSON Lines file, in its order. Blank lines are skipped.

    Raises `BadQuestionFile`, naming file and line, for a file that cannot be read or holds no question, a
    line that is no JSON object, a missing or mistyped key, an id given twice, and an unanswerable question
    with accepted answers.
    """
    # split at "\n" alone: str.splitlines would also break at U+2028, which JSON allows inside a string
    lines = enumerate(_read_text(path).split("\n"), start=1)
    examples = {number: _parse(path, number, line) for number, line in lines if line.strip()}
    if not examples:
        raise BadQuestionFile(f"{path}: holds no question", HINT)
    _refuse_repeated_ids(path, examples)
    return tuple(examples.values())


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadQuestionFile(
            f"{path}: cannot be read ({error.strerror})", "give the path of a question file (JSON Lines)"
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadQuestionFile(f"{path}, line {line}: not UTF-8", "save the file as UTF-8") from error


def _parse(path: Path, number: int, line: str) -> Example:
    try:
        return Example(**_Line.model_validate_json(line).model_dump())
    except ValidationError as error:
        raise BadQuestionFile(f"{path}, line {number}: {_reason(error)}", HINT) from error


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    place = "".join(f"{key}: " if isinstance(key, str) else f"entry {key + 1}: " for key in first["loc"])
    if first["type"] == "string_pattern_mismatch":
        return f"{place}is blank"
    # the parser sees one line at a time, and calls each of them line 1
    return place + first["msg"].replace(" at line 1 column ", " at column ")


def _refuse_repeated_ids(path: Path, examples: dict[int, Example]) -> None:
    first_line: dict[str, int] = {}
    for number, example in examples.items():
        if example.id in first_line:
            raise BadQuestionFile(
                f"{path}, line {number}: id {example.id!r} stands on line {first_line[example.id]} already",
                "give every question an id of its own",
            )
        first_line[example.id] = number
