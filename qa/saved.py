"""Turns what was saved of answers (JSON, JSON Lines, Web Annotations) back into values; judges none of it.

The forms are those of docs/DESIGN.md and of `qa ask --format annotations`; further fields are let by.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError, model_validator

from qa.errors import InputError
from qa.render import document_of, place_of
from qa.types import Answer, Citation, Claim, ModelNames, Outcome, Quote, Span, Support, Timings

SCHEMA = "qa.answer/1"
ANNOTATIONS = ("AnnotationCollection", "AnnotationPage", "Annotation")
HINT = "give what `qa ask --json` or `qa ask --format annotations` printed"
SURROUNDING = 32  # characters of prefix and suffix that are compared, whatever was saved

Count = Annotated[StrictInt, Field(ge=0)]
Number = Annotated[StrictInt, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class Saved:
    """One answer as it was saved. values: its JSON.

    answer: the whole answer; its hits stay behind, since the saved form has their places without their text.
    None for annotations, which hold an answer's citations alone.
    """

    question: str
    citations: tuple[Citation, ...]
    answer: Answer | None
    values: Mapping[str, Any]


def read_saved(text: str, name: str) -> tuple[Saved, ...]:
    """Every answer in `text`: one, a JSON list of some, JSON Lines, or the Web Annotations of one.

    name: what `text` is called in errors. Raises `InputError`, with the line of JSON Lines.
    """
    return tuple(_saved(value, place) for value, place in _values(text, name))


def _values(text: str, name: str) -> Iterator[tuple[object, str]]:
    """The JSON values in `text`, each with where it stands."""
    if text.strip() in {"", "[]"}:
        raise InputError(f"{name}: holds no answer", HINT)
    try:
        whole = _decoded(text, name)
    except InputError:
        lines = [(line, f"{name}, line {at}") for at, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) == 1 or not lines[0][0].rstrip().endswith("}"):
            raise
        yield from ((_decoded(line, place), place) for line, place in lines)
        return
    if isinstance(whole, list):
        yield from ((value, f"{name}, entry {at}") for at, value in enumerate(whole, 1))
    else:
        yield whole, name


def _decoded(text: str, place: str) -> object:
    try:
        value: object = json.loads(text.removeprefix("\ufeff"))
    except ValueError as error:
        raise InputError(f"{place}: not JSON ({error})", HINT) from error
    except RecursionError as error:
        raise InputError(f"{place}: not a saved answer: nested too deeply", HINT) from error
    return value


def _saved(value: object, place: str) -> Saved:
    if isinstance(value, dict) and value.get("type") in ANNOTATIONS:
        return _annotated(value, place)
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise InputError(f"{place}: not a saved answer: its schema is not {SCHEMA!r}", HINT)
    saved = _checked(SavedAnswer, value, place)
    return Saved(saved.question, tuple(each.citation() for each in saved.citations), saved.answer(), value)


def _annotated(value: dict[str, Any], place: str) -> Saved:
    """Annotations, alone, on a page, or in a collection that holds its one page."""
    page = value.get("first", value)
    items = page.get("items", [page]) if isinstance(page, dict) else None
    if not isinstance(items, list):
        raise InputError(f"{place}: its annotations are not in it", HINT)
    annotations = [_checked(Annotation, each, f"{place}, annotation {at}") for at, each in enumerate(items, 1)]
    citations = tuple(each.citation(number) for number, each in enumerate(annotations, 1))
    return Saved(str(value.get("label", "")), citations, None, value)


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


_AnyForm = TypeVar("_AnyForm", bound=_Form)


def _checked(form: type[_AnyForm], value: object, place: str) -> _AnyForm:
    try:
        return form.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InputError(
            f"{place}: {field + ': ' if field else ''}{first['msg'].removeprefix('Value error, ')}", HINT
        ) from error


class SavedCitation(_Form):
    """A citation in the form of docs/DESIGN.md."""

    number: Number
    document_id: str
    title: str
    source: str
    page: int | None
    start: Count
    end: Count
    quote: str
    prefix: str
    suffix: str
    metadata: dict[str, str] = {}

    @model_validator(mode="after")
    def _places_fit(self) -> Self:
        _check_place(self.start, self.end, self.quote)
        return self

    def citation(self) -> Citation:
        """The value that was saved."""
        quote = Quote(self.document_id, Span(self.start, self.end), self.quote)
        before, after = self.prefix[-SURROUNDING:], self.suffix[:SURROUNDING]
        return Citation(self.number, quote, self.title, self.source, self.page, before, after, self.metadata)


def _check_place(start: int, end: int, quote: str) -> None:
    if not start < end or end - start != len(quote):
        raise ValueError(f"offsets {start}..{end} do not fit a quote of {len(quote)} characters")


class SavedClaim(_Form):
    """A claim in the form of docs/DESIGN.md."""

    text: str
    citations: tuple[Number, ...]
    support: Support


class SavedHit(_Form):
    """A hit in the form of docs/DESIGN.md: where a passage stands, without its text."""

    passage_id: str
    document_id: str
    start: Count
    end: Count
    score: float


class SavedTimings(_Form):
    """Milliseconds from the question to each stage's end."""

    retrieve: float
    read: float
    first_sentence: float | None
    total: float


class SavedModels(_Form):
    """Which models made an answer."""

    embedder: str
    reader: str
    language_model: str


class SavedAnswer(_Form):
    """An answer in the form of docs/DESIGN.md, schema qa.answer/1."""

    schema_: Annotated[Literal["qa.answer/1"], Field(alias="schema")]
    question: str
    standalone_question: str
    outcome: Outcome
    short: str | None
    text: str
    confidence: float | None
    claims: tuple[SavedClaim, ...]
    citations: tuple[SavedCitation, ...]
    hits: tuple[SavedHit, ...]
    timings_ms: SavedTimings
    models: SavedModels

    @model_validator(mode="after")
    def _marks_agree(self) -> Self:
        numbers = [citation.number for citation in self.citations]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"the citations are numbered {numbers}, not 1 to {len(numbers)}")
        for number in sorted({number for claim in self.claims for number in claim.citations} - set(numbers)):
            raise ValueError(f"a claim rests on citation {number}, which is not there")
        return self

    def answer(self) -> Answer:
        """The value that was saved, without its hits."""
        return Answer(
            question=self.question,
            standalone_question=self.standalone_question,
            outcome=self.outcome,
            short=self.short,
            claims=tuple(Claim(each.text, each.citations, each.support) for each in self.claims),
            citations=tuple(each.citation() for each in self.citations),
            confidence=self.confidence,
            hits=(),
            timings=Timings(**self.timings_ms.model_dump()),
            models=ModelNames(**self.models.model_dump()),
            notice="" if self.claims else self.text,
        )


class Selector(_Form):
    """One way to find the annotated words: by TextQuoteSelector, TextPositionSelector, or another that is let by."""

    type: str
    exact: str | None = None
    prefix: str = ""
    suffix: str = ""
    start: Count | None = None
    end: Count | None = None


class Resource(_Form):
    """The document that is annotated: its address, its content's hash, and its title."""

    id: str
    canonical: str
    label: str = ""


class Target(_Form):
    """Annotated words in their document."""

    source: Resource
    selector: tuple[Selector, ...]

    @model_validator(mode="after")
    def _words_have_a_place(self) -> Self:
        _check_place(self.span.start, self.span.end, self.words.exact or "")
        return self

    @property
    def words(self) -> Selector:
        """https://www.w3.org/TR/annotation-model/#text-quote-selector; raises `ValueError` where there is none."""
        return self._selector("TextQuoteSelector", lambda each: each.exact is not None)

    @property
    def span(self) -> Span:
        """https://www.w3.org/TR/annotation-model/#text-position-selector; raises `ValueError` where there is none."""
        place = self._selector("TextPositionSelector", lambda each: None not in (each.start, each.end))
        return Span(place.start or 0, place.end or 0)

    def _selector(self, kind: str, whole: Callable[[Selector], bool]) -> Selector:
        for each in self.selector:
            if each.type == kind and whole(each):
                return each
        raise ValueError(f"it has no {kind}")


class Annotation(_Form):
    """https://www.w3.org/TR/annotation-model/#annotations, as `qa.render` makes them."""

    type: Literal["Annotation"]
    target: Target

    def citation(self, number: int) -> Citation:
        """The citation that was annotated; its title is the source where that has no label."""
        source, words = self.target.source, self.target.words
        place, document_id = place_of(source.id), document_of(source.canonical)
        quote = Quote(document_id, self.target.span, words.exact or "")
        before, after = words.prefix[-SURROUNDING:], words.suffix[:SURROUNDING]
        return Citation(number, quote, source.label or place, place, None, before, after)
