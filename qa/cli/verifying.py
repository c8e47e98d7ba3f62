"""The command that checks a saved answer against its sources: `qa verify`; it knows no way of comparing."""

import json as json_text
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import AsJson, Command, Library, count, example, load_config, print_json, stderr, stdout
from qa.errors import InputError, UnreadableDocument

if TYPE_CHECKING:
    from qa.verify import Verdict


def verify(
    answer: Annotated[Path, typer.Argument(metavar="ANSWER.json", help="What `qa ask --json` printed; - reads stdin.")],
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="The one document that is cited.")
    ] = None,
    library: Library = None,
    json: AsJson = False,
) -> None:
    """Check that every quote of a saved answer still stands in its source, word by word.

    Without --against and --library the files that the answer names are read as they are now. Each quote is
    verified, moved, changed or missing; the exit code is 0 only when all are verified or moved.
    """
    from qa.documents import read_file
    from qa.verify import all_stand
    from qa.verify import verify as check

    if against is not None and library is not None:
        raise InputError("--against and --library exclude each other", "take one of them")
    saved = _saved(answer)
    texts = dict(_library_texts(library) if library is not None else _file_texts(saved))
    verdicts = check(saved, texts, against=read_file(against).text if against is not None else None)
    if json:
        print_json([asdict(verdict) for verdict in verdicts])
    else:
        _print_verdicts(verdicts)
    if not all_stand(verdicts):
        raise typer.Exit(1)


def _saved(path: Path) -> Mapping[str, object]:
    hint = "give what `qa ask --json` printed"
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        saved = json_text.loads(text)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint) from error
    except ValueError as error:  # neither UTF-8 nor JSON
        raise InputError(f"{path}: not JSON ({error})", hint) from error
    if not isinstance(saved, dict):
        raise InputError(f"{path}: not a saved answer", hint)
    return saved


def _library_texts(folder: Path) -> Iterator[tuple[str, str]]:
    from qa.library import Library as Store

    with Store.open(load_config(library=folder).library) as library:
        for document in library.documents():
            yield from ((key, document.text) for key in (document.id, *document.sources))


def _file_texts(saved: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The files that the citations name, as far as they can be read; `qa.verify` judges the rest."""
    from qa.documents import read_file

    citations = saved.get("citations")
    named = [each.get("source") for each in citations if isinstance(each, dict)] if isinstance(citations, list) else []
    for source in dict.fromkeys(name for name in named if isinstance(name, str)):
        try:
            yield source, read_file(Path(source)).text
        except UnreadableDocument as error:
            stderr().print(f"Skipped: {error}", style="yellow", highlight=False, markup=False)


def _print_verdicts(verdicts: "Sequence[Verdict]") -> None:
    from rich.text import Text

    from qa.render import visible

    out = stdout()
    for verdict in verdicts:
        style = "green" if verdict.stands else "red"
        line = f" [{verdict.number}] {verdict.source}: {' '.join(verdict.quote.split())}"
        out.print(Text.assemble((f"{verdict.state.value:8}", style), visible(line)))
        if not verdict.stands and verdict.text:
            out.print(Text(f"     now: {visible(' '.join(verdict.text.split()))}"))
    stands = sum(verdict.stands for verdict in verdicts)
    stderr().print(f"{stands} of {count(len(verdicts), 'quote')} stand.", style="dim", highlight=False)


COMMANDS = (Command(verify, {"epilog": example("qa verify answer.json --against seeds/germany-north-korea-brief.md")}),)
