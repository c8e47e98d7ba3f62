"""A "who said …?" question and the documents' statements become findings; knows nothing of how statements are read."""

import re
from collections.abc import Sequence

from qa.types import Embedder, Finding, Passage, Span, Statement
from qa.wording import missing_names, stems, words

# The least mean of cosine and shared words at which a statement is what was asked for: see benchmarks/LOG.md.
THRESHOLD = 0.5

_SAYING = (
    r"(said|say|says|saying|told|tells?|wrote|writes?|written|tweet\w*|post(?:ed|s)|claim\w*|stat(?:ed?|es)|announc\w*|"
    r"add(?:ed|s)|argu\w*|insist\w*|warn\w*|suggest\w*|believ\w*|thought|thinks?|call(?:ed|s)( for| on)?|urg\w*|"
    r"promis\w*|prais\w*|commend\w*|complain\w*|den(?:y|ied|ies)|hint\w*|declar\w*|quot\w*|utter\w*|assert\w*|"
    r"demand\w*|recommend\w*|advis\w*|propos\w*|remark\w*|comment\w*)"
)
_ASKS_SPEAKER = re.compile(
    rf"\b(who|which (?!of)(?:\w+ ){{1,3}}?)\b[^?,;]{{0,30}}?\b{_SAYING}\b"
    rf"|\bby whom\b[^?]{{0,30}}\b{_SAYING}\b"
    rf"|\b(whose|which \w+'s) (words?|tweets?|quote|statement|claim|opinion|view|remark|comment|announcement|demand)\b"
    rf"|\bwho(se words| is quoted| was quoted| made the (claim|statement|remark|comment))"
    rf"|^according to whom\b",
    re.IGNORECASE,
)


def asks_for_speaker(question: str) -> bool:
    """Whether the answer to `question` is the name of someone who said something."""
    return _ASKS_SPEAKER.search(question) is not None


def speaker_findings(
    question: str, passages: Sequence[Passage], statements: Sequence[Statement], embedder: Embedder
) -> tuple[Finding, ...]:
    """Findings whose span is the speaker's name, best first.

    statements: those of the passages' documents; only a statement that lies in one of `passages` counts, and only if
    every proper name of the question stands in the passage. evidence: the words, then the places that name the speaker.
    probability: the mean of the cosine between question and words and the share of the question's words
    that the statement holds; `THRESHOLD` and above means that this is the statement asked for.
    """
    placed = [
        (statement, passage)
        for statement in statements
        if (passage := _holding(statement, passages)) is not None and not missing_names(question, passage.text)
    ]
    if not placed:
        return ()
    core = _asked_words(question)
    vectors = embedder.embed([core, *(_told(statement, passage) for statement, passage in placed)])
    asked = set(stems(core))
    found = []
    for (statement, passage), cosine in zip(placed, vectors[1:] @ vectors[0], strict=True):
        told = set(stems(_told(statement, passage)))
        covered = len(asked & told) / max(1, len(asked))
        score = min(1.0, max(0.0, (float(cosine) + covered) / 2))
        found.append(_finding(statement, passage, score))
    return tuple(sorted(found, key=lambda finding: -finding.probability))


def _asked_words(question: str) -> str:
    """The question without "who said that" before what was said."""
    opening = re.match(
        rf"^\W*(?:and |but )?(?:who|by whom|whose \w+|according to whom)\b[^,;:]{{0,30}}?\b{_SAYING}\b(?:\s+that)?",
        question,
        re.IGNORECASE,
    )
    rest = question[opening.end() :] if opening else question
    return rest.strip(" ?:") if len(words(rest)) >= 2 else question


def _holding(statement: Statement, passages: Sequence[Passage]) -> Passage | None:
    for passage in passages:
        if passage.document_id == statement.quote.document_id and passage.span.contains(statement.quote.span):
            return passage
    return None


def _told(statement: Statement, passage: Passage) -> str:
    """The words with the line that introduces them, as far as the passage holds it."""
    named, said = statement.speaker_quote.span, statement.quote.span
    if passage.span.contains(named) and abs(named.start - said.start) < 300:  # a longer way is another sentence's name
        start, end = min(named.start, said.start), max(named.end, said.end)
        return Span(start - passage.span.start, end - passage.span.start).within(passage.text)
    return statement.words


def _finding(statement: Statement, passage: Passage, score: float) -> Finding:
    evidence = tuple(dict.fromkeys((statement.quote.span, statement.speaker_quote.span, statement.named_at.span)))
    return Finding(passage, statement.named_at.span, statement.named_at.text, score, evidence)
