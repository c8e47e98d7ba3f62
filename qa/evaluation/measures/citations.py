"""Measures citations: whether they are verbatim and whether they prove what they stand behind; runs no model itself."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qa.evaluation.evidence import Evidence
from qa.evaluation.measures.places import place_of_quote, touches
from qa.types import Answer, Citation, Claim
from qa.wording import denies, names, numbers, stems, words

Supports = Callable[[str, str], bool]
"""(what is cited, a sentence) -> whether the first proves the second; what is cited may be several quotes in a row."""

_PARTED = re.compile(r"[-'’/]")  # "Alsace-Lorraine" holds the name "Alsace"
COVERAGE = 0.8  # least share of a sentence's meaning words that the quotes must hold


@dataclass(frozen=True, slots=True)
class SupportMeasure:
    """A deterministic check of support, with the name under which a report states it."""

    name: str
    supports: Supports


@dataclass(frozen=True, slots=True)
class CitationQuality:
    """ALCE's figures for one answer. recall: mean over claims; precision: mean over citations; each 0..1.

    supported: how many of the `claims` their citations prove.
    """

    recall: float
    precision: float
    supported: int
    claims: int


def is_exact(citation: Citation, texts: Mapping[str, str]) -> bool:
    """Whether `document.text[start:end] == quote`; texts: document id -> text.

    Not so when there is no such document, or when the span reaches beyond its end.
    """
    quote = citation.quote
    text = texts.get(quote.document_id, "")
    return quote.span.end <= len(text) and quote.span.within(text) == quote.text


def touches_evidence(citation: Citation, evidence: Evidence) -> bool:
    """Whether the cited span shares a character with evidence."""
    return any(touches(place_of_quote(citation.quote), places) for places in evidence)


def words_support(cited: str, sentence: str) -> bool:
    """Whether `cited` holds the numbers, names and 80 % of the meaning words of `sentence`, and denies what it denies.

    Deterministic and blind to meaning: a rewording in other words fails, a sentence that turns the same words around
    passes. Numbers and names as in `qa.wording`; meaning words as stems.
    """
    known = {form for word in words(cited) for form in (_undotted(word), *map(_undotted, _PARTED.split(word)))}
    if not numbers(sentence) <= numbers(cited):
        return False
    if any(_undotted(word) not in known for name in names(sentence) for word in words(name)):
        return False
    if denies(sentence) and not denies(cited):
        return False
    meaning = stems(sentence)
    held = set(stems(cited))
    return bool(meaning) and sum(stem in held for stem in meaning) >= COVERAGE * len(meaning)


def _undotted(word: str) -> str:
    """A name may lose the last of its full stops where it is cut out of its sentence: "U.S"."""
    return word.replace(".", "")


WORDS_SUPPORT = SupportMeasure("words", words_support)


def citation_quality(answer: Answer, texts: Mapping[str, str], supports: Supports) -> CitationQuality | None:
    """ALCE's citation recall and precision of one answer (Gao et al. 2023, arXiv:2305.14627, §4), None without claims.

    A claim's recall is 1 when its citations, one after another, support it; 0 when they do not or there are none. A
    citation's precision is 1 when its claim's recall is 1 and it is not irrelevant: irrelevant is one that does not
    support the claim alone while the others do without it. An answer that cites nothing has precision 0. What is cited
    is the document's own text: a citation that is not verbatim (`is_exact`) counts as citing nothing. ALCE's support
    measure is a language model for entailment; `supports` stands in its place, and a report names it.
    """
    if not answer.claims:
        return None
    cited = {each.number: each.quote.text if is_exact(each, texts) else "" for each in answer.citations}
    proved, relevant = [], []
    for claim in answer.claims:
        quotes = [cited.get(number, "") for number in claim.citations]
        recall = _supported(quotes, claim, supports)
        proved.append(recall)
        relevant += [recall and _is_relevant(quotes, place, claim, supports) for place in range(len(quotes))]
    precision = sum(relevant) / len(relevant) if relevant else 0.0
    return CitationQuality(sum(proved) / len(proved), precision, sum(proved), len(proved))


def _is_relevant(quotes: Sequence[str], place: int, claim: Claim, supports: Supports) -> bool:
    others = [quote for index, quote in enumerate(quotes) if index != place]
    return _supported([quotes[place]], claim, supports) or not _supported(others, claim, supports)


def _supported(quotes: Sequence[str], claim: Claim, supports: Supports) -> bool:
    premise = "\n".join(filter(None, quotes))
    return bool(premise) and supports(premise, claim.text)
