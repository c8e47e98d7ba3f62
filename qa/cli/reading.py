"""The commands that read documents: `qa index` and `qa statements`; they answer nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import (
    AsJson,
    Command,
    Embedder,
    Library,
    count,
    documents_under,
    example,
    load_config,
    print_json,
    stderr,
    stdout,
    warn_of,
)
from qa.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.types import Statement


def index(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders of any usual format.")],
    library: Library = None,
    embedder: Embedder = None,
) -> None:
    """Make documents searchable. What is there already costs nothing; a changed file replaces its older text.

    The exit code is 2 when a file could not be read; all others are indexed.
    """
    from rich.progress import Progress

    from qa.documents import read_paths
    from qa.library import Library as Store
    from qa.library import index as put
    from qa.models import load_embedder

    config = load_config(library=library, embedder=embedder)
    documents, failures = read_paths(paths)
    warn_of(failures)
    err = stderr()
    with err.status("Loading the embedder …"):
        model = load_embedder(config.embedder, config.offline)
    with Store.create(config.library, model.name) as store, Progress(console=err, transient=True) as progress:
        task = progress.add_task("Indexing", total=len(documents))
        change = put(store, documents, model, lambda _: progress.advance(task))
    typer.echo(
        f"{config.library}: {count(len(change.added), 'document')} added, {len(change.replaced):,} replaced, "
        f"{len(change.unchanged):,} unchanged."
    )
    if failures:
        raise typer.Exit(failures[0].exit_code)


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
    said = [each for document in documents_under(config, paths or []) for each in said_in(document)]
    said = [each for each in said if speaker.casefold() in each.speaker.casefold()]
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


COMMANDS = (
    Command(index, {"epilog": example("qa index reports/ notes.md --library indexes/reports")}),
    Command(statements, {"epilog": example('qa statements --speaker "Grenell" --csv')}),
)
