"""The commands that keep an installation sound, `qa doctor`, `qa backup`, `qa restore`; they do no work themselves."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli.options import (
    AsJson,
    Command,
    Embedder,
    LanguageModel,
    Library,
    Reader,
    example,
    load_config,
    note,
    print_json,
    stderr,
    stdout,
)
from qa.errors import ConfigError, InputError
from qa.render import count

if TYPE_CHECKING:
    from qa.backup import Manifest
    from qa.doctor import Diagnosis


def doctor(
    library: Library = None,
    documents: Annotated[
        Path | None, typer.Option("--documents", metavar="DIR", help="Folder of documents. Default: seeds.")
    ] = None,
    language_model: LanguageModel = None,
    embedder: Embedder = None,
    reader: Reader = None,
    port: Annotated[int | None, typer.Option("--port", help="Port that is to be served on. Default: 7860.")] = None,
    json: AsJson = False,
) -> None:
    """Examine this installation: settings, weights, documents, library, disk and port, and say how to mend each.

    The exit code is 1 when something is broken. What is only noted, such as weights that may be downloaded, keeps
    nothing from working.
    """
    from dataclasses import asdict

    from qa.doctor import State

    flags = {
        "library": library,
        "documents": documents,
        "language_model": language_model,
        "embedder": embedder,
        "reader": reader,
        "port": port,
    }
    found: list[Diagnosis] = []
    with stderr().status("Examining …"):
        for each in _examined(flags):
            found.append(each)
            if not json:
                _print(each)
    if json:
        print_json([asdict(each) for each in found])
    broken = sum(each.state is State.BROKEN for each in found)
    note(f"{count(broken, 'fault')}." if broken else "Nothing is broken.", "red" if broken else "green")
    if broken:
        raise typer.Exit(1)


def _examined(flags: dict[str, Any]) -> "Iterator[Diagnosis]":
    """Without settings there is nothing to examine but them."""
    from qa.doctor import Diagnosis, examine

    try:
        config = load_config(**flags)
    except ConfigError as error:
        yield Diagnosis.broken("settings", error)
        return
    yield from examine(config)


def _print(diagnosis: "Diagnosis") -> None:
    from rich.text import Text

    from qa.doctor import State
    from qa.render import visible

    style = {State.OK: "green", State.NOTE: "yellow", State.BROKEN: "bold red"}[diagnosis.state]
    value, mend = (" ".join(visible(text).split()) for text in (diagnosis.value, diagnosis.mend))
    line = Text.assemble(
        (f"{diagnosis.state.value:7}", style), f"{diagnosis.what}: {value}", (f" → {mend}" if mend else "", "bold")
    )
    stdout().print(line, soft_wrap=True)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to be written, one file.")],
    library: Library = None,
    replace: Annotated[bool, typer.Option("--replace", help="In the place of an older file.")] = False,
) -> None:
    """Back up a library and its kept conversations into one file, while it may be asked and indexed into."""
    from qa.backup import back_up

    with stderr().status("Copying …"):
        made = back_up(_folder(library, "backs up"), file, replaces=replace)
    typer.echo(f"{file}: {_holds(made)}, {file.stat().st_size / 1e6:,.1f} MB.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `qa backup` wrote.")],
    library: Library = None,
) -> None:
    """Restore a library from a backup, into a new folder or in the place of what is there, which is kept beside it.

    The library may be asked meanwhile: it is replaced from one moment to the next, or not at all. Conversations of the
    backup that are not there any more are put back; those that are there stay.
    """
    from qa.backup import restore as put_back

    folder = _folder(library, "restores")
    with stderr().status("Restoring …"):
        restored = put_back(file, folder)
    made = restored.manifest
    typer.echo(f"{folder}: {_holds(made)}, as on {made.made:%Y-%m-%d %H:%M} UTC.")
    if restored.kept:
        note(f"What was there before is kept in {restored.kept}; remove it when you do not need it.")


def _holds(manifest: "Manifest") -> str:
    conversations = f", {count(manifest.conversations, 'conversation')}" if manifest.conversations else ""
    return f"{count(manifest.documents, 'document')}{conversations}"


def _folder(library: Library, verb: str) -> Path:
    place = load_config(library=library).library
    if isinstance(place, Path):
        return place
    raise InputError(f"{place}: this {verb} libraries in folders", "for a Milvus server, use its own milvus-backup")


COMMANDS = (
    Command(doctor, {"epilog": example("qa doctor --library indexes/reports")}),
    Command(backup, {"epilog": example("qa backup reports.zip --library indexes/reports")}),
    Command(restore, {"epilog": example("qa restore reports.zip --library indexes/reports")}),
)
