"""Builds libraries of 10,000 to 1,000,000 passages and measures what a question costs in each.

    python -m benchmarks.scale --data ../shared/data [--sizes 10000 100000 1000000]
    python -m benchmarks.scale --plots            draws docs/images/scale-*.svg from the figures kept
    python -m benchmarks.scale --plots --check    fails when a drawing is out of date

What is built is kept in --place (8 GB) and used again: the vectors of the real passages take a quarter of an hour, a
library of a million passages as long. Each library is measured in a process of its own, so that its memory is its own.
Figures go to benchmarks/results/scale.json by size, with the commit and the load of the machine beside them.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from itertools import chain, count, islice
from pathlib import Path

from benchmarks.scale import corpus, crossover, drawing
from benchmarks.scale.measure import Figures, measure
from qa import database, rows
from qa.library import DATABASE, Library
from qa.models import load_embedder
from qa.models.weights import DEFAULT_EMBEDDER
from qa.types import Embedder

RESULTS = Path(__file__).parents[1] / "results" / "scale.json"
QUESTIONS = 200
_AT_ONCE = 50  # documents in one transaction
_REAL_SHARE = 0.5  # of a small library: its other half is synthetic, so that every size has both


def build(folder: Path, size: int, given: list[corpus.Given]) -> float:
    """Builds the library of `size` passages unless it is whole already, and gives the seconds it took.

    The paragraphs of the questions come first, then other real ones (half of the library at most), then synthetic ones.
    """
    done = folder.with_suffix(".built")
    if done.is_file():
        return float(done.read_text(encoding="ascii"))
    start = time.perf_counter()
    with Library.create(folder, DEFAULT_EMBEDDER) as library:
        known = {each.id for each in library.about()}
    left, new = size, list[corpus.Given]()
    for each in chain(
        islice(given, _documents(given, int(_REAL_SHARE * size))), map(corpus.Synthetic(given).document, count())
    ):
        if left <= 0:
            break
        left -= len(each[1])
        if each[0].id not in known:
            new.append(each)
        if len(new) == _AT_ONCE or left <= 0:
            _add(folder, new)
            new.clear()
    with Library.open(folder) as library:
        library.prepare()
    took = time.perf_counter() - start
    done.write_text(f"{took:.1f}", encoding="ascii")
    return took


def _add(folder: Path, given: list[corpus.Given]) -> None:
    """As `Library.add` for each, but in one transaction: a commit a document would take four times as long."""
    with database.mended(folder), closing(database.connect(folder / DATABASE, "rw")) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        for document, passages, vectors in given:
            database.check_dimension(folder, connection, vectors.shape[1])
            rows.put_passages(connection, rows.put_document(connection, document), document.title, passages, vectors)
        connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'change'")
        connection.execute("COMMIT")


def _documents(given: list[corpus.Given], passages: int) -> int:
    """How many of the first documents hold at most so many passages."""
    total = 0
    for place, (_, some, _) in enumerate(given):
        total += len(some)
        if total > passages:
            return place
    return len(given)


def run(data: Path, place: Path, sizes: list[int], rounds: int) -> None:
    """Builds and measures each size, and keeps the figures as they come."""
    place.mkdir(parents=True, exist_ok=True)
    embedder = load_embedder(DEFAULT_EMBEDDER, offline=True)
    given = corpus.real(data, place, embedder)
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {"sizes": {}}
    for size in sizes:
        folder = place / f"library-{size}"
        took = build(folder, size, given)
        command = [sys.executable, "-m", "benchmarks.scale", "--one", str(folder), "--data", str(data)]
        done = subprocess.run(
            [*command, "--place", str(place), "--rounds", str(rounds)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        kept["sizes"][str(size)] = {"build_s": took, "commit": _commit()} | json.loads(done.stdout.splitlines()[-1])
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        print(size, kept["sizes"][str(size)], flush=True)
    if "crossover" not in kept and len(sizes) > 1:
        kept["crossover"] = crossover.measure(place / f"library-{max(sizes)}")
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def one(folder: Path, data: Path, place: Path, embedder: Embedder, rounds: int) -> Figures:
    """The figures of one library, in this process."""
    return measure(folder, corpus.questions(data, place, embedder, QUESTIONS), rounds)


def _commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()


def main() -> None:
    """Measures, or draws."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the published sets")
    parser.add_argument("--place", type=Path, default=Path(tempfile.gettempdir()) / "qa-scale")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plots", action="store_true", help="draw only")
    parser.add_argument("--check", action="store_true", help="with --plots: compare only")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        embedder = load_embedder(DEFAULT_EMBEDDER, offline=True)
        print(json.dumps(one(given.one, given.data, given.place, embedder, given.rounds)))
        return
    if not given.plots:
        run(given.data, given.place, given.sizes, given.rounds)
    drawing.draw(json.loads(RESULTS.read_text(encoding="utf-8")), check=given.check)


if __name__ == "__main__":
    main()
