"""Lets one racer answer one set through `qa eval run`, and keeps what came of it; knows no rival and no measure."""

import hashlib
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.race.racers import Racer
from benchmarks.race.rivals.serving import KEY, URL
from benchmarks.race.samples import Course
from qa.evaluation import Report, read_report, to_json
from qa.evaluation.memory import PeakMemory
from qa.evaluation.own import NOT_ANSWERING, PROGRAM
from qa.evaluation.sets import QUESTIONS
from qa.models import weights
from qa.models.server import LocalServer

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "race"
RIVALS = Path(__file__).parent / "rivals"
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # litellm would ask the internet for prices
    "NO_PROXY": "127.0.0.1",
}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


class DidNotRun(Exception):
    """A racer gave no result; says why."""


def result_path(racer: Racer, set_name: str) -> Path:
    """Where the result of a racer on a set is kept."""
    return RESULTS / set_name / f"{racer.name}.json"


def answering(racer: Racer, course: Course) -> str:
    """Changes whenever the racer's answers to a question about these documents may change."""
    if racer.is_ours:
        mine: Iterable[Path] = (
            path for path in PROGRAM.rglob("*") if not NOT_ANSWERING.intersection(path.relative_to(PROGRAM).parts)
        )
    else:
        module = RIVALS / f"{racer.builds.partition(':')[0]}.py"
        mine = (module, *(RIVALS / name for name in ("answers.py", "serving.py")), PROGRAM / "models" / "serve.py")
        mine = (*mine, *filter(None, [racer.requirements]))
    return _hash(" ".join((racer.builds, *racer.flags)), [*sorted(mine), course.texts])


def made_of(racer: Racer, course: Course) -> str:
    """Changes with `answering` and with the questions; a result that was made of the same is current."""
    return _hash(answering(racer, course), [course.folder / QUESTIONS])


def _hash(words: str, files: Iterable[Path]) -> str:
    digest = hashlib.sha256(words.encode())
    for path in files:
        if path.is_file():
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def is_current(racer: Racer, course: Course) -> bool:
    """Whether the kept result needs no new run."""
    path = result_path(racer, course.name)
    return path.exists() and json.loads(path.read_text())["race"]["made_of"] == made_of(racer, course)


def run(racer: Racer, course: Course, python: Path, work: Path) -> Report:
    """Asks the racer every question of the set that it has not answered yet, and writes the result.

    The language model is served to each rival by a process of its own, from the same file by the same program; its
    memory is added to the rival's. Ours starts that program itself. Raises `DidNotRun`.
    """
    hashed = answering(racer, course)  # not of the questions: a larger sample asks only what is new
    records = work / "records" / course.name / f"{racer.name}-{hashed}.jsonl"
    report_path = records.with_suffix(".report.json")
    records.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "qa", "eval", "run", str(course.folder)]
    command += ["--records", str(records), "--out", str(report_path)]
    start = time.perf_counter()
    with ExitStack() as stack:
        served = 0.0
        environment = {**os.environ, **OFFLINE, **ONE_THREAD}
        if racer.is_ours:
            library = work / "libraries" / course.name / f"{racer.name}-{hashed}"
            command += ["--library", str(library), *racer.flags]
        else:
            server = stack.enter_context(LocalServer(weights.checked_packaged_file(weights.LANGUAGE_MODEL)))
            endpoint = server.endpoint()
            environment |= {URL: endpoint.base_url, KEY: endpoint.key}
            memory = stack.enter_context(PeakMemory(server.process_id))
            starts = [python, "-m", "benchmarks.race.rivals", racer.builds, course.texts, "--made-of", hashed]
            command += ["--system", f"command:{shlex.join(map(str, starts))}"]
        log = work / "logs" / course.name / f"{racer.name}.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as said:
            done = subprocess.run(command, cwd=ROOT, env=environment, stdout=said, stderr=said, check=False)
        if not racer.is_ours:
            served = memory.megabytes
    if done.returncode:
        lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        raise DidNotRun(f"ended with code {done.returncode}: {lines[-1] if lines else 'said nothing'}")
    return _kept(racer, course, read_report(report_path), served, time.perf_counter() - start)


def failed(report: Report) -> int:
    """How many questions the racer failed at or took too long for: it showed nothing, and did not refuse either."""
    return sum(not score.refused and not score.claims for score in report.scores)


def _kept(racer: Racer, course: Course, report: Report, served: float, seconds: float) -> Report:
    memory = None if report.about.memory_mb is None else report.about.memory_mb + served
    # the report names the command line, with the folders of this machine in it
    report = replace(report, about=replace(report.about, system=racer.heading, memory_mb=memory))
    data: dict[str, Any] = to_json(report)
    data["race"] = {
        "made_of": made_of(racer, course),
        "version": racer.version or _commit(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        "minutes": round(seconds / 60, 1),
        "failed": failed(report),
    }
    path = result_path(racer, course.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return report


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
