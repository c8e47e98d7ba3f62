"""Reports in the forms that they leave in, and the command for a kept one, `qa eval show`; it scores nothing."""

import json as json_text
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from qa.cli.options import AsJson, Command, example, note, print_json, stdout
from qa.errors import InputError

if TYPE_CHECKING:
    from qa.evaluation import Exchange, Report

AsMarkdown: TypeAlias = Annotated[bool, typer.Option("--markdown", help="Print Markdown, as for a pull request.")]
Html: TypeAlias = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write a page with plots and what went wrong, which reads offline."),
]


def show(
    report: Annotated[Path, typer.Argument(metavar="REPORT.json", help="A report that `qa eval run --out` wrote.")],
    html: Html = None,
    markdown: AsMarkdown = False,
    json: AsJson = False,
) -> None:
    """Show a kept report again, as a table or as a page with plots."""
    from qa.evaluation import read_report

    one_form(markdown, json)
    writable(html)
    kept = read_report(report)
    write_page(kept, html, {})
    print_report(kept, markdown, json)


def one_form(markdown: bool, json: bool) -> None:
    """Raises `InputError` when both are asked for."""
    if markdown and json:
        raise InputError("--markdown and --json exclude each other", "take one of them")


def writable(*files: Path | None) -> None:
    """Raises `InputError` for a file that could not be written, before any work is done."""
    for file in files:
        if file is not None and not file.parent.is_dir():
            raise InputError(f"{file}: the folder {file.parent} does not exist", f"mkdir -p {file.parent}")
        if file is not None and file.is_dir():
            raise InputError(f"{file}: is a folder", f"name a file in it, such as {file}/report")


def print_report(report: "Report", markdown: bool, json: bool) -> None:
    """The report on stdout."""
    from qa.evaluation import to_json, to_markdown, to_table

    if json:
        print_json(to_json(report))
    elif markdown:
        typer.echo(to_markdown(report), nl=False)
    else:
        stdout().print(to_table(report))


def write_report(report: "Report", file: Path | None) -> None:
    """The report as JSON, when a file for it was named. Raises `InputError`."""
    from qa.evaluation import to_json

    if file is not None:
        _write(file, json_text.dumps(to_json(report), ensure_ascii=False, indent=1) + "\n")


def write_page(report: "Report", file: Path | None, exchanges: "Mapping[str, Exchange]") -> None:
    """The report as a page, when a file for it was named, with the words of `exchanges`. Raises `InputError`."""
    from qa.evaluation import to_html

    if file is not None:
        _write(file, to_html(report, exchanges))
        words = " It holds questions and answers: it is for this machine." if exchanges else ""
        note(f"Page written: {file}.{words}")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}", "name another file") from error


COMMANDS = (Command(show, {"epilog": example("qa eval show report.json --html report.html")}),)
