"""The commands that keep an installation sound, `qa doctor`; they mend nothing themselves."""

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
    count,
    example,
    load_config,
    note,
    print_json,
    stderr,
    stdout,
)
from qa.errors import ConfigError

if TYPE_CHECKING:
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


COMMANDS = (Command(doctor, {"epilog": example("qa doctor --library indexes/reports")}),)
