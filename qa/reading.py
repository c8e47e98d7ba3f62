"""A question and passages become findings, and a score for "not here"; knows nothing of how passages were found."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.models import Calibration, TokenScores
from qa.passages import sentences_of
from qa.types import Embedder, Finding, Passage, Reading, Span
from qa.wording import stems, words

SPANS_PER_PASSAGE = 3
_GAP = re.compile(r"\n\s*\n")
WORDS_WEIGHT = 0.5  # of the stop-gap's score; the rest is the embedder's


class Scorer(Protocol):
    """What `SpanReader` needs of trained weights; `qa.models.ReaderWeights` is one."""

    name: str
    threshold: float
    max_answer_tokens: int
    calibration: Calibration

    def score(self, question: str, texts: Sequence[str]) -> list[TokenScores]:
        """Scores of every token of each text."""
        ...


@dataclass(frozen=True, slots=True)
class SpanReader:
    """The trained reader: exact spans with a calibrated probability.

    probability = sigmoid(scale · (m + a) + bias), where m is the span's score above the null span's and a the whole
    passage's logit; training/calibrate.py fits it over retrieved passages (Platt 1999, "Probabilistic Outputs for
    Support Vector Machines").
    """

    weights: Scorer

    @property
    def name(self) -> str:
        """The weights' name."""
        return self.weights.name

    @property
    def threshold(self) -> float:
        """The threshold chosen on the calibration set, as the weights' own file gives it."""
        return self.weights.threshold

    @property
    def calibrated(self) -> bool:
        """Its probabilities were fitted to a calibration set."""
        return True

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Findings, best first, the same words once; one null score a passage."""
        if not passages:
            return Reading((), ())
        scores = self.weights.score(question, [passage.text for passage in passages])
        found: list[Finding] = []
        null_scores = []
        for passage, tokens in zip(passages, scores, strict=True):
            here = [*self._findings(passage, tokens)]
            null_scores.append(1 - max((finding.probability for finding in here), default=0.0))
            found += here
        return Reading(merged(found), tuple(null_scores))

    def _findings(self, passage: Passage, tokens: TokenScores) -> Iterator[Finding]:
        paragraphs = np.searchsorted([gap.start() for gap in _GAP.finditer(passage.text)], tokens.offsets[:, 0])
        for start, end, margin in _best_spans(tokens, paragraphs, self.weights.max_answer_tokens):
            local = natural_ends(passage.text, Span(int(tokens.offsets[start][0]), int(tokens.offsets[end][1])))
            if local is None:
                continue
            place = local.moved(passage.span.start)
            evidence = evidence_sentences(passage, place)
            yield Finding(
                passage, place, local.within(passage.text), self._probability(margin, tokens.answerable), evidence
            )

    def _probability(self, margin: float, answerable: float) -> float:
        logit = self.weights.calibration.scale * (margin + answerable) + self.weights.calibration.bias
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


@dataclass(frozen=True, slots=True)
class SentenceReader:
    """The stop-gap for a machine without trained weights: the sentence nearest to the question.

    Its score is the mean of the cosine between question and sentence and the share of the question's words
    that the sentence (with its passage's heading) holds: no probability, so it is never shown as confidence.
    """

    embedder: Embedder
    name: str = "sentence"
    threshold: float = 0.45
    calibrated: bool = False

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """One finding a sentence, best first; one null score a passage."""
        places = [(passage, span) for passage in passages for span in sentences_of(passage)]
        if not places:
            return Reading((), tuple(1.0 for _ in passages))
        vectors = self.embedder.embed([question, *(passage.at(span) for passage, span in places)])
        cosines = vectors[1:] @ vectors[0]
        asked = set(stems(question))
        found = []
        for (passage, span), cosine in zip(places, cosines, strict=True):
            text = passage.at(span)
            covered = len(asked & set(stems(text))) / max(1, len(asked))
            score = (1 - WORDS_WEIGHT) * float(cosine) + WORDS_WEIGHT * covered
            found.append(Finding(passage, span, text, min(1.0, max(0.0, score)), (span,)))
        best = {passage.id: 0.0 for passage in passages}
        for finding in found:
            best[finding.passage.id] = max(best[finding.passage.id], finding.probability)
        return Reading(merged(found), tuple(1 - best[passage.id] for passage in passages))


def merged(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings by falling probability; the same words in several places are one finding with all their evidence."""
    by_words: dict[tuple[str, tuple[str, ...]], Finding] = {}
    for finding in sorted(findings, key=lambda each: -each.probability):
        key = (finding.passage.document_id, tuple(words(finding.text)))
        first = by_words.get(key)
        if first is None:
            by_words[key] = finding
        else:
            evidence = tuple(dict.fromkeys((*first.evidence, *finding.evidence)))
            by_words[key] = replace(first, evidence=evidence)
    return tuple(by_words.values())


def natural_ends(text: str, span: Span) -> Span | None:
    """`span` of `text` grown to whole words, then freed of stray punctuation, markup and unpaired quotation marks.

    None when nothing is left.
    """
    start, end = _unmarked(text, span)
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end and (
        text[start].isspace() or text[start] in ",.;:!?)]}-–—#*>|" or _unpaired(text, start, end, start)
    ):
        start += 1
    while end > start and (
        text[end - 1].isspace()
        or text[end - 1] in ",;:([{-–—#*|"
        or _stop(text, start, end)
        or _unpaired(text, start, end, end - 1)
    ):
        end -= 1
    return Span(start, end) if start < end else None


def _unmarked(text: str, span: Span) -> tuple[int, int]:
    """The longest part of `span` that no Markdown emphasis or code begins or ends in the middle of."""
    start, end = span.start, span.end
    for mark in ("**", "`"):
        if text.count(mark, start, end) % 2:
            parts = re.finditer(rf"(?:(?!{re.escape(mark)}).)+", text[start:end], re.DOTALL)
            longest = max(parts, key=lambda part: len(part[0]), default=None)
            if longest:
                start, end = start + longest.start(), start + longest.end()
    return start, end


def evidence_sentences(passage: Passage, span: Span) -> tuple[Span, ...]:
    """The sentences of `passage` that `span` (document offsets) touches, joined to one span of the document."""
    touched = [place for place in sentences_of(passage) if place.overlaps(span)]
    if not touched:
        return (span,)
    return (Span(min(place.start for place in touched), max(place.end for place in touched)),)


def _best_spans(tokens: TokenScores, paragraphs: NDArray[np.int64], longest: int) -> list[tuple[int, int, float]]:
    """Up to SPANS_PER_PASSAGE spans that do not overlap, as (first token, last token, score above the null span).

    paragraphs: (t,) the paragraph of each token; no answer begins in one and ends in the next.
    """
    count = len(tokens.start)
    if count == 0:
        return []
    total = tokens.start[:, None] + tokens.end[None, :]
    places = np.arange(count)
    length = places[None, :] - places[:, None]
    within = paragraphs[:, None] == paragraphs[None, :]
    total = np.where((length >= 0) & (length < longest) & within, total, -np.inf)
    chosen: list[tuple[int, int, float]] = []
    null = tokens.null_start + tokens.null_end
    for flat in np.argsort(total, axis=None)[::-1]:
        start, end = divmod(int(flat), count)
        if len(chosen) == SPANS_PER_PASSAGE or not math.isfinite(total[start, end]):
            break
        if all(end < first or last < start for first, last, _ in chosen):
            chosen.append((start, end, float(total[start, end] - null)))
    return chosen


def _stop(text: str, start: int, end: int) -> bool:
    """Whether the last character is a sentence's end, not an abbreviation's ("U.S.") or a quotation's."""
    last = text[end - 1]
    if last in "!?":
        return '"' not in text[start:end] and "“" not in text[start:end]
    return last == "." and "." not in text[start : end - 1]


def _unpaired(text: str, start: int, end: int, place: int) -> bool:
    """Whether the character at `place` is a quotation mark or bracket whose partner is not in the span."""
    pairs = {"“": "”", "”": "“", "‘": "’", "(": ")", ")": "(", "[": "]", "]": "["}
    character = text[place]
    inside = text[start:end]
    if character in "\"'`":
        return inside.count(character) % 2 == 1
    if character == "’":
        return "‘" not in inside
    return character in pairs and pairs[character] not in inside
