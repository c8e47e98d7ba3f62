"""Measures what `qa index` costs over a folder the first time, unchanged and changed, and what erasing costs.

    python -m benchmarks.growing FOLDER

Each step is a process of its own, as a user starts it. CPU seconds say more than wall seconds beside a busy neighbour.
The folder is copied first, and one file of the copy is changed.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from qa.documents import SETTLED_S, files_under


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


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    with tempfile.TemporaryDirectory() as place:
        steps = measure(parser.parse_args().folder, Path(place))
        size = sum(path.stat().st_size for path in Path(place, "library").iterdir())
    print(f"{'step':18} {'wall s':>7} {'CPU s':>7}")
    for step in steps:
        print(f"{step.name:18} {step.wall_s:7.2f} {step.cpu_s:7.2f}  {step.said.split(': ', 1)[-1]}")
    print(f"the library: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
