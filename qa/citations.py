"""Findings and prose become claims with checked quotes; knows nothing of how either was made.

A quote is always cut out of its document here, by offsets, never taken from a model's words.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from qa.passages import sentences
from qa.support import check
from qa.types import ORIGIN, Citation, Claim, Document, Finding, Quote, Span, Support
from qa.wording import fold, names, stems, words

SURROUNDING = 32  # characters of prefix and suffix
LONGEST_QUOTE = 600  # characters; a longer sentence is quoted around the answer

_MARK = re.compile(
    r"\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]|\s*【[^】]*】|\s*\(\s*(?:source|sources|passage)\s*\d[^)]*\)", re.IGNORECASE
)


def cite(findings: Sequence[Finding], document_of: Callable[[str], Document]) -> tuple[Citation, ...]:
    """Citations of all evidence of the findings, numbered from 1; every evidence span stands in exactly one.

    Evidence that is only a name is widened to the sentence that holds it; spans that touch become one quote.
    document_of: the document of an id.
    """
    spans: dict[str, list[Span]] = {}
    for finding in findings:
        text = document_of(finding.passage.document_id).text
        held = (_quotable(span, finding, text) for span in finding.evidence)
        spans.setdefault(finding.passage.document_id, []).extend(held)
    places = [(document_of(each), span) for each, of_document in spans.items() for span in _joined(of_document)]
    return tuple(citation(document, span, number) for number, (document, span) in enumerate(places, start=1))


def citation(document: Document, span: Span, number: int) -> Citation:
    """The citation of one span, cut out of its document."""
    return Citation(
        number=number,
        quote=Quote(document.id, span, span.within(document.text)),
        title=document.title,
        source=document.sources[0],
        page=page_of(document, span),
        prefix=document.text[max(0, span.start - SURROUNDING) : span.start],
        suffix=document.text[span.end : span.end + SURROUNDING],
        metadata={name: document.metadata[name] for name in ORIGIN if name in document.metadata},
    )


def page_of(document: Document, span: Span) -> int | None:
    """1-based page on which `span` starts, None when the document has no pages."""
    return sum(start <= span.start for start in document.pages) or None


def quoted_claim(cited: Citation) -> Claim:
    """The quote itself as a sentence of the answer."""
    text = " ".join(cited.quote.text.split())
    return Claim(f"“{text}”", (cited.number,), Support.QUOTED)


def checked_claim(draft: str, citations: Sequence[Citation], question: str, short: str) -> Claim | None:
    """The drafted sentence as a claim with the citations that prove it, or None when they do not prove it.

    Marks that the draft carries are dropped: which quotes prove it is found out here. It is proved when it says the
    whole short answer of whom the question names (any sentence does, when that is empty) and `support.check` finds
    nothing wrong.
    """
    text = " ".join(_MARK.sub("", draft).split())
    if not text or (short and not _says(text, (short, *names(question)))):
        return None
    needed = [each for each in citations if _helps(text, each.quote.text)]
    if not needed or not check(text, [each.quote.text for each in needed], question).supported:
        return None
    verbatim = any(_is_quoted(text, each.quote.text) for each in needed)
    numbers_ = tuple(each.number for each in needed)
    return Claim(text, numbers_, Support.QUOTED if verbatim else Support.SUPPORTED)


def unproved_claim(draft: str) -> Claim | None:
    """The drafted sentence marked as unsupported, None when nothing but marks is in it."""
    text = " ".join(_MARK.sub("", draft).split())
    return Claim(text, (), Support.UNSUPPORTED) if words(text) else None


def _quotable(span: Span, finding: Finding, text: str) -> Span:
    """`span` grown to its sentence, unless that is over-long; a span of several sentences stays as it is."""
    around = Span(max(0, span.start - LONGEST_QUOTE), min(len(text), span.end + LONGEST_QUOTE))
    if finding.passage.span.contains(span):
        around = finding.passage.span
    touched = [each for each in sentences(text, around) if each.overlaps(span)]
    if not touched:
        return span
    grown = Span(min(span.start, touched[0].start), max(span.end, touched[-1].end))
    return grown if grown.end - grown.start <= LONGEST_QUOTE else span


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The spans in their order, each that overlaps an earlier one folded into it."""
    joined: list[Span] = []
    for span in spans:
        for place, other in enumerate(joined):
            if span.overlaps(other):
                joined[place] = Span(min(span.start, other.start), max(span.end, other.end))
                break
        else:
            joined.append(span)
    return joined


def _says(text: str, wanted: Iterable[str]) -> bool:
    """Whether `text` leaves out no word of what it must say."""
    said = {*stems(text), *words(text)}
    return all(said.issuperset(stems(each) or words(each)) for each in wanted)


def _is_quoted(text: str, quote: str) -> bool:
    """Whether a quote holds the sentence from the beginning of a clause on, not after "he doubts that"."""
    before, found, _ = fold(quote).partition(fold(text).strip(" .\"'"))
    before = before.rstrip(" \"'“‘(")
    return bool(found) and (not before or before[-1] in ".!?:;,—–\n")


def _helps(text: str, quote: str) -> bool:
    """Whether a quote shares enough with the sentence to count among its proofs."""
    shared = set(stems(text)) & set(stems(quote))
    return len(shared) >= 2 or bool(set(names(text)) & set(names(quote)))
