"""The commands that read documents: `qa index` and `qa statements`; they answer nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import (
    AsJson,
    Command,
    Embedder,
    Library,
    documents_under,
    example,
    load_config,
    print_json,
    stderr,
    stdout,
    warn_of,
)
from qa.errors import InputError
from qa.render import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.types import Statement

MOST_NAMED = 10  # speakers, when none has the name that was asked for


def index(
    places: Annotated[
        list[str], typer.Argument(metavar="PATH|URL...", help="Files and folders of any usual format, and web pages.")
    ],
    library: Library = None,
    embedder: Embedder = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove the documents whose files are gone from the folders named.")
    ] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch pages from this machine and its own network, too.")
    ] = False,
) -> None:
    """Make documents searchable. What is there already costs nothing; a changed file replaces its older text.

    The exit code is 2 when a file could not be read; all others are indexed. Where nothing at all is readable, nothing
    is removed either: a disk may not be mounted. A web page is fetched each time that it is named; nothing else ever
    leaves this machine.
    """
    from functools import partial

    from rich.progress import Progress

    from qa.documents import is_url
    from qa.documents.pages import read_page
    from qa.indexing import index_paths
    from qa.models import defer_embedder

    config = load_config(library=library, embedder=embedder)
    model = defer_embedder(config.embedder, config.offline)
    err = stderr()
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Indexing files", total=None)

        def advance(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        change = index_paths(
            config.library,
            [Path(place) for place in places if not is_url(place)],
            model,
            urls=[place for place in places if is_url(place)],
            fetch=partial(read_page, allows_private=allow_private),
            prunes=prune,
            on_file=advance,
            key=config.library_key,
        )
    warn_of(change.failures)
    removed = f", {len(change.removed):,} removed" if prune else ""
    typer.echo(
        f"{config.library}: {count(len(change.added), 'document')} added, {len(change.replaced):,} replaced, "
        f"{len(change.unchanged):,} unchanged{removed}."
    )
    if change.failures:
        raise typer.Exit(change.failures[0].exit_code)


def statements(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files and folders instead of the library.")
    ] = None,
    library: Library = None,
    speaker: Annotated[str, typer.Option("--speaker", metavar="NAME", help="Only whose name holds this.")] = "",
    json: AsJson = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, safe to open in a spreadsheet.")] = False,
) -> None:
    """List who said what, each with its exact place."""
    from qa.render import statement_row, statements_csv
    from qa.statements import statements as said_in

    if json and csv:
        raise InputError("--json and --csv exclude each other", "take one of them")
    config = load_config(library=library)
    everyone = [each for document in documents_under(config, paths or []) for each in said_in(document)]
    said = [each for each in everyone if speaker.casefold() in each.speaker.casefold()]
    if everyone and not said:
        _print_speakers(speaker, everyone)
    if json:
        print_json([statement_row(each) for each in said])
    elif csv:
        typer.echo(statements_csv(said), nl=False)
    else:
        _print_statements(said)


def _print_statements(said: "Sequence[Statement]") -> None:
    from rich.text import Text

    from qa.render import visible

    out = stdout()
    for each in said:
        words = visible(" ".join(each.words.split()))
        shown = words if each.reported else f"“{words}”"
        out.print(Text.assemble((visible(each.speaker), "bold"), (f" ({visible(each.cue)}): ", "dim"), shown))
    stderr().print(f"{count(len(said), 'statement')}.", style="dim", highlight=False)


def _print_speakers(speaker: str, said: "Sequence[Statement]") -> None:
    from qa.render import visible

    names = list(dict.fromkeys(visible(each.speaker) for each in said))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    told = f"No speaker's name holds {visible(speaker)!r}; there are {', '.join(names[:MOST_NAMED])}{more}."
    stderr().print(told, highlight=False, markup=False)


COMMANDS = (
    Command(index, {"epilog": example("qa index reports/ notes.md --library indexes/reports")}),
    Command(statements, {"epilog": example('qa statements --speaker "Grenell" --csv')}),
)
