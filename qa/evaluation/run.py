"""Asks every question of a set and scores the answers; knows nothing of how they are made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from qa.evaluation.evidence import Evidence, locate_evidence
from qa.evaluation.measures import (
    RECALL_DEPTHS,
    evidence_overlap,
    evidence_recall,
    exact_match,
    f1,
    is_exact,
    occurs,
    place_of_hit,
    place_of_quote,
    reciprocal_rank,
    touches_evidence,
)
from qa.evaluation.report import Report, Score
from qa.types import Answer, Example

Ask: TypeAlias = Callable[[str, tuple[str, ...]], Answer]
"""A question and the earlier questions of its conversation, oldest first -> the answer."""


def evaluate(
    examples: Sequence[Example],
    ask: Ask,
    document_text: Callable[[str], str],
    on_example: Callable[[Example, Answer], None] | None = None,
    *,
    document_ids: Iterable[str],
    allow_missing_evidence: bool = False,
) -> Report:
    """The report of asking every example, in order.

    ask: answers one question, such as `Assistant.converse`; it answers the earlier ones first if it needs to.
    document_text: document id -> its text. document_ids: the documents in which evidence is looked for, as a
    rule all of the library. on_example: called after each question, for progress.

    Raises `BadQuestionFile`, before anything is asked, for evidence that is in no document, unless
    `allow_missing_evidence`: then it is left out, and what is left of the question is measured.
    """
    texts = {document_id: document_text(document_id) for document_id in document_ids}
    evidence = locate_evidence(examples, texts, allow_missing_evidence)
    scores: list[Score] = []
    models = None
    for example in examples:
        answer = ask(example.question, example.history)
        models = models or answer.models
        scores.append(score_answer(example, answer, evidence[example.id], texts))
        if on_example:
            on_example(example, answer)
    return Report(tuple(scores), models)


def score_answer(example: Example, answer: Answer, evidence: Evidence, texts: Mapping[str, str]) -> Score:
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
    )
