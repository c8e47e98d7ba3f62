"""The commands for question sets: `qa eval sets`, `unpack`, `support` and `make-questions`; they download nothing."""

from collections import Counter
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from qa.cli.options import AsJson, Command, Library, documents_under, example, load_config, print_json, stdout
from qa.cli.reporting import writable
from qa.errors import InputError
from qa.render import count

Data: TypeAlias = Annotated[Path, typer.Option("--data", metavar="FOLDER", help="Folder of the published sets.")]


def sets() -> None:
    """List the published question sets that can be unpacked, with licence and what their figures do not say."""
    from rich.table import Table

    from qa.evaluation import SETS

    table = Table("name", "set", "licence", "note")
    for each in SETS.values():
        table.add_row(each.name, each.source, each.licence, each.note)
    stdout().print(table)


def unpack(
    name: Annotated[str, typer.Argument(metavar="SET", help="Its name; `qa eval sets` lists them.")],
    data: Data,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where questions and documents are written.")],
) -> None:
    """Turn a published question set on this disk into a question file and its documents. Downloads nothing."""
    from qa.evaluation import unpack as write

    made = write(name, data, to)
    stdout().print(f"{made.name}: {made.source}, {made.licence}. Note: {made.note}.", highlight=False, markup=False)
    stdout().print(f"Next:  qa eval run {to}", highlight=False, markup=False)


def support(data: Data, json: AsJson = False) -> None:
    """Hold the support measure behind citation recall and precision against what people marked as supported."""
    from dataclasses import asdict

    from rich.table import Table

    from qa.evaluation import agreement, read_pairs
    from qa.evaluation.measures import WORDS_SUPPORT

    found = agreement(read_pairs(data), WORDS_SUPPORT.supports)
    if json:
        return print_json({name: asdict(each) for name, each in found.items()})
    table = Table("set", "supported", "of them passed", "unsupported", "of them stopped", "balanced accuracy")
    for name, each in found.items():
        shares = [_percent(value) for value in (each.passed, each.stopped, each.balanced_accuracy)]
        table.add_row(name, f"{each.supported:,}", shares[0], f"{each.unsupported:,}", shares[1], shares[2])
    return stdout().print(table)


def make_questions(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The question file that is written.")],
    documents: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATHS", help="Files and folders. Default: the library's documents."),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, metavar="N", help="Of a kind, from each document.")] = 10,
    library: Library = None,
) -> None:
    """Draft a question file from your own documents: who said what, who did what, when and how many, with evidence.

    Edit it before you trust its figures: reword the questions, which keep the words of their evidence, take out the bad
    ones, and add some that the documents do not answer ("answerable": false).
    """
    from qa.evaluation import draft_questions, write_questions

    writable(out)
    if out.exists():
        raise InputError(f"{out}: is there already, perhaps edited", "name another file with `--out FILE`")
    drafts = draft_questions(documents_under(load_config(library=library), documents or []), most)
    if not drafts:
        raise InputError("no statement, person, date or number was found to ask about", "give longer documents")
    write_questions(out, drafts)
    told = ", ".join(f"{number} {kind}" for kind, number in Counter(each.kind for each in drafts).items())
    stdout().print(f"{count(len(drafts), 'draft')} in {out}: {told}.", highlight=False, markup=False)
    stdout().print(f"Next:  edit them, then  qa eval run {out}", highlight=False, markup=False)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


COMMANDS = (
    Command(sets),
    Command(unpack, {"epilog": example("qa eval unpack rgb --data ~/sets --to ~/rgb")}),
    Command(
        make_questions,
        {"name": "make-questions", "epilog": example("qa eval make-questions seeds --out drafts.jsonl")},
    ),
    Command(support, {"epilog": example("qa eval support --data ~/sets")}),
)
