"""The commands for published sets: `qa eval sets`, `unpack` and `support`; they download nothing."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from qa.cli.options import AsJson, Command, example, print_json, stdout

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


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


COMMANDS = (
    Command(sets),
    Command(unpack, {"epilog": example("qa eval unpack rgb --data ~/sets --to ~/rgb")}),
    Command(support, {"epilog": example("qa eval support --data ~/sets")}),
)
