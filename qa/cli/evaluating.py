"""The command that scores the system: `qa eval`; it knows no measure."""

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import (
    AsJson,
    Command,
    Embedder,
    LanguageModel,
    Library,
    NoProse,
    Reader,
    example,
    load_config,
    open_assistant,
    print_json,
    stderr,
    stdout,
)
from qa.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.assistant import Assistant
    from qa.evaluation import Report
    from qa.types import Example


def evaluate(
    questions: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Questions with their answers and evidence.")],
    library: Library = None,
    language_model: LanguageModel = None,
    no_prose: NoProse = False,
    embedder: Embedder = None,
    reader: Reader = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the report as JSON.")] = None,
    allow_missing_evidence: Annotated[
        bool, typer.Option("--allow-missing-evidence", help="Leave out evidence that stands in no document.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Ask every question of a file and score the answers, the quotes and the refusals."""
    from qa.evaluation import read_questions, to_json, to_table

    examples = read_questions(questions)
    if out is not None and not out.parent.is_dir():
        raise InputError(f"{out}: the folder {out.parent} does not exist", f"mkdir -p {out.parent}")
    config = load_config(no_prose, library=library, language_model=language_model, embedder=embedder, reader=reader)
    with open_assistant(config) as assistant:
        report = _scored(assistant, examples, allow_missing_evidence)
    if out is not None:
        out.write_text(json_text.dumps(to_json(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if json:
        print_json(to_json(report))
    else:
        stdout().print(to_table(report))


def _scored(assistant: "Assistant", examples: "Sequence[Example]", allow_missing_evidence: bool) -> "Report":
    from rich.progress import Progress

    from qa.evaluation import evaluate as score

    texts = {document.id: document.text for document in assistant.documents()}
    with Progress(console=stderr(), transient=True) as progress:
        task = progress.add_task("Asking", total=len(examples))
        return score(
            examples,
            assistant.converse,
            texts,
            lambda *_: progress.advance(task),
            allow_missing_evidence=allow_missing_evidence,
        )


COMMANDS = (Command(evaluate, {"name": "eval", "epilog": example("qa eval seeds/questions.jsonl --no-prose")}),)
