"""Turns what is known of documents into the HTML of their list, purely; knows nothing of Gradio."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from qa.assistants import Scope
from qa.documents import is_url
from qa.indexing import IndexChange
from qa.render import MARK_CLASS, count, document_anchor, escape_html
from qa.rows import About
from qa.shelf import Erased
from qa.ui.controls import remove_html
from qa.uploads import FOLDER

LISTED = 200  # of the documents that a search finds
EMPTY = "No document yet. Drop files above, or give the address of a web page."
NONE_FOUND = "No title and no source holds “{words}”."


def found(about: Iterable[About], words: str) -> list[About]:
    """The documents whose title, sources or origin hold every word of `words`, whatever its capitals."""
    wanted = words.casefold().split()
    return [each for each in about if all(word in _searched(each) for word in wanted)]


def _searched(about: About) -> str:
    return "\n".join((about.title, *about.sources, *about.metadata.values())).casefold()


def list_html(
    about: Sequence[About], chosen: Collection[str], words: str = "", sure: str = "", locked: str = ""
) -> str:
    """The documents that `words` find, each with a box to choose it and a button to remove it.

    sure: the id of one whose removal waits for a second word. locked: why none can be removed.
    """
    shown = found(about, words)
    if not about:
        return f'<p class="qa-note">{EMPTY}</p>'
    if not shown:
        return f'<p class="qa-note">{escape_html(NONE_FOUND.format(words=words.strip()))}</p>'
    rows = "".join(_row(each, each.id in chosen, each.id == sure, locked) for each in shown[:LISTED])
    more = len(shown) - LISTED
    note = f'<p class="qa-note">{more:,} more: search for words of their titles.</p>' if more > 0 else ""
    return f'<ul class="qa-shelf" aria-label="Documents">{rows}</ul>{note}'


def _row(about: About, chosen: bool, sure: bool, locked: str) -> str:
    key, title = escape_html(about.id), escape_html(about.title)
    box = (
        f'<input type="checkbox" data-does="choose" data-id="{key}" aria-label="Ask only chosen: {title}"'
        f"{' checked' if chosen else ''}>"
    )
    link = f'<a class="{MARK_CLASS}" href="#{escape_html(document_anchor(about.id))}">{title}</a>'
    origin = f'<span class="qa-place">{escape_html(_origin(about))}</span>'
    remove = "" if locked else remove_html("Remove", key, title, sure)
    return f'<li>{box}<div class="qa-row">{link}{origin}</div>{remove}</li>'


def _origin(about: About) -> str:
    known = [about.metadata.get(name, "") for name in ("author", "publisher", "date")]
    pages = f"{about.pages:,} pages" if about.pages else f"{about.characters:,} characters"
    return " · ".join(dict.fromkeys(part for part in [*known, *map(_source, about.sources), pages] if part))


def _source(source: str) -> str:
    """What was given to the library is called by its name alone."""
    path = PurePath(source)
    return path.name if not is_url(source) and path.parent.name == FOLDER else source


def choice_html(there: int, chosen: int, reason: str = "") -> str:
    """Which documents are asked. reason: why nothing can be added or removed."""
    documents = count(there, "document")
    said = f"All {documents} are asked; tick some to ask only those." if there > 1 else f"{documents}."
    if chosen:
        said = f"Only {chosen:,} of {documents} {'is' if chosen == 1 else 'are'} asked."
        said += ' <button type="button" class="qa-quiet" data-does="all">Ask all</button>'
    locked = (
        f'<p class="qa-outcome" role="status">{escape_html(reason)} Nothing can be added here.</p>' if reason else ""
    )
    return f'{locked}<p class="qa-note" role="status">{said}</p>'


def scope_html(scope: Scope, first: str) -> str:
    """What the chat asks, where that is not all of the first library."""
    chosen = len(scope.documents or ())
    part = count(chosen, "chosen document") if chosen else "all documents"
    if not chosen and scope.library in ("", first):
        return ""
    of = f" of the library “{scope.library}”" if scope.library else ""
    return f'<p class="qa-note" role="status">{escape_html(f"Asking {part}{of}.")}</p>'


class Step(StrEnum):
    """How far one file or page is."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Added:
    """One file or page that is being added. said: one line on how it went."""

    name: str
    step: Step = Step.WAITING
    said: str = "waits"


def went(change: IndexChange) -> str:
    """What adding one file or page did, in one line."""
    new, replaced = len(change.added), len(change.replaced)
    parts = [_count(new, "added")] if new else []
    parts += [_count(replaced, "replaced by a newer text")] if replaced else []
    if not parts:
        parts = ["is in the library already"]
    failed = [f"{failure.message} ({failure.hint})" for failure in change.failures]
    return "; ".join([*parts, *failed])


def _count(number: int, what: str) -> str:
    return what if number == 1 else f"{number:,} documents {what}"


def progress_html(entries: Sequence[Added]) -> str:
    """A line for each file or page that is being added; a reader of the screen hears the changes."""
    rows = "".join(
        f'<li class="qa-step-{each.step}"><strong>{escape_html(each.name)}</strong> {escape_html(each.said)}</li>'
        for each in entries
    )
    return f'<div role="status"><ul class="qa-progress">{rows}</ul></div>'


def erased_html(erased: Sequence[Erased], quoted_in: Sequence[str] = ()) -> str:
    """What was erased, what of it is still there elsewhere, and which kept conversations still quote it."""
    lines = [f"Erased “{each.title}”." for each in erased]
    files = [file for each in erased for file in each.files]
    if files:
        lines.append(f"Its file {', '.join(files)} was not touched: with it, the document comes back.")
    if quoted_in:
        lines.append(f"Still quoted in kept conversations: {', '.join(f'“{title}”' for title in quoted_in)}.")
    return f'<p class="qa-note" role="status">{escape_html(" ".join(lines))}</p>'


def failure_html(message: str, hint: str) -> str:
    """Why something was not done, and what mends it."""
    return f'<p class="qa-outcome" role="alert">{escape_html(f"{message}. {hint}")}</p>'
