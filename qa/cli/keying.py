"""The commands around the keys of `qa serve`: `qa keys add|list|remove`; they keep no key, only hashes."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from qa.cli.options import AsJson, Command, count, example, load_config, note, print_json, stderr, stdout

if TYPE_CHECKING:
    from qa.api import Keys

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


def _keys() -> "Keys":
    from qa.api.keys import Keys

    return Keys(load_config().keys_file)


for command in (
    Command(add, {"epilog": example("qa keys add open-webui")}),
    Command(list_keys, {"name": "list", "epilog": example("qa keys list --json")}),
    Command(remove, {"epilog": example("qa keys remove open-webui")}),
):
    group.command(**command.options)(command.run)
