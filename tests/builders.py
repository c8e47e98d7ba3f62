"""Short ways to make the values that tests of several stages need."""

from qa.types import (
    Answer,
    Citation,
    Document,
    Finding,
    ModelNames,
    Outcome,
    Passage,
    Quote,
    Span,
    Timings,
    Turn,
)


def document(text: str, title: str = "A title", identity: str = "d1") -> Document:
    """A document of one source."""
    return Document(identity, title, (f"{identity}.txt",), text)


def passage(of: Document, start: int = 0, end: int | None = None) -> Passage:
    """The passage of `of` between two offsets, the whole text by default."""
    span = Span(start, len(of.text) if end is None else end)
    return Passage(of.id, span, span.within(of.text))


def place(text: str, part: str) -> Span:
    """Where `part` first stands in `text`."""
    start = text.index(part)
    return Span(start, start + len(part))


def finding(of: Document, words: str, *evidence: str, probability: float = 0.9) -> Finding:
    """`words` found in the whole of `of`, proved by the parts given, or by itself."""
    spans = tuple(place(of.text, part) for part in evidence or (words,))
    return Finding(passage(of), place(of.text, words), words, probability, spans)


def citation(number: int, text: str) -> Citation:
    """A citation of a document that is nothing but `text`."""
    return Citation(number, Quote("d1", Span(0, len(text)), text), "A title", "d1.txt", None, "", "")


def turn(question: str, short: str | None = None) -> Turn:
    """One exchange, answered by `short` or not found."""
    outcome = Outcome.ANSWERED if short else Outcome.NOT_FOUND
    timings, models = Timings(0, 0, None, 0), ModelNames("", "", "")
    return Turn(question, Answer(question, question, outcome, short, (), (), None, (), timings, models))


TOPICS = ("bridge", "harbour", "school", "museum", "forest", "railway", "theatre", "hospital")


def topical(number: int, text: str = "", source: str = "") -> Document:
    """The document of that number, on a topic that every eighth shares; twenty sentences when no text is given."""
    topic = TOPICS[number % len(TOPICS)]
    text = text or "\n\n".join(f"Sentence {n} of text {number} tells of the {topic} again." for n in range(20))
    return Document(f"id{number}-{len(text)}", f"Title {number}", (source or f"{number}.txt",), text)
