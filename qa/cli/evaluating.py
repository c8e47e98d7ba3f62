"""The command that scores a system, `qa eval run`, and the group of its siblings; it knows no measure."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer
from typer.core import TyperGroup

from qa.cli import comparing, question_sets, reporting
from qa.cli.options import (
    AsJson,
    Command,
    Embedder,
    LanguageModel,
    Library,
    NoProse,
    Reader,
    documents_under,
    example,
    load_config,
    note,
    open_assistant,
    prepare_library,
    stderr,
)
from qa.cli.reporting import AsMarkdown, Html, one_form, print_report, writable, write_page, write_report
from qa.errors import InputError
from qa.render import count

if TYPE_CHECKING:
    from qa.config import Config
    from qa.evaluation import About, Exchange, Records, Report, SetDescription, System
    from qa.types import Answer, Document, Example

NOT_ANSWERING = {"library", "library_key", "documents", "language_model_key", "offline", "host", "port"}
"""The settings on which no answer depends, but for what the library holds."""


class _Group(TyperGroup):
    """The siblings, with a hint for who gives a question file where a command is wanted."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - click's own types
        """The command that `args` begin with. Raises `InputError` when they begin with a file or folder."""
        if args and args[0] not in self.commands and Path(args[0]).exists():
            raise InputError(f"qa eval {args[0]}: a command is missing", f"qa eval run {args[0]}")
        return super().resolve_command(ctx, args)


group = typer.Typer(
    name="eval",
    cls=_Group,
    help="Score a system that answers questions with citations, without a language model as judge.",
    epilog=example("qa eval run seeds/questions.jsonl --no-prose"),
    no_args_is_help=True,
)

Out: TypeAlias = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write the report as JSON: ids and scores, no text.")
]


def run(
    questions: Annotated[
        Path,
        typer.Argument(metavar="QUESTIONS", help="A question file (JSON Lines), or a folder made by `qa eval unpack`."),
    ],
    documents: Annotated[
        Path | None,
        typer.Option("--documents", metavar="FOLDER", help="What the questions are about. Default: the library's."),
    ] = None,
    system: Annotated[
        str | None,
        typer.Option(
            "--system",
            metavar="SYSTEM",
            help="Score another one: 'http://host:port', 'command:PROGRAM ARGUMENTS' or 'module:function'.",
        ),
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, metavar="N", help="Ask N of the questions, kinds in proportion.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Which N are drawn.")] = 13,
    records: Annotated[
        Path | None,
        typer.Option(
            "--records",
            metavar="FILE",
            help="Keep answers in FILE (JSON Lines) and reuse those that the same system gave: a stopped run goes on.",
        ),
    ] = None,
    out: Out = None,
    html: Html = None,
    markdown: AsMarkdown = False,
    json: AsJson = False,
    library: Library = None,
    language_model: LanguageModel = None,
    no_prose: NoProse = False,
    embedder: Embedder = None,
    reader: Reader = None,
    allow_missing_evidence: Annotated[
        bool, typer.Option("--allow-missing-evidence", help="Leave out evidence that stands in no document.")
    ] = False,
) -> None:
    """Ask every question and score answers, quotes, refusals and times.

    Scores this program, or with --system another one that gives the answers of `qa ask --json`: docs/evaluation.md says
    which keys are needed. With --documents and no --library, a library is built for this run; that of an unpacked set
    is kept in its folder. The page of --html shows the words of questions and answers when --records keeps them too.
    """
    from qa.evaluation import About, Records, read_questions, stratified_sample

    one_form(markdown, json)
    writable(out, html)
    if questions.is_dir():
        library = library or str(questions / "library")
    path, documents, description = _question_set(questions, documents)
    examples = read_questions(path)
    asked = examples if sample is None else stratified_sample(examples, sample, seed)
    about = About(
        questions=description.name if description else path.name,
        licence=description.licence if description else "",
        note=description.note if description else "",
        sample=len(asked) if len(asked) < len(examples) else None,
        seed=seed if len(asked) < len(examples) else None,
    )
    flags = {"library": library, "language_model": language_model, "embedder": embedder, "reader": reader}
    if system is not None and (no_prose or any(flags[name] for name in ("language_model", "embedder", "reader"))):
        raise InputError("--system scores another program, which takes no settings of qa", "leave those settings out")
    config = load_config(no_prose, **flags)
    with _other(system, documents, config) if system else _own(documents, config) as (opened, known):
        kept = None if records is None else Records(records, opened.fingerprint)
        report, exchanges = _asked(opened, known, asked, about, kept, allow_missing_evidence)
    write_report(report, out)
    write_page(report, html, exchanges if records else {})
    print_report(report, markdown, json)


def _question_set(questions: Path, documents: Path | None) -> tuple[Path, Path | None, "SetDescription | None"]:
    """The question file, the documents and what is known of the set; of a folder, those that lie in it."""
    from qa.evaluation.sets import DOCUMENTS, QUESTIONS, read_description

    if not questions.is_dir():
        return questions, documents, None
    inside = questions / DOCUMENTS
    return questions / QUESTIONS, documents or (inside if inside.is_dir() else None), read_description(questions)


@contextmanager
def _other(name: str, documents: Path | None, config: "Config") -> Iterator[tuple["System", "Sequence[Document]"]]:
    """Another system, and the documents in which evidence is looked for."""
    from qa.evaluation import open_system

    known = documents_under(config, [documents] if documents else [])
    with closing(open_system(name)) as system:
        yield system, known


@contextmanager
def _own(documents: Path | None, config: "Config") -> Iterator[tuple["System", "Sequence[Document]"]]:
    """Our own program over its library, or over documents that are put into one first, and the documents there."""
    from qa.evaluation import Own

    with TemporaryDirectory(prefix="qa-eval-") as folder:
        start, built = time.perf_counter(), False
        if documents is not None:
            library = config.library if "library" in config.model_fields_set else Path(folder, "library")
            config = config.model_copy(update={"documents": documents, "library": library})
            built = not (isinstance(library, Path) and library.exists())
            prepare_library(config)
        with open_assistant(config) as assistant:
            settings = config.model_dump_json(exclude=NOT_ANSWERING)
            setup = time.perf_counter() - start if built else None
            yield Own(assistant, settings, setup), assistant.documents()


def _asked(
    system: "System",
    documents: "Sequence[Document]",
    examples: "Sequence[Example]",
    about: "About",
    records: "Records | None",
    allow_missing_evidence: bool,
) -> tuple["Report", dict[str, "Exchange"]]:
    """The report, and the words of each question and answer by its id."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from qa.evaluation import Exchange, evaluate_system

    exchanges = {}
    columns = "Asking", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), "left"
    with Progress(*columns, console=stderr(), transient=True) as progress:
        task = progress.add_task("", total=len(examples))

        def after(example: "Example", answer: "Answer") -> None:
            exchanges[example.id] = Exchange(example.question, example.answers, answer.text)
            progress.advance(task)

        report = evaluate_system(
            examples, system, documents, about, records, after, allow_missing_evidence=allow_missing_evidence
        )
    if records and records.reused:
        note(f"{count(records.reused, 'answer')} reused from {records.path}.")
    return report, exchanges


COMMANDS = (Command(run, {"epilog": example("qa eval run seeds/questions.jsonl --no-prose --out report.json")}),)
for command in (*COMMANDS, *reporting.COMMANDS, *comparing.COMMANDS, *question_sets.COMMANDS):
    group.command(**command.options)(command.run)
