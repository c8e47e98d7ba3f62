"""Small question-answering systems, good and broken, that the evaluation has to tell apart."""

import random
from collections.abc import Callable, Sequence

from qa.types import (
    Answer,
    Citation,
    Claim,
    Example,
    FoundBy,
    Hit,
    ModelNames,
    Outcome,
    Passage,
    Quote,
    Span,
    Support,
    Timings,
)

HARBOUR = (
    "The harbour of Varn opened in 1871. Its first master was Ilse Brandt, a pilot's daughter. "
    "She kept the “grey book”, in which\nevery ship was entered. The book was lost in the flood of 1902."
)
MILL = (
    "The mill at Osk ground rye for six villages. Its wheel was built by Tomas Ferro in 1840. "
    "When the river fell, the miller closed the sluice and waited."
)
TEXTS = {"harbour": HARBOUR, "mill": MILL}
MODELS = ModelNames("embedder", "reader", "none")

EXAMPLES = (
    Example(
        id="master",
        question="Who was the first master of the harbour?",
        answers=("Ilse Brandt", "Brandt"),
        evidence=("Its first master was Ilse Brandt, a pilot's daughter.",),
        kind="who",
    ),
    Example(
        id="wheel",
        question="Who built the wheel of the mill?",
        answers=("Tomas Ferro",),
        evidence=("Its wheel was built by Tomas Ferro in 1840.",),
        kind="who",
    ),
    Example(
        id="opened",
        question="When did the harbour open?",
        answers=("1871", "in 1871"),
        evidence=("The harbour of Varn opened in 1871.",),
        kind="when",
    ),
    Example(id="burnt", question="When did the mill burn down?", answerable=False, kind="when"),
)


def place_of(words: str) -> Quote:
    """The first place where the words stand, as a quote."""
    document_id = next(name for name, text in TEXTS.items() if words in text)
    start = TEXTS[document_id].index(words)
    return Quote(document_id, Span(start, start + len(words)), words)


def hit(quote: Quote, score: float = 1.0) -> Hit:
    """A retrieved passage that is exactly the quote."""
    return Hit(Passage(quote.document_id, quote.span, quote.text), score, FoundBy.DENSE)


def cite(quote: Quote, number: int = 1) -> Citation:
    """A citation of the quote."""
    return Citation(number, quote, quote.document_id, f"{quote.document_id}.txt", None, "", "")


def answer(
    question: str,
    short: str | None = None,
    text: str = "",
    quotes: Sequence[Quote] = (),
    hits: Sequence[Quote] = (),
    milliseconds: float = 10.0,
) -> Answer:
    """An answer with one claim (none when there is neither text nor short answer) and these quotes."""
    written = text or short or ""
    numbers = tuple(range(1, len(quotes) + 1))
    claims = (Claim(written, numbers, Support.QUOTED),) if written else ()
    outcome = Outcome.ANSWERED if quotes else Outcome.UNVERIFIED if claims else Outcome.NOT_FOUND
    return Answer(
        question=question,
        standalone_question=question,
        outcome=outcome,
        short=short,
        claims=claims,
        citations=tuple(cite(quote, number) for number, quote in zip(numbers, quotes, strict=True)),
        confidence=None,
        hits=tuple(hit(quote, 1 / rank) for rank, quote in enumerate(hits, start=1)),
        timings=Timings(1.0, 2.0, 3.0 if claims else None, milliseconds),
        models=MODELS,
    )


System = Callable[[str, tuple[str, ...]], Answer]


def known(question: str) -> Example:
    """The example with this question."""
    return next(example for example in EXAMPLES if example.question == question)


def always(given: Answer) -> System:
    """Gives one and the same answer."""

    def ask(question: str, history: tuple[str, ...]) -> Answer:
        return given

    return ask


def perfect(question: str, history: tuple[str, ...]) -> Answer:
    """Gives the accepted answer and cites its evidence, refuses where there is none."""
    example = known(question)
    if not example.answerable:
        return answer(question)
    quote = place_of(example.evidence[0])
    return answer(question, example.answers[0], quote.text, [quote], [quote])


def always_refuses(question: str, history: tuple[str, ...]) -> Answer:
    """Never finds anything."""
    return answer(question)


def always_answers(question: str, history: tuple[str, ...]) -> Answer:
    """Is right where there is an answer, and answers where there is none too."""
    if known(question).answerable:
        return perfect(question, history)
    quote = place_of("The mill at Osk ground rye for six villages.")
    return answer(question, "six villages", quote.text, [quote], [quote])


def cites_at_random(question: str, history: tuple[str, ...]) -> Answer:
    """Gives the right words, verbatim quotes of it knows not what."""
    example = known(question)
    dice = random.Random(question)
    start = dice.randrange(len(MILL) // 2, len(MILL) - 20)  # behind every evidence sentence of the mill
    quote = Quote("mill", Span(start, start + 20), MILL[start : start + 20])
    return answer(question, example.answers[0] if example.answers else "1840", quotes=[quote])


def invents_quotes(question: str, history: tuple[str, ...]) -> Answer:
    """Gives the right words at the right place, but the words quoted there are made up."""
    good = perfect(question, history)
    quotes = [Quote(c.quote.document_id, c.quote.span, "As everyone knows.") for c in good.citations]
    return answer(question, good.short, quotes=quotes)


def dumps_everything(question: str, history: tuple[str, ...]) -> Answer:
    """Says and cites all the documents, whatever the question."""
    return answer(question, None, " ".join(TEXTS.values()), [place_of(text) for text in TEXTS.values()])
