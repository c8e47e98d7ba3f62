"""Measures what was retrieved and cited against the places of evidence; knows no words and no answers."""

import math
from collections.abc import Iterable, Sequence

from qa.evaluation.evidence import Evidence, Place
from qa.types import Hit, Quote

RECALL_DEPTHS = (1, 3, 5, 10)


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
    return sum(any(touches(hit, places) for hit in retrieved[:depth]) for places in evidence) / len(evidence)


def reciprocal_rank(retrieved: Sequence[Place], evidence: Evidence) -> float:
    """1 / rank of the first hit that overlaps evidence, 0 when none does. Its mean over questions is MRR.

    Source: Voorhees 1999, The TREC-8 Question Answering Track Report.
    """
    ranks = (rank for rank, hit in enumerate(retrieved, start=1) if any(touches(hit, places) for places in evidence))
    return 1 / next(ranks, math.inf)


def ndcg(retrieved: Sequence[Place], evidence: Evidence, depth: int) -> float:
    """Normalised discounted cumulative gain of the first `depth` hits, 0..1; evidence not empty.

    The gain of a hit is how many evidence strings it is the first to overlap, so none counts twice; discount
    1 / log2(rank + 1); ideal is one evidence string a hit, from the top. A hit that holds two strings at once may do
    better than that, and is cut to 1. Where each holds one at most, this is nDCG with binary relevance.
    Source: Järvelin & Kekäläinen 2002, Cumulated gain-based evaluation of IR techniques.
    """
    missing = list(evidence)
    gained = 0.0
    for rank, hit in enumerate(retrieved[:depth], start=1):
        left = [places for places in missing if not touches(hit, places)]
        gained += (len(missing) - len(left)) / math.log2(rank + 1)
        missing = left
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(depth, len(evidence)) + 1))
    return min(1.0, gained / ideal)


def touches(place: Place, others: Iterable[Place]) -> bool:
    """Whether the place shares a character with one of the others."""
    return any(place.overlaps(other) for other in others)


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
