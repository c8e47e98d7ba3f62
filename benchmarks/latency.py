"""Measures how long answers take alone and beside busy neighbours; scores nothing.

    python -m benchmarks.latency seeds/questions.jsonl --library indexes/default

Thread counts decide whether an answer blinks or stalls: an embedder on every core took 55 times as long beside one
busy process. So the same questions are asked with nothing else running, while the language model writes for
somebody else, and beside a foreign process that never rests. Exits with 1 when the sources or the short answer,
which need no language model, take more than `--limit` times as long beside a neighbour as alone.
"""

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from qa.assistant import Assistant
from qa.config import Config
from qa.evaluation import read_questions
from qa.evaluation.measures import percentile
from qa.types import Answer, Example, LanguageModel, Message, Timings

STAGES: Mapping[str, Callable[[Timings], float | None]] = {
    "sources": lambda timings: timings.retrieve,
    "short answer": lambda timings: timings.read,
    "first sentence": lambda timings: timings.first_sentence,
    "whole answer": lambda timings: timings.total,
}
GUARDED = ("sources", "short answer")
LIMIT = 5.0
LONG_STORY = (Message("user", "Tell a long story about a harbour, with as many details as you can."),)
BUSY = "while True: pass"

Neighbour = Callable[[], AbstractContextManager[object]]
Figures = dict[str, tuple[float, float]]
"""Stage -> median and 95th percentile, milliseconds."""


@contextmanager
def model_writing(model: LanguageModel) -> Iterator[None]:
    """While inside, the language model writes for somebody else, one text after the other."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with closing(model.stream(LONG_STORY)) as pieces:
                for _ in pieces:
                    if stop.is_set():
                        return

    writer = threading.Thread(target=write, name="neighbour")
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


@contextmanager
def busy_process() -> "Iterator[subprocess.Popen[bytes]]":
    """While inside, a process that knows nothing of us takes one core."""
    process = subprocess.Popen([sys.executable, "-c", BUSY])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Converses(Protocol):
    """What answers a question after earlier ones: `Assistant`."""

    def converse(self, question: str, earlier: Sequence[str]) -> Answer:
        """The answer, with its timings."""
        ...


def measure(assistant: Converses, examples: Sequence[Example]) -> Figures:
    """Medians and 95th percentiles of every stage that at least one answer reached."""
    timings = [assistant.converse(example.question, example.history).timings for example in examples]
    values = {stage: [value for each in timings if (value := of(each)) is not None] for stage, of in STAGES.items()}
    return {stage: (percentile(some, 50), percentile(some, 95)) for stage, some in values.items() if some}


def to_markdown(figures: Mapping[str, Figures]) -> str:
    """A row for each stage; figures: neighbour -> its figures, the first one being what ratios are taken to."""
    alone, *others = figures
    headings = [f"{name}: p50 / p95" for name in figures] + [f"{name}: ratio" for name in others]
    lines = [f"| stage | {' | '.join(headings)} |", f"|---|{'---:|' * len(headings)}"]
    for stage in figures[alone]:
        times = [f"{some[stage][0]:.0f} / {some[stage][1]:.0f} ms" for some in figures.values()]
        ratios = [f"{ratio(figures, other, stage):.1f}" for other in others]
        lines.append(f"| {stage} | {' | '.join([*times, *ratios])} |")
    return "\n".join(lines) + "\n"


def ratio(figures: Mapping[str, Figures], neighbour: str, stage: str) -> float:
    """How many times as long the median is beside this neighbour as alone (the first entry)."""
    alone = next(iter(figures.values()))
    return figures[neighbour][stage][0] / alone[stage][0]


def stalled(figures: Mapping[str, Figures], limit: float) -> list[str]:
    """What takes more than `limit` times as long beside a neighbour, one line each."""
    _, *others = figures
    ratios = [(stage, other, ratio(figures, other, stage)) for other in others for stage in GUARDED]
    return [f"{stage}, {other}: {times:.1f} times as long" for stage, other, times in ratios if times > limit]


def main() -> None:
    """Prints the table; exits with 1 when something stalls."""
    parser = argparse.ArgumentParser(description="latency alone and beside busy neighbours")
    parser.add_argument("questions", type=Path, help="question file (JSON Lines)")
    parser.add_argument("--library", type=Path, help="built library; default: the configured one")
    parser.add_argument("--count", type=int, default=20, help="questions asked beside each neighbour")
    parser.add_argument("--limit", type=float, default=LIMIT, help="ratio from which on it counts as a stall")
    parser.add_argument("--out", type=Path, help="also write the figures here as JSON")
    given = parser.parse_args()
    examples = read_questions(given.questions)[: given.count]
    with Assistant.open(Config.load(library=given.library)) as assistant:
        measure(assistant, examples[:2])  # the first answer waits for what is loaded lazily
        neighbours: dict[str, Neighbour] = {"alone": nullcontext}
        if (model := assistant.language_model) is not None:
            neighbours["model writing"] = lambda: model_writing(model)
        neighbours["busy process"] = busy_process
        figures = {}
        for name, beside in neighbours.items():
            with beside():
                figures[name] = measure(assistant, examples)
    print(to_markdown(figures))
    if given.out:
        given.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sys.exit("\n".join(stalled(figures, given.limit)) or None)


if __name__ == "__main__":
    main()
