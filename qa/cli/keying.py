"""The commands around the keys of `qa serve`: `qa keys add|list|remove`; they keep no key, only hashes."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from qa.cli.options import AsJson, Command, example, load_config, note, print_json, stderr, stdout
from qa.render import count

if TYPE_CHECKING:
    from qa.api import Keys
    from qa.config import Config

FIRST = "first"
"""The name of the key that is made when there is none."""

group = typer.Typer(
    name="keys",
    help="Make, list and remove the keys that `qa serve` asks for when other machines may reach it.",
    epilog=example("qa keys add open-webui"),
    no_args_is_help=True,
)

Name: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="Who the key is for.")]


def add(name: Name) -> None:
    """Make a key and print it: only its hash is kept, so that it is shown this once."""
    keys = _keys()
    typer.echo(keys.add(name))
    note(f"Its hash is in {keys.path}. Send it as: Authorization: Bearer KEY", "dim")


def list_keys(json: AsJson = False) -> None:
    """List the names of the keys, and when each was made."""
    keys = _keys().all()
    if json:
        print_json([{"name": key.name, "created": key.created.isoformat()} for key in keys])
        return
    from rich.table import Table

    table = Table("name", "created")
    for key in keys:
        table.add_row(key.name, f"{key.created:%Y-%m-%d %H:%M} UTC")
    stdout().print(table)
    stderr().print(f"{count(len(keys), 'key')}.", style="dim", highlight=False)


def remove(name: Name) -> None:
    """Remove a key; a server that runs refuses it from now on."""
    _keys().remove(name)
    note(f"Removed the key of {name}.")


def keys_asked_for(config: "Config") -> "Keys | None":
    """The keys that a server asks for, None where nobody is asked; the first is made, and told, when there is none.

    Raises `ConfigError` when the file of the keys cannot be used.
    """
    from qa.api import Keys, is_loopback

    if config.asks_for_key is False or (config.asks_for_key is None and is_loopback(config.host)):
        return None
    keys = Keys(config.keys_file)
    if not keys.all():
        secret = keys.add(FIRST)
        typer.echo(f"Everybody must show a key on {config.host}. This one was made, and is shown this once:", err=True)
        typer.echo(f"    {secret}", err=True)
        typer.echo("A browser asks for it as the password of any user; `qa keys add NAME` makes more.", err=True)
    return keys


def _keys() -> "Keys":
    from qa.api.keys import Keys

    return Keys(load_config().keys_file)


for command in (
    Command(add, {"epilog": example("qa keys add open-webui")}),
    Command(list_keys, {"name": "list", "epilog": example("qa keys list --json")}),
    Command(remove, {"epilog": example("qa keys remove open-webui")}),
):
    group.command(**command.options)(command.run)
