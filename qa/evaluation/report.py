"""Holds the scores of one run and what they were taken on, as JSON and back; keeps no document text."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from qa.errors import InputError
from qa.evaluation.score import Score
from qa.evaluation.totals import Total, summarise
from qa.types import ModelNames, Outcome

SCHEMA = "qa.report/1"
HINT = "make one with `qa eval run FILE.jsonl --out REPORT.json`"


@dataclass(frozen=True, slots=True)
class About:
    """What a run was made of; "" and None where it is not known.

    system: what answered. questions: the file or set. licence, note: of the set. sample: how many of its questions were
    drawn with `seed`, None for all. support: the name of the support measure behind citation recall, citation
    precision and supported claims. memory_mb: most memory that the system held. setup_seconds: until it could answer.
    """

    system: str = ""
    questions: str = ""
    licence: str = ""
    note: str = ""
    sample: int | None = None
    seed: int | None = None
    support: str = ""
    memory_mb: float | None = None
    setup_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Scores in the order of the questions, and the models that made the answers (None: no questions)."""

    scores: tuple[Score, ...]
    models: ModelNames | None
    about: About = About()

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


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is read back; totals are worked out anew from the scores."""

    schema: Literal["qa.report/1"]
    scores: tuple[Score, ...]
    models: ModelNames | None = None
    about: About = About()


def to_json(report: Report) -> dict[str, Any]:
    """The report as plain JSON values (schema `qa.report/1`): totals, totals of each kind, scores."""
    data = {
        "schema": SCHEMA,
        "about": report.about,
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
            HINT,
        ) from error
    return Report(stored.scores, stored.models, stored.about)


def read_report(path: Path) -> Report:
    """The report in a file. Raises `InputError`, naming the file, when it cannot be read or is none."""
    try:
        data = TypeAdapter(dict[str, Any]).validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", HINT) from error
    except ValidationError as error:
        raise InputError(f"{path}: not JSON", HINT) from error
    try:
        return from_json(data)
    except InputError as error:
        raise InputError(f"{path}: {error.message}", error.hint) from error
