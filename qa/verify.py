"""Turns a saved answer and its documents as they are now into verdicts; does no input or output.

Each citation of the answer is VERIFIED, MOVED, CHANGED or MISSING. An answer is given as the JSON of
docs/DESIGN.md §5, a document as its text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from qa.errors import InputError
from qa.types import Span

SCHEMA = "qa.answer/1"
SIMILAR = 0.75  # of the nearest text: under it the words tell another story and count as missing
SHORTEST_FUZZY = 8  # characters: anything is similar to a shorter quote, so that it is there or missing
EXACT_ENOUGH = 1.0  # quotes that differ in white space or marks alone are as similar as can be
SURROUNDING = 32  # characters of prefix and suffix that a citation keeps
MOST_OCCURRENCES = 1000  # places of a repeated quote that are compared; later ones are farther off anyway
HINT = "give an answer that was saved by `qa ask --json`"
_SAME = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


class State(StrEnum):
    """What became of a quote."""

    VERIFIED = "verified"
    MOVED = "moved"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one citation.

    found: where its words (MOVED, VERIFIED) or the nearest words (CHANGED) stand now, None when MISSING;
    text: the document's words there. similarity: 0..1 of `quote` and `text`, 1 when only blanks or marks differ.
    """

    number: int
    document_id: str
    source: str
    quote: str
    state: State
    found: Span | None
    text: str
    similarity: float

    @property
    def stands(self) -> bool:
        """Whether the exact words are still in the document."""
        return self.state in {State.VERIFIED, State.MOVED}


def verify(
    answer: Mapping[str, object], documents: Mapping[str, str], *, against: str | None = None
) -> tuple[Verdict, ...]:
    """One verdict for each citation of a saved answer, in its order.

    documents: current texts by document id. An id is a hash of its text, so an edited file has a new one: a
    source given as a key is looked up too. against: the one text that every citation is checked against instead.
    A document that is not there makes its citations MISSING. Raises `InputError` for anything but a saved answer.
    """
    return tuple(
        _verdict(saved, against if against is not None else _text(saved, documents)) for saved in _citations(answer)
    )


def all_stand(verdicts: Sequence[Verdict]) -> bool:
    """Whether every quote is still in its document word by word: what the exit code 0 means."""
    return all(verdict.stands for verdict in verdicts)


@dataclass(frozen=True, slots=True)
class _Saved:
    number: int
    document_id: str
    source: str
    span: Span
    quote: str
    prefix: str
    suffix: str


def _text(saved: _Saved, documents: Mapping[str, str]) -> str | None:
    return documents.get(saved.document_id, documents.get(saved.source))


def _verdict(saved: _Saved, text: str | None) -> Verdict:
    if text is None:
        return _made(saved, State.MISSING, None, "", 0.0)
    if text.startswith(saved.quote, saved.span.start):
        return _made(saved, State.VERIFIED, saved.span, text, 1.0)
    moved = _moved(saved, text)
    if moved:
        return _made(saved, State.MOVED, moved, text, 1.0)
    nearest = _nearest(saved, text)
    if nearest is None:
        return _made(saved, State.MISSING, None, "", 0.0)
    span, similarity = nearest
    return _made(saved, State.CHANGED, span, text, similarity)


def _made(saved: _Saved, state: State, span: Span | None, text: str, similarity: float) -> Verdict:
    there = span.within(text) if span else ""
    return Verdict(saved.number, saved.document_id, saved.source, saved.quote, state, span, there, similarity)


def _moved(saved: _Saved, text: str) -> Span | None:
    """The occurrence of the exact words whose surroundings fit best; of equals the one nearest the old place."""
    places = list(_occurrences(saved.quote, text))
    if not places:
        return None
    best = max(places, key=lambda start: (_surroundings(saved, text, start), -abs(start - saved.span.start)))
    return Span(best, best + len(saved.quote))


def _occurrences(quote: str, text: str) -> Iterator[int]:
    start = text.find(quote)
    for _ in range(MOST_OCCURRENCES):
        if start < 0:
            return
        yield start
        start = text.find(quote, start + 1)


def _surroundings(saved: _Saved, text: str, start: int) -> float:
    """How well prefix and suffix fit around a place, 0..2, higher is better."""
    end = start + len(saved.quote)
    before = text[max(0, start - len(saved.prefix)) : start]
    after = text[end : end + len(saved.suffix)]
    return _alike(saved.prefix, before) + _alike(saved.suffix, after)


def _alike(left: str, right: str) -> float:
    return float(Levenshtein.normalized_similarity(left, right))


def _nearest(saved: _Saved, text: str) -> tuple[Span, float] | None:
    """The text most like the quote, and how like it is, when that is enough.

    Marks are compared in one style; then blanks are cut from the ends of what was found.
    """
    quote, plain = saved.quote.translate(_SAME), text.translate(_SAME)  # one character for one: offsets hold
    start = plain.find(quote)
    if start >= 0:
        return Span(start, start + len(quote)), EXACT_ENOUGH
    if len(quote) < SHORTEST_FUZZY or not text:
        return None
    aligned = fuzz.partial_ratio_alignment(quote, plain, score_cutoff=100 * SIMILAR * SIMILAR)
    if aligned is None or len(plain) < len(quote) * SIMILAR * SIMILAR:
        return None
    low, high = _stretched(quote, plain, aligned.dest_start, aligned.dest_end)
    if low >= high:
        return None
    similarity = _similarity(quote, plain[low:high])
    return (Span(low, high), similarity) if similarity >= SIMILAR else None


def _similarity(quote: str, there: str) -> float:
    """0..1 of the words alone: blanks count as one."""
    return _alike(" ".join(quote.split()), " ".join(there.split()))


def _stretched(quote: str, text: str, start: int, end: int) -> tuple[int, int]:
    """The window moved to word borders, ends first, as far as that makes it more alike.

    The alignment gives a window as long as the quote, but words may have been put in or taken out.
    """
    slack = len(quote) // 4 + SHORTEST_FUZZY
    ends = _borders(text, end - slack, end + slack, start + 1)
    end = max(ends or [end], key=lambda place: _similarity(quote, text[start:place]))
    starts = [place for place in _borders(text, start - slack, start + slack, 0) if place < end]
    start = max(starts or [start], key=lambda place: _similarity(quote, text[place:end]))
    low = start + len(text[start:end]) - len(text[start:end].lstrip())
    return low, low + len(text[low:end].rstrip())


def _borders(text: str, low: int, high: int, least: int) -> list[int]:
    """Offsets at which a word starts or ends."""
    return [
        place
        for place in range(max(low, least), min(high, len(text)) + 1)
        if place in {0, len(text)} or not (text[place - 1].isalnum() and text[place].isalnum())
    ]


def _citations(answer: Mapping[str, object]) -> list[_Saved]:
    if answer.get("schema") != SCHEMA:
        raise InputError(f"not a saved answer: its schema is not {SCHEMA!r}", HINT)
    citations = answer.get("citations")
    if not isinstance(citations, list):
        raise InputError("the saved answer has no list of citations", HINT)
    return [_saved(index, citation) for index, citation in enumerate(citations, start=1)]


def _saved(index: int, citation: object) -> _Saved:
    if not isinstance(citation, Mapping):
        raise InputError(f"citation {index} is no object", HINT)
    start, end, quote = (
        _whole(index, citation, "start"), _whole(index, citation, "end"), _string(index, citation, "quote")
    )  # fmt: skip
    if not 0 <= start < end or end - start != len(quote):
        raise InputError(
            f"citation {index}: offsets {start}..{end} do not fit its quote of {len(quote)} characters", HINT
        )
    return _Saved(
        number=_whole(index, citation, "number"),
        document_id=_string(index, citation, "document_id"),
        source=_string(index, citation, "source"),
        span=Span(start, end),
        quote=quote,
        prefix=_string(index, citation, "prefix")[-SURROUNDING:],
        suffix=_string(index, citation, "suffix")[:SURROUNDING],
    )


def _whole(index: int, citation: Mapping[object, object], field: str) -> int:
    value = citation.get(field)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"citation {index}: {field!r} is {value!r}, not a whole number", HINT)
    return value


def _string(index: int, citation: Mapping[object, object], field: str) -> str:
    value = citation.get(field)
    if not isinstance(value, str):
        raise InputError(f"citation {index}: {field!r} is {value!r}, not a text", HINT)
    return value
