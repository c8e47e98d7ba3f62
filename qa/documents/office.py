"""Turns Word and PowerPoint files into text with Markdown headings; opens no macro, no link and no picture."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qa.documents.archives import open_zip
from qa.documents.extracted import Extracted, extracted, paged
from qa.documents.tables import row_lines

if TYPE_CHECKING:
    from docx.document import Document

_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)


def read_docx(name: str, raw: bytes) -> Extracted:
    """Paragraphs and tables in their order; footnotes, headers and comments are left out.

    Raises `UnreadableDocument`.
    """
    import docx

    open_zip(name, raw).close()
    document = docx.Document(io.BytesIO(raw))
    about = document.core_properties
    text = "\n\n".join(_blocks(document))
    return extracted(text, about.title, author=about.author, day=about.created)


def _blocks(document: "Document") -> Iterator[str]:
    from docx.table import Table

    for item in document.iter_inner_content():
        if isinstance(item, Table):
            yield from row_lines([[cell.text for cell in _once(row.cells)] for row in item.rows])
        elif words := item.text.strip():
            style = (item.style.name if item.style else "") or ""
            if heading := _HEADING_STYLE.match(style):
                yield f"{'#' * min(6, int(heading[1]) or 1)} {' '.join(words.split())}"
            elif style == "Title":
                yield f"# {' '.join(words.split())}"
            else:
                yield f"- {words}" if style.startswith("List") else words


def _once(cells: Iterable[Any]) -> list[Any]:
    """The cells of a row; one that spans several columns is given once for each of them."""
    return list({id(cell._tc): cell for cell in cells}.values())


def read_pptx(name: str, raw: bytes) -> Extracted:
    """Each slide with its notes; a slide is a page. Raises `UnreadableDocument`."""
    import pptx

    open_zip(name, raw).close()
    slides = pptx.Presentation(io.BytesIO(raw))
    text, pages = paged("\n\n".join(_slide(slide)) for slide in slides.slides)
    about = slides.core_properties
    return extracted(text, about.title, pages=pages, author=about.author, day=about.created)


def _slide(slide: Any) -> Iterator[str]:  # noqa: ANN401 - python-pptx ships no types
    title = slide.shapes.title
    if title is not None and title.text_frame.text.strip():
        yield f"# {' '.join(title.text_frame.text.split())}"
    rest = [shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id]
    yield from _shapes(rest)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield from filter(None, map(str.strip, slide.notes_slide.notes_text_frame.text.splitlines()))


def _shapes(shapes: Sequence[Any]) -> Iterator[str]:
    """The texts of shapes from top to bottom, those of a group in their place."""
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if hasattr(shape, "shapes"):
            yield from _shapes(list(shape.shapes))
        elif getattr(shape, "has_table", False):
            yield from row_lines([[cell.text for cell in row.cells] for row in shape.table.rows])
        elif shape.has_text_frame:
            yield from filter(None, (" ".join(each.text.split()) for each in shape.text_frame.paragraphs))
