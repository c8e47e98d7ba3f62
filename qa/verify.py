"""Turns an answer's citations and documents as they are now into verdicts; does no input or output.

Each citation is VERIFIED, MOVED, CHANGED or MISSING. A quote that occurs several times is told apart by the words
around it, as the Web Annotation model wants of its TextQuoteSelector.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from qa.types import Citation, Document, Span

SIMILAR = 0.75  # of the nearest text: under it the words tell another story and count as missing
SHORTEST_FUZZY = 8  # characters: anything is similar to a shorter quote, so that it is there or missing
LONGEST = 5000  # characters: comparing takes the square of them, so that a longer quote is there exactly or missing
MOST_OCCURRENCES = 100_000  # places of a repeated quote that are compared
MOST_NEIGHBOURHOODS = 50  # places around which a changed quote is looked for
SET_OTHERWISE = "set otherwise: blanks, line ends or style of marks"
NO_DOCUMENT = "its document is not there"

# Marks that editors and converters put for each other, one class each.
_SAME = ('"“”„‟«»″', "'‘’‚‛‹›′`´", "-‐‑‒–—―−")
_PLAIN = str.maketrans({mark: marks[0] for marks in _SAME for mark in marks})
_MARKS = re.escape("".join(_SAME))
_PIECES = re.compile(rf"\s+|…|\.\.\.|[.{_MARKS}]|[^\s….{_MARKS}]+")


class State(StrEnum):
    """What became of a quote.

    VERIFIED: the same characters at the same place. MOVED: the same words at another place, or set otherwise: with
    other white space, line ends, style of quotation marks and dashes, or form of accents. CHANGED: similar words.
    MISSING: nothing like it, or no document.
    """

    VERIFIED = "verified"
    MOVED = "moved"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one citation.

    found: where its words (VERIFIED, MOVED) or the nearest words (CHANGED) stand now, None when MISSING;
    found_in: a source of the document that holds them; text: the characters there. similarity: 0..1 of the words,
    1 when only white space or marks differ. note: what a person should know besides, "" mostly.
    """

    number: int
    document_id: str
    source: str
    quote: str
    state: State
    found: Span | None
    found_in: str
    text: str
    similarity: float
    note: str = ""

    @property
    def stands(self) -> bool:
        """Whether the words are still in the document, each of them."""
        return self.state in {State.VERIFIED, State.MOVED}


def verify(
    citations: Iterable[Citation], documents: Sequence[Document], *, against: Document | None = None
) -> tuple[Verdict, ...]:
    """One verdict for each citation, in order.

    A citation's document is the one with its id, which is a hash of the text, else the one with its source. Where
    neither is among `documents` (a file that was renamed and edited), each is searched for the words.
    against: the one document that every citation is checked against instead.
    """
    by_id = {document.id: document for document in documents}
    by_source = {source: document for document in documents for source in document.sources}
    verdicts = []
    for citation in citations:
        own = against or by_id.get(citation.quote.document_id) or by_source.get(citation.source)
        verdicts.append(_verdict(citation, own) if own else _elsewhere(citation, documents))
    return tuple(verdicts)


def all_stand(verdicts: Iterable[Verdict]) -> bool:
    """Whether every quote is still in its document word by word: what the exit code 0 means."""
    return all(verdict.stands for verdict in verdicts)


def _verdict(citation: Citation, document: Document) -> Verdict:
    if _is_untouched(citation, document.text):
        return _made(citation, State.VERIFIED, document, citation.quote.span, 1.0)
    place = _best_place(citation, document.text)
    if place is None:
        return _nearest(citation, document)
    same = place.within(document.text) == citation.quote.text
    verified = same and place == citation.quote.span
    note = "" if same else SET_OTHERWISE
    return _made(citation, State.VERIFIED if verified else State.MOVED, document, place, 1.0, note)


def _is_untouched(citation: Citation, text: str) -> bool:
    """Whether quote, prefix and suffix stand where they stood."""
    start = citation.quote.span.start - len(citation.prefix)
    return start >= 0 and text.startswith(citation.prefix + citation.quote.text + citation.suffix, start)


def _elsewhere(citation: Citation, documents: Sequence[Document]) -> Verdict:
    """The words in whichever document has them in the likest surroundings."""
    places = ((document, _best_place(citation, document.text)) for document in documents)
    found = [(document, place) for document, place in places if place]
    if not found:
        return _made(citation, State.MISSING, None, None, 0.0, NO_DOCUMENT)
    document, place = max(found, key=lambda pair: _surroundings(citation, pair[0].text, pair[1]))
    return _made(citation, State.MOVED, document, place, 1.0, f"now in {document.sources[0]}")


def _made(
    citation: Citation, state: State, document: Document | None, place: Span | None, similarity: float, note: str = ""
) -> Verdict:
    quote = citation.quote
    found_in, text = (document.sources[0], place.within(document.text)) if document and place else ("", "")
    return Verdict(
        citation.number, quote.document_id, citation.source, quote.text, state, place, found_in, text, similarity, note
    )


def _best_place(citation: Citation, text: str) -> Span | None:
    """The occurrence of the words whose surroundings are likest; of equals the one nearest the old place."""
    places = islice(_occurrences(citation.quote.text, text), MOST_OCCURRENCES)
    old = citation.quote.span.start
    return max(places, key=lambda each: (_surroundings(citation, text, each), -abs(each.start - old)), default=None)


def _occurrences(words: str, text: str) -> Iterator[Span]:
    """Every place of `words` in `text`, however they are set there."""
    if len(words) > LONGEST:
        start = text.find(words)
        yield from [Span(start, start + len(words))] if start >= 0 else []
        return
    for match in re.finditer(f"(?=({_pattern(words)}))", text):
        yield Span(*match.span(1))


def _pattern(words: str) -> str:
    """An expression for `words` with any white space, style of quotation marks and dashes, and form of accents.

    White space stays white space: "now here" is not "nowhere".
    """
    return "".join(map(_piece, _PIECES.findall(words)))


def _piece(piece: str) -> str:
    if piece.isspace():
        return r"\s+"
    if piece in {"…", "..."}:
        return r"(?:…|\.\.\.)"
    for marks in _SAME:
        if piece in marks:
            return f"[{re.escape(marks)}]"
    forms = {piece: None, unicodedata.normalize("NFC", piece): None, unicodedata.normalize("NFD", piece): None}
    return f"(?:{'|'.join(map(re.escape, forms))})"


def _surroundings(citation: Citation, text: str, place: Span) -> float:
    """How like prefix and suffix are around a place, 0..2, higher is better."""
    before = text[max(0, place.start - len(citation.prefix)) : place.start]
    after = text[place.end : place.end + len(citation.suffix)]
    return _alike(citation.prefix, before) + _alike(citation.suffix, after)


def _nearest(citation: Citation, document: Document) -> Verdict:
    """CHANGED with the words that are likest, surroundings counted in; MISSING where none are like enough."""
    quote, text = citation.quote.text, document.text
    if not SHORTEST_FUZZY <= len(quote) <= LONGEST:
        return _made(citation, State.MISSING, None, None, 0.0)
    windows = [Span(0, len(text)), *_neighbourhoods(citation, text)] if text else []
    places = [place for window in windows if (place := _likest(quote, text, window))]
    alike = {place: _alike(quote, place.within(text)) for place in places}
    near = [place for place, similarity in alike.items() if similarity >= SIMILAR]
    if not near:
        return _made(citation, State.MISSING, None, None, 0.0)
    best = max(near, key=lambda place: alike[place] + _surroundings(citation, text, place))
    return _made(citation, State.CHANGED, document, best, alike[best])


def _neighbourhoods(citation: Citation, text: str) -> Iterator[Span]:
    """The stretches of text after the citation's prefix and before its suffix, wherever those stand."""
    room = 2 * len(citation.quote.text)
    anchors = [(citation.prefix.strip(), 0, room), (citation.suffix.strip(), room, 0)]
    for words, before, after in anchors:
        for place in islice(_occurrences(words, text), MOST_NEIGHBOURHOODS) if words else ():
            yield Span(max(0, place.start - before), min(len(text), place.end + after))


def _likest(quote: str, text: str, window: Span) -> Span | None:
    """The part of a window of `text` that is most like the quote, from word to word."""
    searched = window.within(text)
    aligned = fuzz.partial_ratio_alignment(quote, searched, score_cutoff=100 * SIMILAR * SIMILAR)
    if aligned is None or len(searched) < len(quote) * SIMILAR * SIMILAR or aligned.dest_start == aligned.dest_end:
        return None
    return _stretched(quote, text, Span(window.start + aligned.dest_start, window.start + aligned.dest_end))


def _stretched(quote: str, text: str, place: Span) -> Span | None:
    """The place moved to word borders, its end first, as far as that makes it more alike.

    The alignment gives a place as long as the quote, but words may have been put in or taken out.
    """
    start, end = place.start, place.end
    slack = len(quote) // 4 + SHORTEST_FUZZY
    ends = _borders(text, max(end - slack, start + 1), end + slack)
    end = max(ends or [end], key=lambda there: _alike(quote, text[start:there]))
    starts = _borders(text, start - slack, min(start + slack, end - 1))
    start = max(starts or [start], key=lambda there: _alike(quote, text[there:end]))
    words = text[start:end].strip()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return Span(start, start + len(words)) if words else None


def _borders(text: str, low: int, high: int) -> list[int]:
    """Offsets at which a word starts or ends."""
    return [
        place
        for place in range(max(low, 0), min(high, len(text)) + 1)
        if place in {0, len(text)} or not (text[place - 1].isalnum() and text[place].isalnum())
    ]


def _alike(left: str, right: str) -> float:
    """0..1 of two texts, their white space and the style of their marks set aside."""
    return float(Levenshtein.normalized_similarity(_plain(left), _plain(right)))


def _plain(text: str) -> str:
    return " ".join(text.translate(_PLAIN).split())
