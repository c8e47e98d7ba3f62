"""Rewrites the generated parts of docs/race.md from benchmarks/results/race; measures nothing itself.

python -m benchmarks.race.page            rewrites the page
python -m benchmarks.race.page --check    fails when the page is out of date, and writes nothing
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.compare_tables import rewritten
from benchmarks.race.racers import OURS, RACERS, Racer
from benchmarks.race.rivals.answers import REFUSALS
from benchmarks.race.running import RESULTS, ROOT
from benchmarks.race.samples import SEED, SEEDS, SIZES
from qa.evaluation import MEASURES, Report, Total, from_json, read_questions
from qa.evaluation.tables import interval, show

PAGE = ROOT / "docs" / "race.md"
BY_NAME = {measure.name: measure for measure in MEASURES}
ANSWERS = ("right", "text_hit", "answer_precision", "f1", "refusal_recall", "refusal_precision")
CITATIONS = ("citation_exactness", "citation_recall", "citation_precision", "overlap")
COSTS = ("retrieve_p50", "read_p50", "total_p50", "total_p95")


@dataclass(frozen=True, slots=True)
class Result:
    """What one racer made of one set. version: of its package, or our commit. failed: at how many questions."""

    racer: Racer
    report: Report
    version: str
    date: str
    minutes: float
    failed: int


@dataclass(frozen=True, slots=True)
class Contest:
    """One column in which racers can be compared. better: 1 when higher is better, -1 when lower is."""

    label: str
    value: Callable[[Result], float | None]
    show: Callable[[Result], str]
    better: int


def _contest(name: str) -> Contest:
    measure = BY_NAME[name]

    def total(each: Result) -> Total:
        return measure.total(each.report.scores)

    return Contest(
        measure.label, lambda each: total(each).value, lambda each: show(measure, total(each)), measure.better
    )


def _memory(each: Result) -> str:
    megabytes = each.report.about.memory_mb
    return "–" if megabytes is None else f"{megabytes:,.0f} MB"


def _setup(each: Result) -> str:
    seconds = each.report.about.setup_seconds
    return "–" if seconds is None else f"{seconds:.0f} s"


CONTESTS = (
    *map(_contest, (*ANSWERS, *CITATIONS)),
    Contest("failed", lambda each: each.failed, lambda each: str(each.failed), -1),
    *map(_contest, COSTS),
    Contest("memory", lambda each: each.report.about.memory_mb, _memory, -1),
    Contest("set-up", lambda each: each.report.about.setup_seconds, _setup, -1),
)

Results = Mapping[str, Sequence[Result]]
"""Name of a set -> results in the order of the racers."""


def load(folder: Path = RESULTS) -> Results:
    """The results that are there."""
    found = {}
    for name in SIZES:
        files = [(racer, folder / name / f"{racer.name}.json") for racer in RACERS]
        if results := [_result(racer, file) for racer, file in files if file.exists()]:
            found[name] = results
    return found


def _result(racer: Racer, file: Path) -> Result:
    data = json.loads(file.read_text(encoding="utf-8"))
    race = data["race"]
    return Result(racer, from_json(data), race["version"], race["date"], race["minutes"], race["failed"])


def generated(results: Results, unable: Mapping[str, str]) -> dict[str, Callable[[], str]]:
    """Name of a generated part -> how its text is made. unable: racer -> why it could not be run."""
    return {
        "sets": lambda: _sets(results),
        "results": lambda: "\n".join(_section(name, results[name]) for name in results) or "Not run yet.\n",
        "losses": lambda: losses(results),
        "runs": lambda: _runs(results),
        "unable": lambda: not_run(results, unable),
        "refusals": lambda: "\n".join(["```", *_phrases(), "```"]) + "\n",
    }


def losses(results: Results) -> str:
    """Everything in the tables in which some rival is better than ours as shipped, best rival first."""
    lines = []
    for name, raced in results.items():
        ours = next((each for each in raced if each.racer.name == OURS), None)
        rivals = [each for each in raced if not each.racer.is_ours]
        for contest in CONTESTS:
            if ours is None or (mine := contest.value(ours)) is None:
                continue
            known = [(each, value) for each in rivals if (value := contest.value(each)) is not None]
            better = [(each, value) for each, value in known if (value - mine) * contest.better > 0]
            better.sort(key=lambda pair: -contest.better * pair[1])
            if better:
                told = ", ".join(f"{_heading(each, raced)} {contest.show(each)}" for each, _ in better)
                lines.append(f"- {name}, {contest.label}: qa {contest.show(ours)}; {told}")
    ran = any(each.racer.name == OURS for raced in results.values() for each in raced)
    return "\n".join(lines or ["Nowhere in these tables." if ran else "Not known: ours has not run."]) + "\n"


def not_run(results: Results, unable: Mapping[str, str]) -> str:
    """Who is missing from which set, and why, as far as the runs told."""
    lines = []
    for name in SIZES:
        there = {each.racer.name for each in results.get(name, ())}
        missing = [racer for racer in RACERS if racer.name not in there]
        lines += [f"- {name}, {racer.heading}: {unable.get(racer.name, 'not run yet')}" for racer in missing]
    return "\n".join(lines or ["Everybody ran on every set."]) + "\n"


def _sets(results: Results) -> str:
    lines = ["| set | licence | questions | without an answer | documents | note |", "|---|---|---:|---:|---:|---|"]
    for name, raced in results.items():
        report = max((each.report for each in raced), key=lambda each: len(each.scores))
        without = sum(not score.answerable for score in report.scores)
        about = report.about
        lines.append(
            f"| {name} | {about.licence} | {len(report.scores)} | {without} | {SIZES[name].documents} | {about.note} |"
        )
    return "\n".join([*lines, "", f"Drawn with seed {SEED}; the ids are in `benchmarks/race/samples.json`."]) + "\n"


def _section(name: str, raced: Sequence[Result]) -> str:
    return "\n".join(
        [
            f"### {name}\n",
            _table(ANSWERS, raced, {"failed": lambda each: str(each.failed), **_alone(name)}),
            _table(CITATIONS, raced, {"citations": lambda each: str(sum(s.citations for s in each.report.scores))}),
            _table(COSTS, raced, {"memory": _memory, "set-up": _setup}),
        ]
    )


def _table(names: Sequence[str], raced: Sequence[Result], others: Mapping[str, Callable[[Result], str]]) -> str:
    measures = [BY_NAME[name] for name in names]
    lines = [
        f"| | {' | '.join([*(measure.label for measure in measures), *others])} |",
        f"|---|{'---:|' * (len(measures) + len(others))}",
    ]
    for each in raced:
        cells = []
        for measure in measures:
            total = measure.total(each.report.scores)
            around = interval(measure, each.report.scores)
            over = f"; {total.over}" if total.value is not None and around else ""
            cells.append(f"{show(measure, total)}{f' ({around}{over})' if around else ''}")
        lines.append(f"| {' | '.join([_heading(each, raced), *cells, *(tell(each) for tell in others.values())])} |")
    return "\n".join(lines) + "\n"


def _heading(each: Result, raced: Sequence[Result]) -> str:
    """The racer's, with how far it came when it has answered fewer questions than others."""
    answered, most = len(each.report.scores), max(len(other.report.scores) for other in raced)
    return each.racer.heading if answered == most else f"{each.racer.heading} ({answered} of {most} questions)"


def _alone(name: str) -> dict[str, Callable[[Result], str]]:
    """For the shipped questions, what is right of those that are no follow-ups: the rivals are given no history."""
    if name != "shipped":
        return {}
    alone = {example.id for example in read_questions(SEEDS / "questions.jsonl") if not example.history}

    def tell(each: Result) -> str:
        report = replace(each.report, scores=tuple(score for score in each.report.scores if score.id in alone))
        measure = BY_NAME["right"]
        total = measure.total(report.scores)
        return f"{show(measure, total)} ({total.over})"

    return {"right, no follow-ups": tell}


def _phrases() -> list[str]:
    """The alternatives of `REFUSALS` at its top level, a line each."""
    lines, depth = [""], 0
    for character in REFUSALS.pattern:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            lines.append("")
        else:
            lines[-1] += character
    return lines


def _runs(results: Results) -> str:
    lines = ["| set | racer | version or commit | ended (UTC) | minutes |", "|---|---|---|---|---:|"]
    for name, raced in results.items():
        lines += [
            f"| {name} | {each.racer.heading} | {each.version} | {each.date} | {each.minutes:.1f} |" for each in raced
        ]
    minutes = sum(each.minutes for raced in results.values() for each in raced)
    return "\n".join([*lines, "", f"Together {minutes:.0f} minutes, what was stopped and resumed not counted."]) + "\n"


def main() -> None:
    """Rewrites or checks the page."""
    parser = argparse.ArgumentParser(description="rewrite the generated parts of docs/race.md")
    parser.add_argument("--check", action="store_true", help="fail when the page is out of date")
    page = PAGE.read_text(encoding="utf-8")
    current = rewritten(page, generated(load(), read_unable()))
    if parser.parse_args().check:
        sys.exit("docs/race.md is out of date: run `make docs`" if current != page else 0)
    PAGE.write_text(current, encoding="utf-8")


def read_unable(folder: Path = RESULTS) -> dict[str, str]:
    """Racer -> why it could not be run, of the last run of each."""
    path = folder / "unable.json"
    told: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return told


if __name__ == "__main__":
    main()
