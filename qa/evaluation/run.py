"""Asks every question of a set and scores the answers; knows nothing of how they are made."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from qa.evaluation.evidence import locate_evidence
from qa.evaluation.measures import WORDS_SUPPORT, SupportMeasure
from qa.evaluation.report import About, Report
from qa.evaluation.score import Score, score_answer
from qa.types import Answer, Example

Ask: TypeAlias = Callable[[str, tuple[str, ...]], Answer]
"""A question and the earlier questions of its conversation, oldest first -> the answer."""


def evaluate(
    examples: Sequence[Example],
    ask: Ask,
    texts: Mapping[str, str],
    on_example: Callable[[Example, Answer], None] | None = None,
    *,
    allow_missing_evidence: bool = False,
    support: SupportMeasure = WORDS_SUPPORT,
) -> Report:
    """The report of asking every example, in order.

    ask: answers one question, such as `Assistant.converse`; it answers the earlier ones first if it needs to.
    texts: document id -> its text, for all documents in which evidence is looked for. on_example: called after each
    question, for progress. support: by what a cited text is said to prove a sentence.

    Raises `BadQuestionFile`, before anything is asked, for evidence that is in no document, unless
    `allow_missing_evidence`: then it is left out, and what is left of the question is measured.
    """
    evidence = locate_evidence(examples, texts, allow_missing_evidence)
    scores: list[Score] = []
    models = None
    for example in examples:
        answer = ask(example.question, example.history)
        models = models or answer.models
        scores.append(score_answer(example, answer, evidence[example.id], texts, support.supports))
        if on_example:
            on_example(example, answer)
    return Report(tuple(scores), models, About(support=support.name))
