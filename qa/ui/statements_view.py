"""Turns who-said-what into the HTML of a table and of bars, purely; finds no statement itself."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from qa.render import MARK_CLASS, count, escape_html
from qa.types import Statement
from qa.ui.view import words_anchor

READ = 200  # documents whose statements are read at a time
SHOWN = 300  # rows
BARS = 8  # speakers
EMPTY = "Nobody is quoted in these documents. Add documents in which people say something, such as news or minutes."


class Kind(StrEnum):
    """Which statements are meant, as the page words it."""

    ALL = "Direct and reported"
    DIRECT = "Direct"
    REPORTED = "Reported"


class Column(StrEnum):
    """What the table may be sorted by."""

    SPEAKER = "Who"
    WORDS = "What was said"
    KIND = "How"
    DOCUMENT = "Document"


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the title of its document."""

    statement: Statement
    title: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the statements is shown. speaker: "" for all. column: None for the order of the documents."""

    words: str = ""
    kind: Kind = Kind.ALL
    speaker: str = ""
    column: Column | None = None
    descending: bool = False

    def sorted_by(self, column: Column) -> "Wanted":
        """By that column; when it is already, the other way round."""
        return replace(self, column=column, descending=self.column is column and not self.descending)


def chosen(said: Iterable[Said], wanted: Wanted) -> list[Said]:
    """Those that are wanted, in the order that is wanted."""
    words = wanted.words.casefold().split()
    found = [each for each in said if _is_wanted(each, wanted) and all(word in _searched(each) for word in words)]
    if wanted.column is None:
        return found
    column = wanted.column
    return sorted(found, key=lambda each: _cell(each, column).casefold(), reverse=wanted.descending)


def _is_wanted(said: Said, wanted: Wanted) -> bool:
    reported = said.statement.reported
    right_kind = wanted.kind is Kind.ALL or reported == (wanted.kind is Kind.REPORTED)
    return right_kind and wanted.speaker in ("", said.statement.speaker)


def _searched(said: Said) -> str:
    return f"{said.statement.speaker}\n{said.statement.words}\n{said.title}".casefold()


def _cell(said: Said, column: Column) -> str:
    match column:
        case Column.SPEAKER:
            return said.statement.speaker
        case Column.WORDS:
            return " ".join(said.statement.words.split())
        case Column.KIND:
            return f"{Kind.REPORTED if said.statement.reported else Kind.DIRECT}, “{said.statement.cue}”"
        case Column.DOCUMENT:
            return said.title


def table_html(said: Sequence[Said], wanted: Wanted, read: int, documents: int) -> str:
    """What is wanted as a table whose words open their place. read: of how many documents the statements are."""
    found = chosen(said, wanted)
    left = (
        f" They are of {read:,} of {documents:,} documents; choose others in the tab Documents."
        if read < documents
        else ""
    )
    more = f" The first {SHOWN:,} are shown." if len(found) > SHOWN else ""
    by = (
        f' by {escape_html(wanted.speaker)} <button type="button" class="qa-quiet" data-does="speaker" data-id="">'
        "All speakers</button>"
        if wanted.speaker
        else ""
    )
    note = f'<p class="qa-note" role="status">{count(len(found), "statement")}{by}.{more}{left}</p>'
    if not said:
        return f'<p class="qa-note">{EMPTY}{left}</p>'
    heads = "".join(_head(column, wanted) for column in Column)
    rows = "".join(_row(each) for each in found[:SHOWN])
    return (
        f'{note}<div class="qa-table"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        if rows
        else note
    )


def _head(column: Column, wanted: Wanted) -> str:
    order = ("descending" if wanted.descending else "ascending") if wanted.column is column else "none"
    sign = {"ascending": " ▲", "descending": " ▼", "none": ""}[order]
    return (
        f'<th scope="col" aria-sort="{order}"><button type="button" data-does="sort" data-id="{column.name}">'
        f'{column.value}<span aria-hidden="true">{sign}</span></button></th>'
    )


def _row(said: Said) -> str:
    quote = said.statement.quote
    anchor = escape_html(words_anchor(quote.document_id, quote.span))
    cells = {column: escape_html(_cell(said, column)) for column in Column}
    cells[Column.WORDS] = f'<a class="{MARK_CLASS}" href="#{anchor}">{cells[Column.WORDS]}</a>'
    return "<tr>" + "".join(f'<td data-label="{column.value}">{cell}</td>' for column, cell in cells.items()) + "</tr>"


def bars_html(said: Sequence[Said], wanted: Wanted) -> str:
    """Who speaks how often, as a list whose bars are as long as its numbers; a name shows that speaker's statements."""
    counts = Counter(each.statement.speaker for each in chosen(said, replace(wanted, speaker="", column=None)))
    if len(counts) < 2:
        return ""
    most = counts.most_common(BARS)
    rows = "".join(_bar(speaker, count, most[0][1], wanted.speaker == speaker) for speaker, count in most)
    rest = f'<p class="qa-note">and {len(counts) - BARS:,} more</p>' if len(counts) > BARS else ""
    return f'<ul class="qa-bars" aria-label="Statements by speaker">{rows}</ul>{rest}'


def _bar(speaker: str, count: int, longest: int, pressed: bool) -> str:
    name = escape_html(speaker)
    return (
        f'<li><button type="button" class="qa-quiet" data-does="speaker" data-id="{name}" '
        f'aria-pressed="{"true" if pressed else "false"}">{name}</button>'
        f'<span class="qa-share" aria-hidden="true" style="--qa-share: {count / longest:.3f}"></span>'
        f'<span class="qa-count">{count:,}</span></li>'
    )
