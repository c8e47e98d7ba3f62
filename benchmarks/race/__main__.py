"""Runs the race; knows no rival and no measure. What has run is not run again, and a stopped run goes on.

    python -m benchmarks.race --data ../shared/data
    python -m benchmarks.race --draw           draws the samples anew (ids only), runs nothing
    python -m benchmarks.race --racers haystack --sets shipped

Afterwards `python -m benchmarks.race.page` writes docs/race.md from the results.
"""

import argparse
import json
from pathlib import Path

from benchmarks.race.environments import NotInstalled, python_of
from benchmarks.race.racers import BY_NAME, RACERS
from benchmarks.race.running import RESULTS, ROOT, DidNotRun, is_current, run
from benchmarks.race.samples import SIZES, draw_all, lay_out, write_samples

UNABLE = RESULTS / "unable.json"
"""Racer -> why it could not be run, for those that could not."""


def main() -> None:
    """Runs every racer on every set, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.race", description="race ours against the rivals")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the published sets")
    parser.add_argument("--work", type=Path, default=ROOT / ".race", help="environments, documents and answers")
    parser.add_argument("--sets", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--racers", nargs="+", choices=BY_NAME, default=list(BY_NAME))
    parser.add_argument("--torch-index", default="", help="package index of PyTorch's CPU build")
    parser.add_argument("--draw", action="store_true", help="draw the samples anew, and run nothing")
    given = parser.parse_args()
    if given.draw:
        write_samples(draw_all(given.data))
        return
    for name in given.sets:
        course = lay_out(name, given.data, given.work / "sets" / name)
        for racer in (racer for racer in RACERS if racer.name in given.racers):
            if is_current(racer, course):
                print(f"{name}: {racer.heading} has run")
                continue
            print(f"{name}: {racer.heading}, {len(course.questions)} questions", flush=True)
            try:
                python = python_of(racer, given.work / "environments", given.torch_index)
                run(racer, course, python, given.work)
            except (NotInstalled, DidNotRun) as error:
                print(f"{name}: {racer.heading} did not run: {error}")
                _tell(racer.name, str(error))
            else:
                _tell(racer.name, "")


def _tell(racer: str, reason: str) -> None:
    """Keeps why a racer could not be run, or forgets it when it could."""
    told = json.loads(UNABLE.read_text(encoding="utf-8")) if UNABLE.exists() else {}
    told.pop(racer, None)
    if reason:
        told[racer] = reason
    if not told:
        UNABLE.unlink(missing_ok=True)
        return
    UNABLE.parent.mkdir(parents=True, exist_ok=True)
    UNABLE.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
