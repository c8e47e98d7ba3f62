"""The command that compares two reports, `qa eval compare`; it knows no measure."""

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import AsJson, Command, example, print_json, stdout
from qa.cli.reporting import AsMarkdown, one_form


def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE.json", help="A report that `qa eval run --out` wrote.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER.json", help="Another one, on the same questions.")],
    tolerance: Annotated[
        float,
        typer.Option(
            "--tolerance",
            min=0,
            metavar="X",
            help="How much worse a guarded measure may be: 0.02 is two points; of times, 0.1 is a tenth slower.",
        ),
    ] = 0.0,
    guard: Annotated[
        list[str] | None,
        typer.Option(
            "--guard",
            metavar="MEASURE",
            help="A measure that must not get worse, by its name in the report's JSON, such as total_p50; may be "
            "repeated. Default: right, answer_precision, citation_exactness, claim_support, refusal_recall.",
        ),
    ] = None,
    markdown: AsMarkdown = False,
    json: AsJson = False,
) -> None:
    """Say what got better and worse from one report to another, and how surely.

    Differences are taken question by question, their intervals by paired bootstrap. The exit code is 1 when a guarded
    measure is worse by more than the tolerance with 95 % confidence (over all guarded ones together), else 0.
    """
    from qa.evaluation import GUARDED, comparison_to_json, comparison_to_markdown, comparison_to_table, read_report
    from qa.evaluation import compare as compared

    one_form(markdown, json)
    found = compared(read_report(before), read_report(after), guard or GUARDED, tolerance)
    if json:
        print_json(comparison_to_json(found))
    elif markdown:
        typer.echo(comparison_to_markdown(found), nl=False)
    else:
        stdout().print(comparison_to_table(found))
    if found.regressions:
        raise typer.Exit(1)


COMMANDS = (Command(compare, {"epilog": example("qa eval compare before.json after.json --tolerance 0.02")}),)
