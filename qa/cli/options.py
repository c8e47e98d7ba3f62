"""The options and helpers that several commands share; runs no command."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer
from rich.console import Console

from qa.errors import InputError
from qa.render import count

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.config import Config
    from qa.errors import QAError
    from qa.selection import Selection
    from qa.types import Answer, Document

Library: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--library",
        metavar="DIR",
        help="Folder of the built library, or 'milvus://host:19530/name'. Default: indexes/default.",
    ),
]
LanguageModel: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--language-model",
        metavar="NAME",
        help="'default', 'none', a GGUF's path, 'owner/repo:file.gguf', or 'http://host:port/v1#model'.",
    ),
]
Embedder: TypeAlias = Annotated[
    str | None,
    typer.Option("--embedder", metavar="NAME", help="The default's name, a path or a hub id."),
]
Reader: TypeAlias = Annotated[
    str | None,
    typer.Option("--reader", metavar="NAME", help="'default', 'sentence' (no trained weights) or a folder of weights."),
]
NoProse: TypeAlias = Annotated[
    bool, typer.Option("--no-prose", help="Only the exact answer with its quotes; no language model.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FormatName: TypeAlias = Literal["text", "markdown", "html", "json", "bibtex", "csl", "annotations"]
AsFormat: TypeAlias = Annotated[
    FormatName | None,
    typer.Option(
        "--format",
        help="Print Markdown with footnotes, a page of HTML, JSON, the cited sources as BibTeX or CSL-JSON, or Web "
        "Annotations. Default: text.",
        show_default=False,
    ),
]

Source: TypeAlias = Annotated[
    str,
    typer.Option("--source", metavar="TEXT", help="Only documents whose source holds this, or matches it: '*.pdf'."),
]
Title: TypeAlias = Annotated[
    str, typer.Option("--title", metavar="TEXT", help="Only documents whose title holds this.")
]
After: TypeAlias = Annotated[
    str, typer.Option("--after", metavar="DAY", help="Only documents of that day or later: 2024-05-03.")
]
Before: TypeAlias = Annotated[
    str, typer.Option("--before", metavar="DAY", help="Only documents of that day or earlier.")
]


@dataclass(frozen=True)
class Command:
    """A function with what Typer is told of it."""

    run: Callable[..., None]
    options: Mapping[str, Any] = field(default_factory=dict)


def example(line: str) -> str:
    """The last line of a command's help."""
    return f"Example:  {line}"


def stdout() -> Console:
    """Where answers go. In a pipe or a file, lines are as long as they are."""
    return Console(soft_wrap=not sys.stdout.isatty())


def stderr() -> Console:
    """Where progress and notes go."""
    return Console(stderr=True)


def print_json(value: object, indent: int | None = 2) -> None:
    """`value` as JSON in UTF-8; characters that nobody could see, and lone surrogates, are escaped."""
    from qa.render import dump

    typer.echo(dump(value, indent), nl=False)


def chosen_format(form: "FormatName | None", as_json: bool) -> "FormatName":
    """The format that --format and --json ask for. Raises `InputError` when they disagree."""
    if as_json and form not in (None, "json"):
        raise InputError(f"--json and --format {form} exclude each other", "take one of them")
    return "json" if as_json else form or "text"


def print_answers(answers: "Sequence[Answer]", form: "FormatName") -> None:
    """Answers in one of the formats, on stdout."""
    from qa.render import Format, export, to_terminal

    if form == "text":
        for answer in answers:
            stdout().print(to_terminal(answer))
    else:
        typer.echo(export(answers, Format(form)), nl=False)


def load_config(no_prose: bool = False, **flags: Any) -> "Config":  # noqa: ANN401 - pydantic checks each
    """The settings in force with these flags; None counts as not given. Raises `ConfigError`."""
    from qa.config import Config

    return Config.load(prose=False if no_prose else None, **flags)


def open_assistant(config: "Config", selection: "Selection | None" = None) -> "Assistant":
    """The assistant over what is selected; the default library is built first when there is none yet.

    Raises `LibraryNotFound` when a library was named and is not there, and as `Assistant.open` does.
    """
    from qa.assistant import Assistant
    from qa.errors import LibraryNotFound

    try:
        return Assistant.open(config, selection)
    except LibraryNotFound:
        if "library" in config.model_fields_set:
            raise
    prepare_library(config)
    return Assistant.open(config, selection)


def prepare_library(config: "Config") -> None:
    """Indexes what is new in the folder of documents; says so on stderr when there is something new."""
    from qa.assistant import prepare

    err = stderr()
    with err.status(f"Reading {config.documents} …"):
        change = prepare(config)
    new = len(change.added) + len(change.replaced)
    if new:
        note(f"Indexed {count(new, 'document')} from {config.documents}.")


def documents_under(config: "Config", paths: list[Path]) -> tuple["Document", ...]:
    """The documents under `paths`; those of the library when there are none, of the default folder without a library.

    Raises `NoDocuments`, `LibraryError`.
    """
    from qa.documents import read_paths
    from qa.errors import LibraryNotFound
    from qa.libraries import open_library

    try:
        if not paths:
            with open_library(config.library, key=config.library_key) as library:
                return tuple(library.documents())
    except LibraryNotFound:
        if "library" in config.model_fields_set:
            raise
    documents, failures = read_paths(paths or [config.documents])
    warn_of(failures)
    return documents


def note(line: str, style: str = "") -> None:
    """One line on stderr, in which no terminal finds a command."""
    from rich.text import Text

    from qa.render import visible

    stderr().print(Text(" ".join(visible(line).split()), style), soft_wrap=True)


def warn_of(failures: "Sequence[QAError]") -> None:
    """Files that could not be read, one line each on stderr with what helps, whatever their names hold."""
    for failure in failures:
        note(f"Skipped: {failure.message} ({failure.hint})", "yellow")
