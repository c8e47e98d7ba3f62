"""The commands around a running system, `qa serve`, `qa mcp`, `qa models`, `qa config`; they answer nothing."""

import logging
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from qa.cli.keying import keys_asked_for
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
    prepare_library,
    print_json,
    stderr,
    stdout,
)

if TYPE_CHECKING:
    from qa.config import Config


Port: TypeAlias = Annotated[int | None, typer.Option("--port", help="0 takes a free one. Default: 7860.")]
Host: TypeAlias = Annotated[
    str | None, typer.Option("--host", metavar="ADDRESS", help="Address to listen on. Default: 127.0.0.1.")
]
Documents: TypeAlias = Annotated[
    Path | None, typer.Option("--documents", metavar="DIR", help="Folder that is indexed first. Default: seeds.")
]


def serve(
    port: Port = None,
    host: Host = None,
    library: Library = None,
    documents: Documents = None,
    language_model: LanguageModel = None,
    no_prose: NoProse = False,
    embedder: Embedder = None,
    reader: Reader = None,
    no_chat: Annotated[bool, typer.Option("--no-chat", help="Only what programs ask, no page.")] = False,
    log_requests: Annotated[
        bool, typer.Option("--log-requests", help="Write a line of JSON for each request to stderr.")
    ] = False,
) -> None:
    """Open the chat in a browser, with the HTTP interface beside it. Nothing leaves this machine.

    On an address that other machines reach, everybody must show a key: the first is made and printed when there is
    none, `qa keys add NAME` makes more. Programs send it as `Authorization: Bearer KEY`; a browser asks for it as the
    password of any user.
    """
    config = load_config(
        no_prose,
        port=port,
        host=host,
        library=library,
        documents=documents,
        language_model=language_model,
        embedder=embedder,
        reader=reader,
        log_requests=log_requests or None,
    )
    start_chat(config, chat=not no_chat)


def mcp(
    library: Library = None,
    language_model: LanguageModel = None,
    no_prose: NoProse = False,
    embedder: Embedder = None,
    reader: Reader = None,
) -> None:
    """Offer the documents to an MCP client on stdin and stdout: ask, search, read_passage, statements, verify.

    A client starts this command itself. `qa serve` has the same tools over HTTP, at /mcp.
    """
    config = load_config(no_prose, library=library, language_model=language_model, embedder=embedder, reader=reader)
    from qa.mcp import serve_stdio

    if config.prepares:
        prepare_library(config)
    with open_assistant(config) as assistant:
        serve_stdio(assistant)


def start_chat(config: "Config", chat: bool = True) -> None:
    """Serves until interrupted or terminated; prints the address on stdout once it answers.

    Raises `PortInUse` first of all, and `ConfigError` when strangers may come and no key can be kept.
    """
    from qa.api import Limits, claim_port, create_app, serve_on
    from qa.assistants import Assistants
    from qa.ui import folder_of_uploads

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what was opened is closed
    with claim_port(config.host, config.port) as claimed, folder_of_uploads():
        keys = keys_asked_for(config)
        if config.prepares:
            prepare_library(config)
        with stderr().status("Loading the models …"):
            assistant = open_assistant(config)
        with assistant:
            with stderr().status("Warming up …"):
                assistant.warm()
            limits = Limits(config.answers_at_once, config.answers_waiting)
            if config.log_requests:
                _log_requests()
            with Assistants(
                assistant, config.library, config.library_key, keeps=config.keep_conversations
            ) as assistants:
                app = create_app(
                    assistant,
                    chat,
                    [config.host],
                    assistants=assistants,
                    limits=limits,
                    keys=keys,
                    logs=config.log_requests,
                )
                serve_on(claimed, app, typer.echo)


def _log_requests() -> None:
    """The lines of requests go to stderr as they are."""
    log = logging.getLogger("qa.requests")
    log.setLevel(logging.INFO)
    log.propagate = False
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)


def models(json: AsJson = False) -> None:
    """List the weights that are here, and whether they are the published ones."""
    from dataclasses import asdict

    from qa.models import available

    entries = available()
    if json:
        print_json([asdict(entry) for entry in entries])
        return
    from rich.table import Table

    table = Table("role", "name", "size", "sha256", "place")
    for entry in entries:
        table.add_row(entry.role, entry.name, f"{entry.size / 1e6:,.1f} MB", entry.check.value, entry.place)
    stdout().print(table)


def config(
    port: Port = None,
    host: Host = None,
    library: Library = None,
    documents: Documents = None,
    language_model: LanguageModel = None,
    no_prose: NoProse = False,
    embedder: Embedder = None,
    reader: Reader = None,
    json: AsJson = False,
) -> None:
    """Show every setting in force, where it comes from, its default and what it means.

    A setting is taken from a flag, from the environment (QA_LIBRARY=...), from qa.toml in the current folder, or
    is the default. With the flags of another command, this shows what it would run with.
    """
    flags = {
        "port": port,
        "host": host,
        "library": library,
        "documents": documents,
        "language_model": language_model,
        "embedder": embedder,
        "reader": reader,
    }
    settings = load_config(no_prose, **flags)
    origins = settings.origins(prose=False if no_prose else None, **flags)
    values = settings.model_dump(mode="json")
    values |= {name: "***" for name in values if name.endswith("_key") and values[name]}
    if json:
        print_json({name: {"value": value, "from": origins[name]} for name, value in values.items()})
        return
    from rich.table import Table
    from rich.text import Text

    table = Table("setting", "value", "from", "default", "meaning")
    for name, info in type(settings).model_fields.items():
        shown = ["" if value is None else str(value) for value in (values[name], info.default)]
        table.add_row(name, Text(shown[0]), origins[name], Text(shown[1]), Text(info.description or ""))
    stdout().print(table)


COMMANDS = (
    Command(serve, {"epilog": example("qa serve --port 0")}),
    Command(mcp, {"epilog": example("qa mcp --library indexes/reports")}),
    Command(models, {"epilog": example("qa models --json")}),
    Command(config, {"epilog": example("QA_PORT=8000 qa config")}),
)
