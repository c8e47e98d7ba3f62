"""The commands that answer: `qa ask` and `qa chat`; they know nothing of how."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import (
    After,
    AsFormat,
    AsJson,
    Before,
    Command,
    Embedder,
    LanguageModel,
    Library,
    NoProse,
    Reader,
    Source,
    Title,
    chosen_format,
    example,
    load_config,
    note,
    open_assistant,
    prepare_library,
    print_answers,
    print_json,
    stderr,
    stdout,
)
from qa.errors import BadQuestion

if TYPE_CHECKING:
    from qa.types import Answer, Example, Turn
    from qa.ui import AssistantLike


def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.", show_default=False)] = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", metavar="FILE", help="Ask every question of a JSONL file.")
    ] = None,
    history: Annotated[
        list[str] | None, typer.Option("--history", metavar="Q", help="An earlier question; may be repeated.")
    ] = None,
    library: Library = None,
    language_model: LanguageModel = None,
    no_prose: NoProse = False,
    embedder: Embedder = None,
    reader: Reader = None,
    form: AsFormat = None,
    json: AsJson = False,
    source: Source = "",
    title: Title = "",
    after: After = "",
    before: Before = "",
) -> None:
    """Answer one question, or a file of questions, with quotes.

    The exit code is 0 whether or not the sources say; --json has the outcome. A file's answers are printed one by one
    as text or JSON Lines; every other format holds them all and is printed at the end.
    """
    from qa.selection import Selection

    form = chosen_format(form, json)
    examples = _examples(question, questions, history or [])
    selection = Selection.of(source, title, after, before)
    config = load_config(no_prose, library=library, language_model=language_model, embedder=embedder, reader=reader)
    with open_assistant(config, selection) as assistant:
        if form not in ("text", "json"):
            print_answers([assistant.converse(each.question, each.history) for each in examples], form)
            return
        for each in examples:
            if form == "json":
                _print_json(assistant.converse(each.question, each.history), one_line=questions is not None)
            else:
                _show(assistant, each)


def _examples(question: str | None, questions: Path | None, history: list[str]) -> "Sequence[Example]":
    from qa.types import Example

    if (question is None) == (questions is None):
        raise BadQuestion("give one question, or --questions FILE", 'qa ask "Who said Germany should sever ties?"')
    if questions is not None:
        from qa.evaluation import read_questions

        return read_questions(questions)
    return [Example("asked", question or "", tuple(history))]


def _print_json(answer: "Answer", one_line: bool) -> None:
    from qa.render import to_json

    print_json(to_json(answer), None if one_line else 2)


def _show(assistant: "AssistantLike", asked: "Example") -> None:
    from qa.render import to_terminal

    out = stdout()
    if asked.history or not out.is_terminal:
        out.print(to_terminal(assistant.converse(asked.question, asked.history)))
    else:
        _show_live(assistant, asked.question, ())


def _show_live(assistant: "AssistantLike", question: str, history: "Sequence[Turn]") -> "Answer":
    """Shows the answer as it grows: the exact words first, then each checked sentence."""
    from rich.live import Live

    from qa.render import to_terminal
    from qa.ui.view import advanced, started

    view = started(question, 1)
    with Live(console=stdout(), vertical_overflow="visible", auto_refresh=False) as live:
        for event in assistant.stream(question, history):
            view = advanced(view, event)
            live.update(to_terminal(view.answer), refresh=True)
    return view.answer


def chat(
    library: Library = None,
    language_model: LanguageModel = None,
    no_prose: NoProse = False,
    embedder: Embedder = None,
    reader: Reader = None,
    source: Source = "",
    title: Title = "",
    after: After = "",
    before: Before = "",
) -> None:
    """Talk with the documents in the terminal.

    Files put into the folder of documents are picked up at the start. Leave with Ctrl-D.
    """
    from qa.selection import Selection

    selection = Selection.of(source, title, after, before)
    config = load_config(no_prose, library=library, language_model=language_model, embedder=embedder, reader=reader)
    if config.prepares:
        prepare_library(config)
    with open_assistant(config, selection) as assistant:
        for suggestion in assistant.suggestions():
            note(f"For example: {suggestion}", "dim")
        _converse(assistant)


def _converse(assistant: "AssistantLike") -> None:
    from qa.types import Turn

    err, history = stderr(), list[Turn]()
    while True:
        try:
            question = err.input("\n> ").strip()
        except EOFError:
            return
        if not question:
            continue
        try:
            history.append(Turn(question, _show_live(assistant, question, history)))
        except BadQuestion as error:
            note(f"{error.message}. {error.hint}", "yellow")


COMMANDS = (
    Command(ask, {"epilog": example('qa ask "Who said Germany should sever ties?" --json')}),
    Command(chat, {"epilog": example("qa chat --no-prose")}),
)
