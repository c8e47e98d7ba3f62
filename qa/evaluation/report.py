"""Turns scores of single questions into totals over stated denominators; keeps no document text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from annotated_types import Len
from pydantic import TypeAdapter, ValidationError

from qa.errors import InputError
from qa.evaluation.measures import RECALL_DEPTHS, percentile
from qa.types import ModelNames, Outcome, Timings

SCHEMA = "qa.report/1"


@dataclass(frozen=True, slots=True)
class Score:
    """How one question went. None: the measure does not apply to it.

    short_hit, text_hit: an accepted answer stands in the short answer, in the claims. right: it stands in
    one of them, and an exact citation overlaps evidence. exact_match, f1: SQuAD, on the short answer, or on
    the claims when there is no short one. recall: evidence recall at each of `RECALL_DEPTHS`. overlap:
    character IoU of cited and evidence spans. exact_citations: how many of the `citations` are verbatim.
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

    @property
    def hit(self) -> bool | None:
        """Whether an accepted answer was shown; None when it is not known what is accepted."""
        return None if self.text_hit is None else bool(self.text_hit or self.short_hit)

    @property
    def refused(self) -> bool:
        """Whether the answer was "the sources do not say"."""
        return self.outcome is Outcome.NOT_FOUND


@dataclass(frozen=True, slots=True)
class Total:
    """One measure over many questions. value: None when nothing could be measured. over: how many things."""

    value: float | None
    over: int


Summary: TypeAlias = Callable[[Sequence[Score]], Total]


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of a report. over: what the denominator counts. summarise: scores -> total.

    unit: "share" is a fraction of cases, 0..1; "ratio" a mean of fractions, 0..1; "ms" milliseconds.
    """

    name: str
    label: str
    unit: Literal["share", "ratio", "ms"]
    over: str
    summarise: Summary


@dataclass(frozen=True, slots=True)
class Report:
    """Scores in the order of the questions, and the models that made the answers (None: no questions)."""

    scores: tuple[Score, ...]
    models: ModelNames | None

    @property
    def totals(self) -> dict[str, Total]:
        """Measure name -> total over all questions."""
        return summarise(self.scores)

    @property
    def kinds(self) -> dict[str, tuple[Score, ...]]:
        """Kind of question -> its scores, by name; questions without a kind are left out."""
        names = sorted({score.kind for score in self.scores} - {""})
        return {name: tuple(score for score in self.scores if score.kind == name) for name in names}

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """How many questions had each outcome."""
        return {outcome: sum(s.outcome is outcome for s in self.scores) for outcome in Outcome}


def summarise(scores: Sequence[Score]) -> dict[str, Total]:
    """Measure name -> total over these scores, in the order of `MEASURES`."""
    return {measure.name: measure.summarise(scores) for measure in MEASURES}


def mean(of: Callable[[Score], float | None]) -> Summary:
    """The mean of `of` over the scores to which it applies."""

    def summarise_mean(scores: Sequence[Score]) -> Total:
        values = [float(value) for score in scores if (value := of(score)) is not None]
        return _total(sum(values), len(values))

    return summarise_mean


def latency(of: Callable[[Timings], float | None], percent: float) -> Summary:
    """A percentile of one timing, over the questions that have it."""

    def summarise_latency(scores: Sequence[Score]) -> Total:
        values = [value for score in scores if (value := of(score.timings)) is not None]
        return Total(percentile(values, percent) if values else None, len(values))

    return summarise_latency


def citation_exactness(scores: Sequence[Score]) -> Total:
    """Verbatim citations / citations, over all citations of all answers."""
    return _total(sum(s.exact_citations for s in scores), sum(s.citations for s in scores))


def refusal_precision(scores: Sequence[Score]) -> Total:
    """Of the answers "not found", the share whose question has indeed no answer."""
    refused = [score for score in scores if score.refused]
    return _total(sum(not score.answerable for score in refused), len(refused))


def refusal_recall(scores: Sequence[Score]) -> Total:
    """Of the questions without an answer, the share that was answered "not found"."""
    unanswerable = [score for score in scores if not score.answerable]
    return _total(sum(score.refused for score in unanswerable), len(unanswerable))


def answer_precision(scores: Sequence[Score]) -> Total:
    """Of the answers other than "not found", the share that shows an accepted answer.

    An answer to a question without one counts as wrong; a question whose accepted answers are not known
    does not count.
    """
    shown = [score for score in scores if not score.refused]
    known = [score for score in shown if not score.answerable or score.hit is not None]
    return _total(sum(bool(score.hit) for score in known), len(known))


def _total(amount: float, over: int) -> Total:
    return Total(amount / over if over else None, over)


def _recall(index: int) -> Callable[[Score], float | None]:
    return lambda score: None if score.recall is None else score.recall[index]


_ANSWERS = "questions with answers"
_EVIDENCE = "questions with evidence"
_BOTH = "questions with answers and evidence"
_TIMED = "questions"
_WRITTEN = "answers with sentences"

MEASURES: tuple[Measure, ...] = (
    Measure("right", "right, with evidence", "share", _BOTH, mean(lambda s: s.right)),
    Measure("short_hit", "accepted in short answer", "share", _ANSWERS, mean(lambda s: s.short_hit)),
    Measure("text_hit", "accepted in text", "share", _ANSWERS, mean(lambda s: s.text_hit)),
    Measure("answer_precision", "shown answers right", "share", "answers shown", answer_precision),
    Measure("exact_match", "exact match (SQuAD)", "share", _ANSWERS, mean(lambda s: s.exact_match)),
    Measure("f1", "F1 (SQuAD)", "ratio", _ANSWERS, mean(lambda s: s.f1)),
    *(
        Measure(f"recall_at_{depth}", f"evidence recall@{depth}", "ratio", _EVIDENCE, mean(_recall(index)))
        for index, depth in enumerate(RECALL_DEPTHS)
    ),
    Measure("mrr", "evidence MRR", "ratio", _EVIDENCE, mean(lambda s: s.reciprocal_rank)),
    Measure("citation_exactness", "verbatim citations", "share", "citations", citation_exactness),
    Measure("overlap", "evidence overlap (IoU)", "ratio", _EVIDENCE, mean(lambda s: s.overlap)),
    Measure("refusal_precision", "refusal precision", "share", 'answers "not found"', refusal_precision),
    Measure("refusal_recall", "refusal recall", "share", "unanswerable questions", refusal_recall),
    Measure("retrieve_p50", "passages found, median", "ms", _TIMED, latency(lambda t: t.retrieve, 50)),
    Measure("read_p50", "short answer, median", "ms", _TIMED, latency(lambda t: t.read, 50)),
    Measure("sentence_p50", "first sentence, median", "ms", _WRITTEN, latency(lambda t: t.first_sentence, 50)),
    Measure("sentence_p95", "first sentence, p95", "ms", _WRITTEN, latency(lambda t: t.first_sentence, 95)),
    Measure("total_p50", "whole answer, median", "ms", _TIMED, latency(lambda t: t.total, 50)),
    Measure("total_p95", "whole answer, p95", "ms", _TIMED, latency(lambda t: t.total, 95)),
)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is read back; totals are worked out anew from the scores."""

    schema: Literal["qa.report/1"]
    scores: tuple[Score, ...]
    models: ModelNames | None = None


def to_json(report: Report) -> dict[str, Any]:
    """The report as plain JSON values (schema `qa.report/1`): totals, totals of each kind, scores."""
    data = {
        "schema": SCHEMA,
        "models": report.models,
        "outcomes": report.outcomes,
        "totals": report.totals,
        "kinds": {kind: summarise(scores) for kind, scores in report.kinds.items()},
        "scores": report.scores,
    }
    plain: dict[str, Any] = TypeAdapter(dict[str, Any]).dump_python(data, mode="json")
    return plain


def from_json(data: Mapping[str, Any]) -> Report:
    """The report that `to_json` wrote. Raises `InputError` for anything else."""
    try:
        stored = TypeAdapter(_Stored).validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            f"not a report ({SCHEMA}): {'.'.join(map(str, first['loc']))}: {first['msg']}",
            "make one with `qa eval FILE.jsonl --out REPORT.json`",
        ) from error
    return Report(stored.scores, stored.models)
