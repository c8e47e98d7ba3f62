"""The commands for saved answers: `qa verify` and `qa export`; they know no way of comparing or rendering."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import (
    AsFormat,
    AsJson,
    Command,
    Library,
    example,
    load_config,
    note,
    print_answers,
    print_json,
    stdout,
    warn_of,
)
from qa.errors import InputError, UnreadableDocument
from qa.render import count

if TYPE_CHECKING:
    from qa.saved import Saved
    from qa.types import Document
    from qa.verify import Verdict

Answers = Annotated[
    Path, typer.Argument(metavar="ANSWER.json", help="What `qa ask --json` printed, one answer or many; - reads stdin.")
]


def verify(
    answer: Answers,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="PATH", help="The one document that is cited, or a folder of documents."),
    ] = None,
    library: Library = None,
    json: AsJson = False,
) -> None:
    """Check that every quote of saved answers still stands in its source, word by word.

    Takes the output of `qa ask --json`, JSON Lines of many answers, and Web Annotations. Without --against and
    --library the files that the answers name are read as they are now.

    Each quote is VERIFIED (same characters, same place), MOVED (same words at another place, or with other line ends,
    blanks or quotation marks), CHANGED (similar words) or MISSING. The exit code is 0 when all are verified or moved,
    1 when one is not, 2 when the file holds no answer.
    """
    from qa.verify import all_stand
    from qa.verify import verify as check

    if against is not None and library is not None:
        raise InputError("--against and --library exclude each other", "take one of them")
    saved = read_answers(answer)
    one = _one_document(against)
    documents = _documents(saved, answer, against, library) if one is None else ()
    checked = [(each, check(each.citations, documents, against=one)) for each in saved]
    verdicts = [verdict for _, some in checked for verdict in some]
    if json:
        print_json([_row(each, verdict) for each, some in checked for verdict in some])
    else:
        for each, some in checked:
            _print_verdicts(each.question if len(saved) > 1 else "", some)
    stands = sum(verdict.stands for verdict in verdicts)
    note(f"{stands} of {count(len(verdicts), 'quote')} stand.", "dim")
    if not all_stand(verdicts):
        raise typer.Exit(1)


def read_answers(path: Path) -> "tuple[Saved, ...]":
    """The answers that a file, or stdin for "-", holds. Raises `InputError`."""
    from qa.saved import HINT, read_saved

    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", HINT) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not JSON (no UTF-8 at byte {error.start})", HINT) from error
    return read_saved(text, str(path))


def _one_document(against: Path | None) -> "Document | None":
    from qa.documents import read_one

    return None if against is None or against.is_dir() else read_one(against)


def _documents(
    saved: "Sequence[Saved]", answer: Path, folder: Path | None, library: str | None
) -> "tuple[Document, ...]":
    """The documents of a folder or a library; of neither, those that the answers name."""
    from qa.documents import read_paths
    from qa.libraries import open_library

    if library is not None:
        config = load_config(library=library)
        with open_library(config.library, key=config.library_key) as store:
            return tuple(store.documents())
    if folder is not None:
        documents, failures = read_paths([folder])
        warn_of(failures)
        return documents
    sources = dict.fromkeys(citation.source for each in saved for citation in each.citations)
    return tuple(_named(list(sources), answer.parent))


def _named(sources: "Sequence[str]", beside: Path) -> "Iterator[Document]":
    """The files that answers name, seen from here or from the answers' folder, as far as they can be read."""
    from qa.documents import read_source

    for source in sources:
        here, there = Path(source), beside / source
        try:
            yield replace(
                read_source(str(there) if there.exists() and not here.exists() else source), sources=(source,)
            )
        except UnreadableDocument as error:
            note(f"Skipped: {error}", "yellow")
            note("Where is it now? Give --against FILE, --against FOLDER or --library DIR.", "yellow")


def _row(saved: "Saved", verdict: "Verdict") -> dict[str, object]:
    return {"question": saved.question} | asdict(verdict)


def _print_verdicts(question: str, verdicts: "Sequence[Verdict]") -> None:
    from rich.text import Text

    from qa.render import visible

    out = stdout()
    if question:
        out.print(Text(visible(" ".join(question.split())), "bold"))
    for verdict in verdicts:
        style = "green" if verdict.stands else "red"
        line = f" [{verdict.number}] {verdict.source}: {' '.join(verdict.quote.split())}"
        remark = f" ({verdict.note})" if verdict.note else ""
        out.print(Text.assemble((f"{verdict.state.value:8}", style), visible(line), (visible(remark), "dim")))
        if not verdict.stands and verdict.text:
            out.print(Text(f"     now: {visible(' '.join(verdict.text.split()))}"))


def export(answer: Answers, form: AsFormat = None) -> None:
    """Print saved answers in another format: Markdown, HTML, BibTeX, CSL-JSON, Web Annotations, JSON or text.

    Takes the output of `qa ask --json`, one answer or many. Nothing is asked again and no document is read.
    """
    from qa.saved import HINT

    answers = [saved.answer for saved in read_answers(answer)]
    whole = [each for each in answers if each is not None]
    if len(whole) < len(answers):
        raise InputError(f"{answer}: annotations hold the quotes of an answer, not the answer", HINT)
    print_answers(whole, form or "markdown")


COMMANDS = (
    Command(verify, {"epilog": example("qa verify answer.json --against seeds/germany-north-korea-brief.md")}),
    Command(export, {"epilog": example("qa export answers.jsonl --format bibtex > sources.bib")}),
)
