"""Runs one system over one set: reuses what it answered before, watches what it needs; knows no formula."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace

from qa.evaluation.answers import with_our_ids
from qa.evaluation.memory import PeakMemory
from qa.evaluation.records import Records
from qa.evaluation.report import About, Report
from qa.evaluation.run import evaluate
from qa.evaluation.systems import System
from qa.types import Answer, Document, Example


def evaluate_system(
    examples: Sequence[Example],
    system: System,
    documents: Sequence[Document],
    about: About,
    records: Records | None = None,
    on_example: Callable[[Example, Answer], None] | None = None,
    *,
    allow_missing_evidence: bool = False,
) -> Report:
    """The report of asking a system every example, in order; raises as `evaluate` and as the system does.

    documents: in which evidence is looked for. about: what is known of the questions; system, memory and set-up are
    added. records: where answers are taken from and put. Memory stays unknown when no question had to be asked.
    """
    texts = {document.id: document.text for document in documents}
    ask = records.through(system.ask) if records else system.ask
    watch = nullcontext() if system.process_id is None else PeakMemory(system.process_id)
    with watch as memory:
        report = evaluate(
            examples,
            lambda question, history: with_our_ids(ask(question, history), documents),
            texts,
            on_example,
            allow_missing_evidence=allow_missing_evidence,
        )
    asked = len(examples) - (records.reused if records else 0)
    made = replace(
        about,
        system=system.name,
        support=report.about.support,
        memory_mb=memory.megabytes if memory and asked else None,
        setup_seconds=system.setup_seconds,
    )
    return replace(report, about=made)
