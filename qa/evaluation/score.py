"""Turns one answer and what is known of its question into a Score; keeps no text and adds nothing up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Len

from qa.evaluation.evidence import Evidence
from qa.evaluation.measures import (
    RECALL_DEPTHS,
    WORDS_SUPPORT,
    Supports,
    citation_quality,
    evidence_overlap,
    evidence_recall,
    exact_match,
    f1,
    is_exact,
    ndcg,
    occurs,
    place_of_hit,
    place_of_quote,
    reciprocal_rank,
    touches_evidence,
)
from qa.types import Answer, Example, Outcome, Timings

NDCG_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Score:
    """How one question went. None: the measure does not apply to it, or was not taken.

    short_hit, text_hit: an accepted answer stands in the short answer, in the claims. right: it stands in
    one of them, and an exact citation overlaps evidence. exact_match, f1: SQuAD, on the short answer, or on
    the claims when there is no short one. recall: evidence recall at each of `RECALL_DEPTHS`. overlap:
    character IoU of cited and evidence spans. exact_citations: how many of the `citations` are verbatim.
    ndcg: of the first ten hits. confidence: as the answer states it. citation_recall, citation_precision: ALCE's.
    supported: how many of the `claims` their citations prove.
    """

    id: str
    kind: str
    answerable: bool
    outcome: Outcome
    short_hit: bool | None
    text_hit: bool | None
    right: bool | None
    exact_match: bool | None
    f1: float | None
    recall: Annotated[tuple[float, ...], Len(len(RECALL_DEPTHS), len(RECALL_DEPTHS))] | None
    reciprocal_rank: float | None
    overlap: float | None
    citations: int
    exact_citations: int
    timings: Timings
    ndcg: float | None = None
    confidence: float | None = None
    citation_recall: float | None = None
    citation_precision: float | None = None
    claims: int | None = None
    supported: int | None = None

    @property
    def hit(self) -> bool | None:
        """Whether an accepted answer was shown; None when it is not known what is accepted."""
        return None if self.text_hit is None else bool(self.text_hit or self.short_hit)

    @property
    def good(self) -> bool | None:
        """Whether what was shown is an accepted answer: never so for a question without one; None when not known."""
        return False if not self.answerable else self.hit

    @property
    def refused(self) -> bool:
        """Whether the answer was "the sources do not say"."""
        return self.outcome is Outcome.NOT_FOUND

    @property
    def certainty(self) -> float:
        """The stated confidence; without one, 0 for a refusal and 1 for any other answer."""
        return float(not self.refused) if self.confidence is None else self.confidence


def score_answer(
    example: Example,
    answer: Answer,
    evidence: Evidence,
    texts: Mapping[str, str],
    supports: Supports = WORDS_SUPPORT.supports,
) -> Score:
    """How one answer did; evidence: the places of the example's evidence; texts: document id -> text."""
    graded = example.answerable and bool(example.answers)
    proved = example.answerable and bool(evidence)
    written = " ".join(claim.text for claim in answer.claims)  # without marks: "[1]" is no answer to "how many"
    short_hit = any(occurs(accepted, answer.short or "") for accepted in example.answers)
    text_hit = any(occurs(accepted, written) for accepted in example.answers)
    prediction = answer.short or written
    retrieved = [place_of_hit(hit) for hit in answer.hits]
    exact = [citation for citation in answer.citations if is_exact(citation, texts)]
    cites_evidence = any(touches_evidence(citation, evidence) for citation in exact)
    cited = [place_of_quote(citation.quote) for citation in answer.citations]
    quality = citation_quality(answer, texts, supports)
    return Score(
        id=example.id,
        kind=example.kind,
        answerable=example.answerable,
        outcome=answer.outcome,
        short_hit=short_hit if graded else None,
        text_hit=text_hit if graded else None,
        right=(short_hit or text_hit) and cites_evidence if graded and proved else None,
        exact_match=exact_match(prediction, example.answers) if graded else None,
        f1=f1(prediction, example.answers) if graded else None,
        recall=tuple(evidence_recall(retrieved, evidence, k) for k in RECALL_DEPTHS) if proved else None,
        reciprocal_rank=reciprocal_rank(retrieved, evidence) if proved else None,
        overlap=evidence_overlap(cited, evidence) if proved else None,
        citations=len(answer.citations),
        exact_citations=len(exact),
        timings=answer.timings,
        ndcg=ndcg(retrieved, evidence, NDCG_DEPTH) if proved else None,
        confidence=answer.confidence,
        citation_recall=None if quality is None else quality.recall,
        citation_precision=None if quality is None else quality.precision,
        claims=0 if quality is None else quality.claims,
        supported=0 if quality is None else quality.supported,
    )
