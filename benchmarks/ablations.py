"""Measures what each part of the program is worth, by leaving it out; tunes nothing.

    python -m benchmarks.ablations --data ../shared/data     asks, and writes benchmarks/results/ablations.json
    python -m benchmarks.ablations --table                   rewrites the tables of docs/ablations.md from that file
    python -m benchmarks.ablations --table --check           fails when the page is out of date, and writes nothing

Each variant answers the shipped questions and, where `--data` is given, a fixed sample of published sets over all
documents of the set; the program without prose is compared with it question by question. Answers are kept under
`--work`, so that a stopped run goes on where it was; they are asked for anew when the program or a variant changes.
The result holds ids and scores only. Times are not compared: variants are asked one after the other.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.compare_tables import rewritten
from benchmarks.variants import VARIANTS, Built
from qa.assistant import prepare
from qa.config import Config
from qa.evaluation import (
    MEASURES,
    About,
    Own,
    Records,
    Report,
    compare,
    comparison_to_json,
    evaluate_system,
    from_json,
    read_description,
    read_questions,
    stratified_sample,
    to_json,
    unpack,
)
from qa.types import Example

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "ablations.json"
PAGE = ROOT / "docs" / "ablations.md"
WORK = ROOT / "indexes" / "ablations"
SHIPPED = "shipped questions"
SETS = ("squad2_dev",)
SEED = 13
COLUMNS = ("right", "answer_precision", "refusal_recall", "recall_at_3", "overlap", "claim_support")
"""The measures that the page shows; the result file has all."""

WHOLE = "threshold"
"""The variant whose report is kept whole: it states a confidence for every question."""

Kept: TypeAlias = dict[str, Any]
"""Of one set: the report `base`, of a published one `WHOLE` too, and how each of the `variants` compares with it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A set: its questions, and the settings whose library holds its documents."""

    name: str
    examples: Sequence[Example]
    about: About
    config: Config


def question_sets(data: Path | None, work: Path, sample: int) -> Iterator[Asked]:
    """The shipped questions, then each set of `data`, unpacked and indexed under `work`."""
    seeds = ROOT / "seeds"
    shipped = read_questions(seeds / "questions.jsonl")
    yield Asked(SHIPPED, shipped, About(questions="seeds/questions.jsonl"), _config(seeds, work / "seeds"))
    for name in SETS if data else ():
        folder = work / name
        if read_description(folder) is None:
            unpack(name, data or Path(), folder)
        described = read_description(folder)
        assert described is not None
        drawn = stratified_sample(read_questions(folder / "questions.jsonl"), sample, SEED)
        about = About(questions=name, licence=described.licence, note=described.note, sample=len(drawn), seed=SEED)
        yield Asked(described.source, drawn, about, _config(folder / "documents", folder / "library"))


def _config(documents: Path, library: Path) -> Config:
    return Config.load(documents=documents, library=library, prose=False)


def measure(asked: Asked, records: Path, names: Sequence[str]) -> Kept:
    """The report of the program without prose, and what each variant changes."""
    prepare(asked.config)
    with Built.open(asked.config) as built:
        base = _report("base", built, asked, records)
        chosen = [name for name in names if asked.name == SHIPPED or not VARIANTS[name].writes]
        others = {name: _report(name, VARIANTS[name].made(built), asked, records) for name in chosen}
    return {
        "base": to_json(base),
        **{name: to_json(report) for name, report in others.items() if name == WHOLE and asked.name != SHIPPED},
        "variants": {name: comparison_to_json(compare(base, report)) for name, report in others.items()},
    }


def _report(name: str, built: Built, asked: Asked, records: Path) -> Report:
    code = (Path(__file__).with_name("variants.py")).read_text(encoding="utf-8")
    system = Own(built, f"{name}\n{code}", None)
    print(f"{asked.name}: {name}", file=sys.stderr, flush=True)
    kept = Records(records, system.fingerprint)
    return evaluate_system(asked.examples, system, built.documents(), asked.about, kept, allow_missing_evidence=True)


def to_markdown(kept: Mapping[str, Kept]) -> str:
    """A table for each set: what the shipped program does without prose, then the difference that each variant makes.

    A difference stands in bold when its 95 % interval leaves out 0.
    """
    shown = [measure for measure in MEASURES if measure.name in COLUMNS]
    lines = []
    for name, found in kept.items():
        base = from_json(found["base"])
        totals = base.totals
        drawn = f", {base.about.sample} drawn with seed {base.about.seed}" if base.about.sample else ""
        lines += [f"**{name}**{drawn}, {len(base.scores)} questions:", ""]
        lines += [f"| | {' | '.join(each.label for each in shown)} |"]
        lines += [f"|---|{'---:|' * len(shown)}"]
        values = [_value(totals[each.name].value) for each in shown]
        lines += [f"| **as shipped, without the writer** | {' | '.join(values)} |"]
        for variant, changes in found["variants"].items():
            cells = [_difference(changes["changes"].get(each.name)) for each in shown]
            lines += [f"| {VARIANTS[variant].name} | {' | '.join(cells)} |"]
        lines += [""]
    return "\n".join(lines)


def _value(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def _difference(change: Mapping[str, Any] | None) -> str:
    """In points, with its interval."""
    if change is None or change["difference"] is None:
        return "–"
    if not change["difference"] and set(change["interval"] or [0.0]) == {0.0}:
        return "0"
    low, high = (_signed(value) for value in change["interval"])
    told = f"{_signed(change['difference'])} ({low} … {high})"
    return f"**{told}**" if change["verdict"] else told


def _signed(share: float) -> str:
    shown = f"{abs(100 * share):.1f}"
    return shown if shown == "0.0" else f"{'−' if share < 0 else '+'}{shown}"


def _table(check: bool) -> None:
    kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    current = rewritten(page, {"ablations": lambda: to_markdown(kept)})
    if check:
        sys.exit("docs/ablations.md is out of date: run `make docs`" if current != page else 0)
    PAGE.write_text(current, encoding="utf-8")


def main() -> None:
    """Asks and keeps the figures, or writes them into the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the published sets; without it only the shipped questions")
    parser.add_argument("--sample", type=int, default=100, help="questions of each published set")
    parser.add_argument("--only", nargs="*", choices=VARIANTS, default=list(VARIANTS), help="only these variants")
    parser.add_argument("--work", type=Path, default=WORK, help="where libraries and answers are kept")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where ids and scores go")
    parser.add_argument("--table", action="store_true", help="rewrite the tables of docs/ablations.md")
    parser.add_argument("--check", action="store_true", help="with --table: only compare")
    given = parser.parse_args()
    if given.table:
        return _table(given.check)
    given.work.mkdir(parents=True, exist_ok=True)
    kept = {
        asked.name: measure(asked, given.work / f"{asked.about.questions.replace('/', '-')}.answers.jsonl", given.only)
        for asked in question_sets(given.data, given.work, given.sample)
    }
    given.out.write_text(_compact(kept), encoding="utf-8")
    print(to_markdown(kept))
    return None


def _compact(kept: Mapping[str, Kept]) -> str:
    """JSON with a line for each score and each variant, and no more digits than a reader has use for."""
    rounded = json.loads(json.dumps(kept), parse_float=lambda digits: round(float(digits), 5))
    text = json.dumps(rounded, ensure_ascii=False)
    for opening in ('{"id": ', *(f'"{name}": {{"paired"' for name in VARIANTS), '"variants": {', '"scores": ['):
        text = text.replace(opening, f"\n{opening}")
    return text + "\n"


if __name__ == "__main__":
    main()
