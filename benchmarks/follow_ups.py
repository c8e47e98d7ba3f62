"""Measures what rewriting follow-ups does to retrieval; scores no answers.

    python -m benchmarks.follow_ups --data ../shared/data --out benchmarks/results/follow_ups.json
    python -m benchmarks.follow_ups --table            rewrites the tables of docs/conversation.md from that file
    python -m benchmarks.follow_ups --table --check    fails when the page is out of date, and writes nothing

The last turns of the conversations of MT-RAG (Katsis et al. 2025, arXiv:2501.03468) are searched for as they were
typed and as the rules make them stand alone, in one library of all its documents. Conversations fall into two halves by
the hash of their first question: the rules were developed on one and are reported on the other. The result holds ids
and scores only.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.compare_tables import rewritten
from qa.conversation import standalone
from qa.evaluation.evidence import Evidence, find_places
from qa.evaluation.measures import evidence_recall, place_of_hit
from qa.evaluation.sets import read_rows
from qa.indexing import index
from qa.library import Library
from qa.models import load_embedder
from qa.retrieval import retrieve
from qa.types import Answer, Claim, Document, ModelNames, Outcome, Support, Timings, Turn

RESULTS = Path(__file__).parent / "results" / "follow_ups.json"
PAGE = Path(__file__).parents[1] / "docs" / "conversation.md"
DEPTHS = (1, 5, 10)
CANDIDATES = 40  # as the program's default


@dataclass(frozen=True, slots=True)
class Row:
    """One last turn. typed, alone: evidence recall at each of `DEPTHS` without and with the rewrite."""

    id: str
    half: str
    changed: bool
    typed: tuple[float, ...]
    alone: tuple[float, ...]


def half(first_question: str) -> str:
    """Which half, "develop" or "report", by the hash of a conversation's first question."""
    return ("develop", "report")[hashlib.sha256(first_question.encode()).digest()[-1] % 2]


def turns(history: Sequence[Mapping[str, str]]) -> list[Turn]:
    """The exchanges before a last turn, each question made to stand alone as it would have been."""
    found: list[Turn] = []
    for place, line in enumerate(history):
        if line["speaker"] != "user":
            continue
        told = next((after["text"] for after in history[place + 1 : place + 2] if after["speaker"] == "agent"), "")
        found.append(Turn(line["text"], _answer(standalone(line["text"], found), told)))
    return found


def measure(data: Path, place: Path) -> list[Row]:
    """A row for each last turn that has history and evidence; place: the library's folder, built where it is not."""
    rows = [row for row in read_rows(data / "docqa_mtrag_un.jsonl.gz") if row["history"] and row["evidence"]]
    texts = {row["doc_id"]: row["text"] for row in read_rows(data / "docqa_mtrag_un_documents.jsonl.gz")}
    documents = [Document(key, "", (key,), text) for key, text in texts.items()]
    embedder = load_embedder("all-MiniLM-L6-v2", offline=True)
    found = []
    with Library.create(place, embedder.name) as library:
        index(library, documents, embedder)

        def recall(question: str, evidence: Evidence) -> tuple[float, ...]:
            hits = retrieve(question, library, embedder, max(DEPTHS), CANDIDATES)
            return tuple(round(evidence_recall([*map(place_of_hit, hits)], evidence, depth), 4) for depth in DEPTHS)

        for row in rows:
            evidence = tuple(
                places
                for each in row["evidence"]
                if (places := find_places(each["text"], {each["doc_id"]: texts[each["doc_id"]]}))
            )
            if not evidence:
                continue
            question, typed = standalone(row["question"], turns(row["history"])), recall(row["question"], evidence)
            changed = question != row["question"]
            alone = recall(question, evidence) if changed else typed
            found.append(Row(row["id"], half(row["history"][0]["text"]), changed, typed, alone))
    return found


def to_markdown(rows: Sequence[Row]) -> str:
    """A table for each half: recall without and with the rewrite, and how many questions gained or lost by it."""
    lines = [
        "| half | last turns | " + " | ".join(f"recall@{depth}, as typed → alone" for depth in DEPTHS) + " |",
        f"|---|---:|{'---:|' * len(DEPTHS)}",
    ]
    for name in ("develop", "report"):
        own = [row for row in rows if row.half == name]
        for label, some in ((name, own), (f"{name}, rewritten", [row for row in own if row.changed])):
            shown = [
                f"{_mean([row.typed[k] for row in some]):.3f} → {_mean([row.alone[k] for row in some]):.3f}"
                for k in range(len(DEPTHS))
            ]
            lines.append(f"| {label} | {len(some)} | {' | '.join(shown)} |")
    lines += ["", *_changes(rows)]
    return "\n".join(lines) + "\n"


def _changes(rows: Sequence[Row]) -> Iterator[str]:
    for name in ("develop", "report"):
        own = [row for row in rows if row.half == name]
        gained = sum(row.alone[1] > row.typed[1] for row in own)
        found = [row for row in own if row.typed[1] == 1]
        lost = sum(row.alone[1] < row.typed[1] for row in own)
        kept = sum(row.alone[1] == 1 for row in found)
        yield (
            f"- {name}: at 5 passages {gained} questions gained and {lost} lost evidence by the rewrite; of the "
            f"{len(found)} whose evidence was all found as typed, {kept} kept it."
        )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def _answer(question: str, told: str) -> Answer:
    outcome = Outcome.UNVERIFIED if told else Outcome.NOT_FOUND
    claims = (Claim(told, (), Support.UNSUPPORTED),) if told else ()
    return Answer(
        question, question, outcome, None, claims, (), None, (), Timings(0, 0, None, 0), ModelNames("", "", "")
    )


def _table(check: bool) -> None:
    rows = [Row(**row) for row in json.loads(RESULTS.read_text(encoding="utf-8"))]
    page = PAGE.read_text(encoding="utf-8")
    current = rewritten(page, {"follow_ups": lambda: to_markdown(rows)})
    if check:
        sys.exit("docs/conversation.md is out of date: run `make docs`" if current != page else 0)
    PAGE.write_text(current, encoding="utf-8")


def main() -> None:
    """Measures and prints the table, or writes it into the page."""
    parser = argparse.ArgumentParser(description="retrieval recall of follow-ups as typed and made to stand alone")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the question sets")
    parser.add_argument("--library", type=Path, help="keep the library in this folder for the next run")
    parser.add_argument("--out", type=Path, help="write ids and scores here as JSON")
    parser.add_argument("--table", action="store_true", help="rewrite the tables of docs/conversation.md")
    parser.add_argument("--check", action="store_true", help="with --table: only compare")
    given = parser.parse_args()
    if given.table:
        return _table(given.check)
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(given.data, given.library or Path(folder) / "library")
    print(to_markdown(rows))
    if given.out:
        body = ",\n".join(json.dumps(asdict(row)) for row in rows)
        given.out.write_text(f"[\n{body}\n]\n", encoding="utf-8")
    return None


if __name__ == "__main__":
    main()
