"""Measures how long short answers take when many browsers ask at the same moment; drives no browser.

    python -m benchmarks.sessions seeds/questions.jsonl --library indexes/default

Each session asks its questions one after the other, as a page does, over the queue of the chat; the language model
words every answer meanwhile, one at a time. Timed is what a reader waits for: from the question to the short answer, or
to the sentence that the sources do not say. Exits with 1 when the 95th percentile is over `--limit` seconds, or when a
session was shown a question that it did not ask.
"""

import argparse
import asyncio
import json
import random
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import httpx

from qa.api import claim_port, create_app
from qa.api.serving import Server
from qa.assistant import Assistant
from qa.assistants import Assistants
from qa.config import Config
from qa.evaluation import read_questions
from qa.evaluation.measures import percentile
from qa.render import escape_html

Function: TypeAlias = dict[str, Any]
"""One of the page, as Gradio describes it."""

SHOWN = ("qa-short", "qa-not_found", "qa-notice")  # classes of what ends the wait for a short answer
ENDS = "process_completed"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as a session saw it.

    short_s: to the short answer. answered: whether one came, with its own question. foreign: what only others asked.
    """

    short_s: float
    whole_s: float
    answered: bool
    foreign: tuple[str, ...]


@contextmanager
def served(config: Config) -> Iterator[str]:
    """The page over a library, on a free port of this machine."""
    with Assistant.open(config) as assistant, Assistants(assistant, config.library, keeps=False) as assistants:
        assistant.warm()
        with claim_port("127.0.0.1", 0) as claimed:
            server = Server(claimed, create_app(assistant, assistants=assistants))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [claimed]})
            thread.start()
            try:
                yield f"http://127.0.0.1:{claimed.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join()


async def run_session(
    client: httpx.AsyncClient, function: Function, name: str, questions: Sequence[str], others: Sequence[str]
) -> list[Asked]:
    """One browser that asks its questions, each when the one before is answered."""
    return [await _ask(client, function, name, question, questions, others) for question in questions]


async def _ask(
    client: httpx.AsyncClient,
    function: Function,
    name: str,
    question: str,
    own: Sequence[str],
    others: Sequence[str],
) -> Asked:
    states = [None] * (len(function["inputs"]) - 1)  # the server has them
    began = time.perf_counter()
    body: dict[str, Any] = {"data": [question, *states], "fn_index": function["id"], "session_hash": name}
    (await client.post("/gradio_api/queue/join", json=body)).raise_for_status()
    short_s, seen = 0.0, ""
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": name}) as events:
        async for line in events.aiter_lines():
            seen += line
            if not short_s and any(each in line for each in SHOWN):
                short_s = time.perf_counter() - began
            if ENDS in line:
                break
    shown = {each for each in others if json.dumps(escape_html(each))[1:-1] in seen}
    foreign = tuple(sorted(shown - set(own)))
    whole_s = time.perf_counter() - began
    return Asked(short_s or whole_s, whole_s, short_s > 0 and question in shown, foreign)


def asking_function(config: dict[str, Any]) -> Function:
    """The function of the page that answers what is submitted in the question's box."""
    box = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "qa-question")
    functions: list[Function] = config["dependencies"]
    for function in functions:
        if [box, "submit"] in [list(target) for target in function["targets"]]:
            return function
    raise ValueError("the page has no box for a question")


async def run_all(address: str, sessions: int, questions: Sequence[str], each: int, seed: int) -> list[Asked]:
    """Every session at once, each with `each` questions of its own drawing."""
    chance = random.Random(seed)
    limits = httpx.Limits(max_connections=4 * sessions)
    async with httpx.AsyncClient(base_url=address, timeout=600, limits=limits, trust_env=False) as client:
        function = asking_function((await client.get("/config")).json())
        drawn = [chance.sample(list(questions), each) for _ in range(sessions)]
        asked = (run_session(client, function, f"session{number}", own, questions) for number, own in enumerate(drawn))
        return [one for many in await asyncio.gather(*asked) for one in many]


def main() -> int:
    """Prints the percentiles; the exit status says whether the limit was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--each", type=int, default=3, help="questions of one session")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=float, default=1.0, help="seconds, of the 95th percentile of short answers")
    given = parser.parse_args()
    questions = [each.question for each in read_questions(given.questions) if not each.history]
    with served(Config.load(library=given.library)) as address:
        asked = asyncio.run(run_all(address, given.sessions, questions, given.each, given.seed))
    short, whole = [each.short_s for each in asked], [each.whole_s for each in asked]
    foreign = [each for one in asked for each in one.foreign]
    print(f"{given.sessions} sessions, {len(asked)} answers")
    for name, seconds in (("short answer", short), ("whole answer", whole)):
        print(f"{name:13} median {percentile(seconds, 50):6.2f} s   p95 {percentile(seconds, 95):6.2f} s")
    print(f"questions of others seen: {len(foreign)}")
    return int(percentile(short, 95) > given.limit or bool(foreign))


if __name__ == "__main__":
    sys.exit(main())
