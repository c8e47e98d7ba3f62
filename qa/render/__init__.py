"""Turns Answers, Documents and Statements into what people and programs read; decides nothing about what is said.

Text of a document or a question is data: whatever stands in it, nothing here lets it become a tag, a link, an
image, a formula or a terminal command.
"""

from qa.render.annotations import document_of, place_of, to_annotations
from qa.render.bibliography import to_bibtex, to_csl
from qa.render.data import (
    citation_row,
    event_row,
    passage_row,
    passage_rows,
    statement_row,
    statements_csv,
    to_json,
)
from qa.render.document import document_html, part_anchor
from qa.render.escaping import escape_html, escape_markdown, visible
from qa.render.export import MEDIA_TYPES, Format, dump, export
from qa.render.message import Mark, Message
from qa.render.page import (
    MARK_CLASS,
    document_anchor,
    documents_html,
    hits_html,
    passage_anchor,
    source_anchor,
    to_html,
)
from qa.render.sheet import to_notebook, to_sheet
from qa.render.text import to_markdown, to_plain, to_terminal
from qa.render.words import OUTCOME_WORDS, count, fetched

__all__ = [
    "MARK_CLASS",
    "MEDIA_TYPES",
    "OUTCOME_WORDS",
    "Format",
    "Mark",
    "Message",
    "citation_row",
    "count",
    "document_anchor",
    "document_html",
    "document_of",
    "documents_html",
    "dump",
    "escape_html",
    "escape_markdown",
    "event_row",
    "export",
    "fetched",
    "hits_html",
    "part_anchor",
    "passage_anchor",
    "passage_row",
    "passage_rows",
    "place_of",
    "source_anchor",
    "statement_row",
    "statements_csv",
    "to_annotations",
    "to_bibtex",
    "to_csl",
    "to_html",
    "to_json",
    "to_markdown",
    "to_notebook",
    "to_plain",
    "to_sheet",
    "to_terminal",
    "visible",
]
