"""Turns Answers into a page of HTML that stands alone and prints well, or a part of one; runs and fetches nothing."""

import zlib
from collections.abc import Sequence
from pathlib import Path

from qa.render.escaping import escape_html
from qa.render.page import said_html, source_anchor
from qa.render.words import is_notice, place
from qa.types import ORIGIN, Answer, Citation

_STYLE = Path(__file__).with_name("sheet.css")
# nothing may be fetched or run, whatever a document's text would become
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def to_sheet(answers: Sequence[Answer]) -> str:
    """A whole page: each question, its answer, and its quotes with the words around them and where they stand."""
    title = answers[0].question if len(answers) == 1 else f"{len(answers)} answers"
    sections = "\n".join(_section(answer, f"answer-{number}-") for number, answer in enumerate(answers, 1))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape_html(title)}</title>\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n"
        f"<body>\n{sections}\n</body>\n</html>\n"
    )


def to_notebook(answer: Answer) -> str:
    """The question, its answer and its quotes as a part of a page that has styles of its own, such as a notebook."""
    return _section(answer, f"answer-{zlib.crc32(repr((answer.question, answer.text)).encode()):08x}-", "h4")


def _section(answer: Answer, prefix: str, heading: str = "h1") -> str:
    said = f"<p>{escape_html(answer.notice)}</p>" if is_notice(answer) else said_html(answer, prefix)
    sources = "".join(_source(citation, prefix) for citation in answer.citations)
    listed = f"<ol>{sources}</ol>" if sources else ""
    return f'<section>\n<{heading} dir="auto">{escape_html(answer.question)}</{heading}>\n{said}\n{listed}\n</section>'


def _source(citation: Citation, prefix: str) -> str:
    known = [citation.metadata[name] for name in ORIGIN if citation.metadata.get(name)]
    span = citation.quote.span
    where = " · ".join(dict.fromkeys([*place(citation), *known, f"characters {span.start:,}–{span.end:,}"]))
    words = (
        f'<span class="around">{escape_html(_before(citation.prefix))}</span>'
        f"<mark>{escape_html(citation.quote.text)}</mark>"
        f'<span class="around">{escape_html(_after(citation.suffix))}</span>'
    )
    return (
        f'<li id="{escape_html(source_anchor(prefix, citation.number))}"><blockquote dir="auto">{words}</blockquote>'
        f"<p>{escape_html(where)}</p></li>"
    )


def _before(prefix: str) -> str:
    """What stands before a quote, begun at a word; saved answers cut it anywhere."""
    whole = prefix.split(maxsplit=1)[1:] if prefix and not prefix[0].isspace() else [prefix.lstrip()]
    return f"… {whole[0]}" if whole and whole[0] else ""


def _after(suffix: str) -> str:
    """What stands after a quote, ended at a word."""
    whole = suffix.rsplit(maxsplit=1)[:1] if suffix and not suffix[-1].isspace() else [suffix.rstrip()]
    return f"{whole[0]} …" if whole and whole[0].strip() else ""
