"""Turns a part of a Document into HTML, its quotes marked, with links to what is before and after; knows no Answer."""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from qa.render.escaping import escape_html
from qa.render.page import MARK_CLASS, document_anchor, link, origin_html
from qa.types import Document, Span

PART_CHARACTERS = 12_000  # of one document at a time, about five pages: a reader asks for more where it is wanted
EDGE_CHARACTERS = 1_000  # how far a part's edge is moved to where a paragraph ends


def part_anchor(anchor: str, part: Span) -> str:
    """The id of one part of the document that `anchor` points into."""
    return f"{anchor}@{part.start}-{part.end}"


def part_around(text: str, middle: int) -> Span:
    """The part of `text` that is shown first, around an offset; the whole of a text that is not longer than one."""
    if len(text) <= PART_CHARACTERS:
        return Span(0, max(len(text), 1))
    start = min(max(middle - PART_CHARACTERS // 2, 0), len(text) - PART_CHARACTERS)
    start = _edge(text, start)
    return Span(start, _edge(text, max(start + PART_CHARACTERS, middle + 1)))


def document_html(
    document: Document,
    highlights: Sequence[Span] = (),
    anchors: Sequence[str] = (),
    anchor: str = "",
    part: Span | None = None,
) -> str:
    """A part of a document, its highlights in `<mark>`; the mark of `highlights[i]` has the id `anchors[i]`.

    Without anchors the ids are mark-1, mark-2, ... A highlight that a paragraph's end or another highlight cuts
    is several marks: the first has the id, and all have it in data-for. part: what to show, the part around the first
    highlight when None; nothing of a text outside its part is in the HTML. The links to the parts before and after are
    `part_anchor(anchor, ...)`; anchor: the document's own when "".
    """
    names = list(anchors) or [f"mark-{number}" for number in range(1, len(highlights) + 1)]
    part = _clipped(part, document.text) or part_around(document.text, highlights[0].start if highlights else 0)
    marker = _Marker(document, list(zip(highlights, names, strict=True)), part)
    earlier, later = _turning(document, anchor or document_anchor(document.id), part)
    return (
        f'<article class="qa-document"><h2 id="{escape_html(document_anchor(document.id))}">'
        f"{escape_html(document.title)}</h2>{origin_html(document)}"
        f"{earlier}{''.join(marker.paragraphs())}{later}</article>"
    )


def _clipped(part: Span | None, text: str) -> Span | None:
    """`part` as far as it lies in `text` and is no longer than parts are; None when nothing is left."""
    if part is None or part.start >= len(text):
        return None
    return Span(part.start, min(part.end, len(text), part.start + PART_CHARACTERS + EDGE_CHARACTERS))


def _edge(text: str, offset: int) -> int:
    """The offset at or after `offset` where a paragraph begins, or a line, or a word; `offset` when none is near."""
    if offset <= 0 or offset >= len(text):
        return min(max(offset, 0), len(text))
    near = text[offset : offset + EDGE_CHARACTERS]
    found = re.search(r"\n[^\S\n]*\n\s*", near) or re.search(r"\n", near) or re.search(r"\s", near)
    return offset + found.end() if found else offset


def _turning(document: Document, anchor: str, part: Span) -> tuple[str, str]:
    """What stands over and under a part: which it is, and the links to the next ones; "" for a whole text."""
    size = len(document.text)
    if part.start == 0 and part.end >= size:
        return "", ""
    earlier = later = ""
    if part.start > 0:
        before = Span(_edge(document.text, part.start - PART_CHARACTERS), part.start)
        earlier = _turn(anchor, before, "Show what is before")
    if part.end < size:
        after = Span(part.end, _edge(document.text, part.end + PART_CHARACTERS))
        later = _turn(anchor, after, "Show what is after")
    name = escape_html(part_anchor(anchor, part))
    where = f'<p class="qa-part" id="{name}" tabindex="-1">{_place(document, part)}</p>'
    return where + earlier, later


def _turn(anchor: str, part: Span, words: str) -> str:
    return f"<p>{link(part_anchor(anchor, part), words, kind=f'{MARK_CLASS} qa-turn')}</p>"


def _place(document: Document, part: Span) -> str:
    if not document.pages:
        return f"Characters {part.start + 1:,}–{part.end:,} of {len(document.text):,}"
    first = bisect_right(document.pages, part.start)
    last = max(bisect_left(document.pages, part.end), first)
    pages = f"Page {first}" if first == last else f"Pages {first}–{last}"
    return f"{pages} of {len(document.pages)}"


class _Marker:
    """Walks once through a part of a document; remembers which highlights have their id already."""

    def __init__(self, document: Document, highlights: list[tuple[Span, str]], part: Span) -> None:
        self.document, self.highlights, self.part = document, highlights, part
        self.cuts = sorted({edge for span, _ in highlights for edge in (span.start, span.end)} | set(document.pages))
        self.seen: set[str] = set()

    def paragraphs(self) -> Iterator[str]:
        """Each paragraph as HTML, page numbers between them."""
        for span in _paragraph_spans(self.document.text, self.part):
            kind = _paragraph_class(span.within(self.document.text), span.start)
            inner = "".join(self._piece(piece) for piece in _pieces(span, self.cuts))
            yield f'<p{kind} dir="auto">{inner}</p>'

    def _piece(self, piece: Span) -> str:
        covering = [name for span, name in self.highlights if span.contains(piece)]
        fresh = [name for name in covering if name not in self.seen]
        self.seen.update(fresh)
        # one mark for each highlight that begins here, each with its id; a mark without id where one goes on
        names = f'class="qa-highlight" data-for="{escape_html(" ".join(covering))}"'
        marks = [f'<mark id="{escape_html(name)}" tabindex="-1" {names}>' for name in fresh] or [f"<mark {names}>"]
        marks = marks if covering else []
        text = escape_html(piece.within(self.document.text))
        return f"{self._page(piece)}{''.join(marks)}{text}{'</mark>' * len(marks)}"

    def _page(self, piece: Span) -> str:
        if piece.start not in self.document.pages:
            return ""
        return f'<span class="qa-page">Page {self.document.pages.index(piece.start) + 1}</span>'


def _paragraph_spans(text: str, part: Span) -> Iterator[Span]:
    """Runs of lines that are not blank, as far as they lie in `part`."""
    start = end = part.start
    for line in re.compile(r"[^\n]*\n|[^\n]+").finditer(text, part.start, min(part.end, len(text))):
        if line.group().strip():
            end = line.start() + len(line.group().rstrip("\n"))
            continue
        if end > start:
            yield Span(start, end)
        start = end = line.end()
    if end > start:
        yield Span(start, end)


def _pieces(span: Span, cuts: Sequence[int]) -> Iterator[Span]:
    """`span`, cut at every offset of `cuts` (ascending) that lies inside it."""
    edges = [span.start, *cuts[bisect_right(cuts, span.start) : bisect_left(cuts, span.end)], span.end]
    yield from (Span(start, end) for start, end in itertools.pairwise(edges))


def _paragraph_class(text: str, start: int) -> str:
    """How a paragraph of Markdown is set; its characters stay as they are."""
    if start == 0 and text.startswith("---\n"):
        return ' class="qa-front-matter"'
    return ' class="qa-heading"' if re.match(r"#{1,6} [^\n]*\n?$", text) else ""
