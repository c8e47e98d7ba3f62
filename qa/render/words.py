"""The words and choices that every rendering of an Answer shares; knows nothing of any format."""

from collections.abc import Mapping, Sequence

from qa.types import Answer, Citation, Claim, Outcome

OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.ANSWERED: "Proved by the sources.",
    Outcome.UNVERIFIED: "The sources do not prove this.",
    Outcome.NOT_FOUND: "The sources do not say.",
}
UNDERSTOOD_WORDS = "Understood as:"
NEAREST_WORDS = "The nearest passages:"
NEAREST_COUNT = 3  # passages shown where there is no answer


CONFIDENCE_WORDS = ((0.8, "High confidence"), (0.5, "Fair confidence"), (0.0, "Low confidence"))


def count(number: int, noun: str) -> str:
    """As in "1 document" and "2 documents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def confidence_words(probability: float) -> str:
    """A calibrated probability, 0..1, in words."""
    return next(words for least, words in CONFIDENCE_WORDS if probability >= least)


def is_notice(answer: Answer) -> bool:
    """Whether the answer is only something that the system says of itself."""
    return bool(answer.notice) and not answer.claims


def same_question(left: str, right: str) -> bool:
    """Whether two questions are the same but for white space."""
    return left.split() == right.split()


def understood(answer: Answer) -> str:
    """The question as it was made to stand alone; "" where it was taken as it was asked."""
    alone = answer.standalone_question
    return "" if same_question(alone, answer.question) else alone


def short_numbers(short: str | None, citations: Sequence[Citation]) -> tuple[int, ...]:
    """The numbers that stand at the short answer: the best proof, and the first quote that holds its words."""
    if not short or not citations:
        return ()
    holding = [citation.number for citation in citations if short in citation.quote.text]
    return tuple(dict.fromkeys([citations[0].number, *holding[:1]]))


def prose(answer: Answer) -> tuple[Claim, ...]:
    """The claims that are more than a quote: the quotes themselves stand in the list of sources."""
    quotes = {citation.quote.text for citation in answer.citations}
    return tuple(claim for claim in answer.claims if claim.text.removeprefix("“").removesuffix("”") not in quotes)


def quoted(text: str) -> str:
    """`text` on one line in quotation marks, its own where it begins with some."""
    line = " ".join(text.split())
    return line if line.startswith(('"', "“", "‘", "«", "„")) else f"“{line}”"


def place(citation: Citation) -> list[str]:
    """Title, page and source of a citation, as far as they are known and differ."""
    page = [f"p. {citation.page}"] if citation.page is not None else []
    source = [citation.source] if citation.source != citation.title else []
    return [citation.title, *page, *source]


def opening(text: str, length: int = 160) -> str:
    """The first words of `text` on one line, cut at a word, with an ellipsis, when longer than `length`."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + " …"


def fetched(source: str) -> bool:
    """Whether a document's source is a web address; every other is a path."""
    return source.startswith(("http://", "https://"))
