"""Drafts questions from documents, each with its answer and evidence, for a person to edit; answers none of them.

A draft keeps the words of its evidence, so that any search finds it: reword it, and write questions that the documents
do not answer, before figures mean something.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qa.frontmatter import front_matter
from qa.names import names
from qa.sentences import sentences
from qa.statements import statements
from qa.types import Document, Example, Span, Statement
from qa.wording import names as names_of

FEWEST_WORDS = 5  # of a sentence or statement that tells enough to be asked about
MOST_WORDS = 60
GAP = "_____"

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_YEAR = r"(?:1[0-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}}\b(?!,\d))(?:,? {_YEAR})?\b|\b{_MONTH} {_YEAR}\b"
    rf"|\b{_YEAR}-\d\d-\d\d\b|(?<=\b[Ii]n ){_YEAR}\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
_NUMBER = re.compile(
    r"(?<![\w.,/:-])[$£€]?\d+(?:,\d{3})*(?:\.\d+)?"
    r"(?: (?:hundred|thousand|million|billion|trillion|per cent|percent)|%)?(?![\w/:]|[.,]\d)"
)
_PREDICATE = re.compile(r" (?=[a-z])(?!(?:and|or|of|in|at|on|to|for|from|with|by|who|which|that|as|himself|herself)\b)")


def draft_questions(documents: Sequence[Document], most: int) -> tuple[Example, ...]:
    """Questions about each document in its order, at most `most` of a kind a document, taken evenly from all of it.

    kinds: "speaker" and "said" of its statements, "who" of a person who does something, "when" and "how_many" with a
    gap where a date or a number stands.
    """
    drafted = (draft for document in documents for draft in _drafts(document, most))
    return tuple(replace(draft, id=f"draft-{number:04}") for number, draft in enumerate(drafted, start=1))


def _drafts(document: Document, most: int) -> Iterator[Example]:
    _, begin = front_matter(document.text)
    places = sentences(document.text, Span(begin, len(document.text))) if document.text[begin:].strip() else []
    told = [span for span in places if FEWEST_WORDS <= len(span.within(document.text).split()) <= MOST_WORDS]
    made = [*_of_statements(document, places), *_of_persons(document, told), *_of_gaps(document.text, told)]
    for kind in dict.fromkeys(draft.kind for draft in made):
        yield from _evenly([draft for draft in made if draft.kind == kind], most)


def _of_statements(document: Document, places: Sequence[Span]) -> Iterator[Example]:
    """Who said each, and what each speaker said: any of the statements answers that."""
    told: dict[str, list[Statement]] = defaultdict(list)
    for each in statements(document):
        if not each.reported and len(each.words.split()) >= FEWEST_WORDS:
            told[each.speaker].append(each)
    for speaker, those in told.items():
        named = those[0].named_at.span
        for each in those:
            said = _flat(each.words.rstrip(" ,."))
            yield _draft(
                "speaker", f"Who said “{said}”?", [speaker], _proof((each.quote.span, named), places, document)
            )
        answers = [each.words.rstrip(" ,") for each in those]
        asked = speaker if names_of(speaker) else speaker[:1].lower() + speaker[1:]
        evidence = _proof([*(each.quote.span for each in those), named], places, document)
        yield _draft("said", f"What did {asked} say?", answers, evidence)


def _of_persons(document: Document, told: Sequence[Span]) -> Iterator[Example]:
    """Who kept the book: asked of a sentence that begins with a person, as in "Ilse Brandt kept the book."."""
    known = names(document)
    for span in told:
        sentence = span.within(document.text)
        opening = next((name for name in known.within(span.start, span.end) if name.head == span.start), None)
        if opening is None or not known.is_person(opening) or opening.possessive:
            continue
        rest = sentence[opening.span.end - span.start :]
        if _PREDICATE.match(rest) and not re.search(r"[\"“”!?]", rest):
            yield _draft("who", f"Who {_flat(rest.rstrip(' .'))}?", [opening.text], [sentence])


def _of_gaps(text: str, told: Sequence[Span]) -> Iterator[Example]:
    for span in told:
        sentence = span.within(text)
        dates = list(_DATE.finditer(sentence))
        dated = _DATE.sub(lambda match: "\0" * len(match.group()), sentence)
        for kind, found in (("when", dates), ("how_many", list(_NUMBER.finditer(dated)))):
            if len(found) == 1:  # with two gaps in view either could be meant
                start, end = found[0].span()
                gapped = _flat(f"{sentence[:start]}{GAP}{sentence[end:]}")
                yield _draft(kind, f"What belongs in the gap: “{gapped}”", [sentence[start:end]], [sentence])


def _draft(kind: str, question: str, answers: Sequence[str], evidence: Sequence[str]) -> Example:
    return Example("", question, (), tuple(dict.fromkeys(map(_flat, answers))), tuple(evidence), True, kind)


def _proof(spans: Iterable[Span], places: Sequence[Span], document: Document) -> list[str]:
    """The sentences that the spans touch, as they stand, each once."""
    return list(dict.fromkeys(_around(span, places).within(document.text) for span in spans))


def _around(span: Span, places: Sequence[Span]) -> Span:
    touched = [place for place in places if place.overlaps(span)] or [span]
    return Span(min(span.start, touched[0].start), max(span.end, touched[-1].end))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _evenly(drafts: Sequence[Example], most: int) -> list[Example]:
    step = max(1.0, len(drafts) / most)
    return [drafts[int(place * step)] for place in range(min(most, len(drafts)))]
