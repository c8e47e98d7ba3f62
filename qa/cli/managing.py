"""The commands that manage what a library holds, `qa documents list|show|remove`; they add nothing to it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from qa.cli.options import (
    After,
    AsJson,
    Before,
    Command,
    Library,
    Source,
    Title,
    example,
    load_config,
    note,
    print_json,
    stderr,
    stdout,
)
from qa.render import count

if TYPE_CHECKING:
    from qa.libraries import Library as Store
    from qa.rows import About

group = typer.Typer(
    name="documents",
    help="List, show and erase the documents of a library.",
    epilog=example("qa documents list --library indexes/reports"),
    no_args_is_help=True,
)

Name: TypeAlias = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help="A document's id, the beginning of its id, or one of its sources.")
]
Names: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="DOCUMENT...", help="Documents' ids, the beginnings of their ids, or their sources."),
]


def list_documents(
    library: Library = None,
    json: AsJson = False,
    source: Source = "",
    title: Title = "",
    after: After = "",
    before: Before = "",
) -> None:
    """List the documents of a library, with all the places that each came from."""
    from rich.table import Table
    from rich.text import Text

    from qa.render import visible
    from qa.selection import Selection

    selection = Selection.of(source, title, after, before)
    with _opened(library) as store:
        documents = [_about(each) for each in store.about() if selection.holds(each)]
    if json:
        print_json(documents)
        return
    table = Table("id", "title", "characters", "sources")
    table.columns[0].no_wrap = True
    table.columns[2].justify = "right"
    for each in documents:
        sources = "\n".join(map(visible, each["sources"]))
        table.add_row(each["id"], Text(visible(each["title"])), f"{each['characters']:,}", Text(sources))
    stdout().print(table)
    stderr().print(f"{count(len(documents), 'document')}.", style="dim", highlight=False)


def show(document: Name, library: Library = None, json: AsJson = False) -> None:
    """Print one document: what is known of it, then its text.

    Characters that a terminal would take for commands are shown by their names; --json has the text as it is.
    """
    from rich.text import Text

    from qa.render import visible

    with _opened(library) as store:
        found = store.find(document)
        passages = store.passages(found.id)
        about = next(_about(each) for each in store.about() if each.id == found.id) | {"passages": len(passages)}
    if json:
        print_json(about | {"text": found.text})
        return
    out = stdout()
    for name, value in (about | dict(found.metadata)).items():
        if name != "metadata" and value is not None:
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            out.print(Text.assemble((f"{name}: ", "dim"), visible(shown)))
    out.print()
    out.print(Text(visible(found.text)))


def remove(documents: Names, library: Library = None) -> None:
    """Erase documents: no file of the library holds a byte of their text, words or vectors any more.

    The files that they came from are not touched, but for those that the chat's page was given, which go too; when
    such a file is indexed again, its document is there again.
    Answers that were saved or exported keep their quotes. On Milvus, the server's own compaction does the last of it.
    """
    from qa.conversations import Conversations
    from qa.libraries import open_library
    from qa.shelf import erase

    config = load_config(library=library)
    with open_library(config.library, key=config.library_key) as store:
        store.erase(())  # what an earlier run was not allowed to finish
        found = {each.id: each for each in map(store.find, documents)}
        with stderr().status("Erasing …"):
            erase(store, config.library, tuple(found.values()))
    for each in found.values():
        note(f"Erased {each.id}: {each.title} ({', '.join(each.sources)})")
    for title in Conversations(config.library).quoting(list(found)):
        note(f"Still quoted in a kept conversation, which the chat's page can erase: {title}", "yellow")


def _opened(library: Library) -> "Store":
    from qa.libraries import open_library

    config = load_config(library=library)
    return open_library(config.library, key=config.library_key)


def _about(about: "About") -> dict[str, Any]:
    return asdict(about) | {"sources": list(about.sources), "pages": about.pages or None}


for command in (
    Command(list_documents, {"name": "list", "epilog": example("qa documents list --json")}),
    Command(show, {"epilog": example("qa documents show seeds/germany-north-korea-brief.md")}),
    Command(remove, {"epilog": example("qa documents remove 3f9a2c --library indexes/reports")}),
):
    group.command(**command.options)(command.run)
