"""Turns a command line into one command, and every failure into one line; knows no command's work."""

import logging
import os
import sys
import traceback
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer

from qa.cli import asking, evaluating, keeping, keying, managing, reading, serving, verifying
from qa.errors import QAError

app = typer.Typer(
    name="qa",
    help="Ask your own documents, on your own machine. Every answer is proved by the exact words of the source.",
    epilog='Start with:  qa ask "Who said Germany should sever ties?"',
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(evaluating.group)
app.add_typer(managing.group)
app.add_typer(keying.group)
for module in (asking, reading, verifying, serving, keeping):
    for command in module.COMMANDS:
        app.command(**command.options)(command.run)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"qa {version('qa')}")
        raise typer.Exit


@app.callback()
def every_command(
    _: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """What all commands have in common."""


def main() -> None:
    """The `qa` command."""
    guarded(lambda: app(prog_name="qa"))


def guarded(run: Callable[[], None]) -> None:
    """Runs `run`; a failure becomes one line on stderr with a hint, and an exit code. Leaves by SystemExit.

    QA_DEBUG=1 shows the traceback too.
    """
    _show_warnings()
    try:
        run()
        sys.stdout.flush()  # here, so that a closed pipe is met while it can be handled
    except QAError as error:
        _leave(error.message, error.hint, error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output has gone, as in `qa ask ... | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last place where a fault can become readable
        hint = "this is a fault of qa; please report it with what QA_DEBUG=1 shows"
        _leave(f"unexpected {type(error).__name__}: {error}", hint, 1)


def _leave(message: str, hint: str, exit_code: int) -> None:
    if os.environ.get("QA_DEBUG") == "1":
        traceback.print_exc()
    lines = f"Error: {_one_line(message)}\nHint: {_one_line(hint)}\n"
    sys.stderr.write(lines.encode(errors="backslashreplace").decode())
    sys.exit(exit_code)


def _one_line(text: str, length: int = 500) -> str:
    """`text` on one line that no terminal takes for a command."""
    from qa.render import visible

    line = " ".join(visible(text).split())
    return line if len(line) <= length else line[:length] + " …"


def _show_warnings() -> None:
    """Our own warnings, and nobody else's, on stderr."""
    log = logging.getLogger("qa")
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("Warning: %(message)s"))
        log.addHandler(handler)
