"""Measures what `qa index` costs over a folder the first time, unchanged and changed, and what erasing costs.

    python -m benchmarks.growing FOLDER
    python -m benchmarks.growing --passages 100000

The first: each step is a process of its own, as a user starts it. The folder is copied, and one file of the copy is
changed. The second: a library of so many synthetic passages (random unit vectors of 384 dimensions, 60 words each,
drawn as 1 / rank), and what the first search costs after one document more. CPU seconds say more than wall seconds
beside a busy neighbour.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.documents import SETTLED_S, files_under
from qa.library import Library
from qa.types import Document, Passage, Span, Vectors

EACH, WORDS = 10, 60  # passages of a synthetic document, and words of a passage


@dataclass(frozen=True, slots=True)
class Step:
    """What one command cost. said: its last line."""

    name: str
    wall_s: float
    cpu_s: float
    said: str


def cost(name: str, *arguments: str) -> Step:
    """Runs `qa` with the arguments. Exit code 2, files that could not be read, is no failure here."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "qa", *arguments], capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 2):
        raise SystemExit(f"qa {' '.join(arguments)}: {done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Step(name, wall, cpu, (done.stdout or done.stderr).strip().splitlines()[-1])


def measure(folder: Path, place: Path) -> list[Step]:
    """The steps, over a copy of `folder` in `place`, which is empty."""
    copy, library = place / "files", place / "library"
    shutil.copytree(folder, copy)
    time.sleep(SETTLED_S + 0.1)
    index = ("index", str(copy), "--library", str(library), "--prune")
    steps = [cost("first run", *index), cost("second run", *index)]
    changed = next(path for path in files_under(copy) if path.suffix in (".txt", ".md"))
    with changed.open("a", encoding="utf-8") as file:
        file.write("\n\nOne more sentence was added here.\n")
    steps.append(cost("one file changed", *index))
    changed.unlink()
    steps.append(cost("one file gone", *index))
    other = next(path for path in files_under(copy) if path.suffix in (".txt", ".md"))
    return [*steps, cost("one erased", "documents", "remove", str(other), "--library", str(library))]


def timed(name: str, work: Callable[[], object]) -> Step:
    """What one piece of work in this process costs."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Step(name, time.perf_counter() - wall, time.process_time() - cpu, "")


def measure_synthetic(count: int, place: Path) -> list[Step]:
    """The steps, in a library of `count` passages in `place`."""
    random = np.random.default_rng(6)
    chances = 1 / np.arange(1, 50_001)
    chances /= chances.sum()

    def vectors(rows: int) -> Vectors:
        drawn = random.standard_normal((rows, 384), dtype=np.float32)
        unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit

    def add(library: Library, number: int) -> None:
        texts = [" ".join(f"w{word}" for word in random.choice(50_000, WORDS, p=chances)) for _ in range(EACH)]
        text, passages, start = "\n\n".join(texts), [], 0
        for each in texts:
            passages.append(Passage(str(number), Span(start, start + len(each)), each))
            start += len(each) + 2
        library.add(Document(str(number), f"Title {number}", (f"{number}.txt",), text), passages, vectors(EACH))

    def add_all(library: Library) -> None:
        for number in range(count // EACH):
            add(library, number)

    def searched(library: Library) -> Callable[[], object]:
        return lambda: library.search_vector(vectors(1)[0], 40)

    with Library.create(place / "library", "synthetic") as library:
        steps = [timed("building it", lambda: add_all(library))]
        steps.append(timed("first search", searched(library)))
        steps.append(timed("next search", searched(library)))
        steps.append(timed("one more added", lambda: add(library, -1)))
        steps.append(timed("search after it", searched(library)))
        with Library.open(place / "library") as other:
            steps.append(timed("... opened anew", searched(other)))
        with Library.open(place / "library") as other:
            steps.append(timed("... and again", searched(other)))
        return [*steps, timed("one erased", lambda: library.erase(["7"]))]


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--passages", type=int)
    given = parser.parse_args()
    if (given.folder is None) == (given.passages is None):
        parser.error("give a folder, or --passages")
    with tempfile.TemporaryDirectory() as place:
        steps = measure(given.folder, Path(place)) if given.folder else measure_synthetic(given.passages, Path(place))
        size = sum(path.stat().st_size for path in Path(place, "library").iterdir())
    print(f"{'step':18} {'wall s':>7} {'CPU s':>7}")
    for step in steps:
        print(f"{step.name:18} {step.wall_s:7.2f} {step.cpu_s:7.2f}  {step.said.split(': ', 1)[-1]}")
    print(f"the library: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
