"""Turns answers and what is known of them into numbers, one function a formula; knows no models or files."""

import math
import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from qa.evaluation.evidence import Evidence, Place
from qa.types import Citation, Hit, Quote

RECALL_DEPTHS = (1, 3, 5, 10)
TYPOGRAPHY = str.maketrans("“”„«»‘’‚‐‑–—―", '"""""\'\'\'---  ')  # a long dash parts words, a short one joins them
"""Curly quotation marks and dashes -> the ASCII ones, which SQuAD's normal form takes away."""


def normalise(text: str) -> str:
    """Lower case, without ASCII punctuation and the articles a, an, the; words one space apart.

    Source: `normalize_answer` of the SQuAD 1.1 evaluation script (Rajpurkar et al. 2016, arXiv:1606.05250).
    """
    kept = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def occurs(accepted: str, shown: str) -> bool:
    """Whether the normalised accepted answer is a run of whole words of the normalised shown text.

    Unlike SQuAD's, this match sees no typography: “Tuesday.” shows Tuesday.
    An accepted answer of which normalising leaves nothing ("A") must be the whole shown text, case aside.
    Source: the "has answer" match of DrQA (Chen et al. 2017, arXiv:1704.00051), on SQuAD's normal form.
    """
    if words := normalise(accepted.translate(TYPOGRAPHY)):
        return f" {words} " in f" {normalise(shown.translate(TYPOGRAPHY))} "
    return accepted.strip().casefold() == shown.strip().casefold()


def exact_match(prediction: str, answers: Sequence[str]) -> bool:
    """Whether the normalised prediction equals a normalised accepted answer. Source: SQuAD 1.1."""
    return normalise(prediction) in {normalise(answer) for answer in answers}


def f1(prediction: str, answers: Sequence[str]) -> float:
    """Best over the accepted answers of 2PR / (P + R) on bags of normalised words, 0..1. Source: SQuAD 1.1.

    Two texts of which nothing is left agree (1); one such text agrees with nothing (0).
    """
    return max(_word_f1(normalise(prediction).split(), normalise(answer).split()) for answer in answers)


def _word_f1(predicted: list[str], wanted: list[str]) -> float:
    if not predicted or not wanted:
        return float(predicted == wanted)
    # 2PR / (P + R) with P = common / predicted and R = common / wanted
    common = (Counter(predicted) & Counter(wanted)).total()
    return 2 * common / (len(predicted) + len(wanted))


def place_of_hit(hit: Hit) -> Place:
    """Where a retrieved passage stands."""
    return Place(hit.passage.document_id, hit.passage.span)


def place_of_quote(quote: Quote) -> Place:
    """Where a quote says that it stands."""
    return Place(quote.document_id, quote.span)


def evidence_recall(retrieved: Sequence[Place], evidence: Evidence, depth: int) -> float:
    """Share of the evidence strings that one of the first `depth` hits overlaps, 0..1; evidence not empty.

    Source: recall at k (Manning, Raghavan, Schütze 2008, §8.4) with evidence strings as what is relevant.
    """
    return sum(any(_touches(hit, places) for hit in retrieved[:depth]) for places in evidence) / len(evidence)


def reciprocal_rank(retrieved: Sequence[Place], evidence: Evidence) -> float:
    """1 / rank of the first hit that overlaps evidence, 0 when none does. Its mean over questions is MRR.

    Source: Voorhees 1999, The TREC-8 Question Answering Track Report.
    """
    ranks = (rank for rank, hit in enumerate(retrieved, start=1) if any(_touches(hit, places) for places in evidence))
    return 1 / next(ranks, math.inf)


def _touches(place: Place, others: Iterable[Place]) -> bool:
    return any(place.overlaps(other) for other in others)


def is_exact(citation: Citation, texts: Mapping[str, str]) -> bool:
    """Whether `document.text[start:end] == quote`; texts: document id -> text.

    Not so when there is no such document, or when the span reaches beyond its end.
    """
    quote = citation.quote
    text = texts.get(quote.document_id, "")
    return quote.span.end <= len(text) and quote.span.within(text) == quote.text


def touches_evidence(citation: Citation, evidence: Evidence) -> bool:
    """Whether the cited span shares a character with evidence."""
    return any(_touches(place_of_quote(citation.quote), places) for places in evidence)


def evidence_overlap(cited: Sequence[Place], evidence: Evidence) -> float:
    """|C ∩ E| / |C ∪ E| in characters, 0..1: C all cited spans together, E all evidence; evidence not empty.

    An evidence string that stands in several places counts once, where the cited spans cover most of it
    (the first of these places on a tie). Source: Jaccard 1912; as "IOU" of rationales DeYoung et al. 2020
    (ERASER, arXiv:1911.03429).
    """
    gold = [max(places, key=lambda place: _shared(cited, [place])) for places in evidence]
    return _shared(cited, gold) / _covered([*cited, *gold])


def _shared(first: Sequence[Place], second: Sequence[Place]) -> int:
    return _covered(first) + _covered(second) - _covered([*first, *second])


def _covered(places: Iterable[Place]) -> int:
    """How many characters lie in at least one of the places."""
    count, document, reached = 0, "", 0
    for place in sorted(places, key=lambda place: (place.document_id, place.span)):
        if place.document_id != document:
            document, reached = place.document_id, 0
        count += max(0, place.span.end - max(place.span.start, reached))
        reached = max(reached, place.span.end)
    return count


def percentile(values: Sequence[float], percent: float) -> float:
    """The value under which `percent` of the values lie, between neighbours linearly; values not empty.

    Source: Hyndman & Fan 1996, definition 7 (the default of numpy).
    """
    return float(np.percentile(np.asarray(values, dtype=np.float64), percent))


def wilson_interval(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share seen in `count` independent cases, within 0..1; count at least 1.

    Source: Wilson 1927; z = 1.96.
    """
    z = 1.96
    middle = share + z * z / (2 * count)
    width = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - width) / scale), min(1.0, (middle + width) / scale)
