"""Measures a first answer from a cold start, in processes of their own; scores nothing.

    python -m benchmarks.cold_start

Builds a library of the shipped documents, then runs `qa ask` and, beside it, the same with the default embedder loaded
by sentence-transformers (through its folder), in turns. Medians of wall-clock and processor seconds of `--rounds`.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from qa.models.weights import EMBEDDER, packaged_file

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "Who said Germany should sever ties?"


def command(*arguments: str) -> list[str]:
    """The program as `python -m qa`."""
    return [sys.executable, "-m", "qa", *arguments]


def timed(arguments: list[str]) -> tuple[float, float]:
    """Wall-clock and processor seconds of one run; it must succeed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(arguments, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, busy


def main() -> None:
    """Prints medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    embedders = {"as shipped": "all-MiniLM-L6-v2", "by sentence-transformers": str(packaged_file(EMBEDDER).parent)}
    with tempfile.TemporaryDirectory() as held:
        runs: dict[str, list[str]] = {}
        for name, embedder in embedders.items():
            library = str(Path(held) / str(len(runs)))
            chosen = ["--library", library, "--embedder", embedder]
            subprocess.run(command("index", str(SEEDS), *chosen), check=True, capture_output=True)
            runs[name] = command("ask", QUESTION, "--no-prose", *chosen)
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
        for _ in range(args.rounds):
            for name, run in runs.items():
                times[name].append(timed(run))
    for name, taken in times.items():
        wall, busy = (median(each) for each in zip(*taken, strict=True))
        print(f"{name:26} {wall:5.1f} s on the clock, {busy:5.1f} s of processor time")


if __name__ == "__main__":
    main()
