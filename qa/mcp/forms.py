"""What the tools take and give beside an answer, whose form is `qa.saved.SavedAnswer`; computes nothing.

Offsets are half-open character offsets into the text of one document.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

MOST_CHARACTERS = 20_000  # of a document in one reply
MOST_QUOTES = 50  # checked by one call
LONGEST_QUOTE = 5_000  # characters

Offset: TypeAlias = Annotated[int, Field(ge=0)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FoundPassage(_Form):
    """A passage that suits a question. score: higher is better, comparable within one list only."""

    passage_id: str
    document_id: str
    title: str
    source: str
    page: int | None
    heading: str
    start: Offset
    end: Offset
    text: str
    score: float
    found_by: Literal["dense", "words", "both"]
    metadata: dict[str, str]


class FoundPassages(_Form):
    """The best passages, the best one first."""

    passages: list[FoundPassage]


class ReadPassage(_Form):
    """Characters of a document. before, after: those around them; characters: how many the document has."""

    document_id: str
    title: str
    source: str
    page: int | None
    start: Offset
    end: Offset
    text: str
    before: str
    after: str
    characters: int
    metadata: dict[str, str]


class SaidStatement(_Form):
    """Who said what. words: the quote without its quotation marks; reported: not a direct quotation."""

    speaker: str
    cue: str
    words: str
    reported: bool
    document_id: str
    start: Offset
    end: Offset
    quote: str
    speaker_quote: str
    named_at: str


class SaidStatements(_Form):
    """Statements in the order of the documents. total: how many there are, of which at most `limit` are given."""

    statements: list[SaidStatement]
    total: int


class QuoteToCheck(_Form):
    """A quote as a citation gives it; all but the quote itself may be left out."""

    quote: Annotated[str, Field(min_length=1, max_length=LONGEST_QUOTE)]
    document_id: str = ""
    start: Offset | None = None
    prefix: Annotated[str, Field(max_length=LONGEST_QUOTE)] = ""
    suffix: Annotated[str, Field(max_length=LONGEST_QUOTE)] = ""


class QuoteVerdict(_Form):
    """What became of a quote.

    state: verified (the same characters where they are said to stand), moved (the same words elsewhere, or set
    otherwise), changed (similar words) or missing. stands: verified or moved. document_id, start, end, text: where
    its words, or the nearest ones, stand now.
    """

    quote: str
    state: Literal["verified", "moved", "changed", "missing"]
    stands: bool
    document_id: str | None
    start: Offset | None
    end: Offset | None
    text: str
    similarity: float
    note: str


class QuoteVerdicts(_Form):
    """One verdict for each quote, in order."""

    verdicts: list[QuoteVerdict]
    all_stand: bool
