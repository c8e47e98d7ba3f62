"""Measures how long short answers take when many browsers ask at once; drives no browser.

    python -m benchmarks.sessions seeds/questions.jsonl --library indexes/default             # twenty people
    python -m benchmarks.sessions seeds/questions.jsonl --library indexes/default --pause 0   # in the same instant

Each session asks its questions one after the other, as a page does, over the queue of the chat; the language model
words every answer meanwhile, one at a time, and the page tries what may be asked next. Between an answer and the next
question people read and type: a pause of random length (exponential, so that questions come as those of many
strangers do). One more session, which is not timed, asks without a pause, so that the language model is always busy.
Timed is what a reader waits for: from the question to the short answer, or to the sentence that the sources do not say.
Exits with 1 when the 95th percentile is over `--limit` seconds, when an answer did not come, or when a session was
shown a question that it did not ask.
"""

import argparse
import asyncio
import itertools
import json
import random
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import httpx

from benchmarks.serving import served
from qa.evaluation import read_questions
from qa.evaluation.measures import percentile
from qa.render import escape_html

Function: TypeAlias = dict[str, Any]
"""One of the page, as Gradio describes it."""


@dataclass(frozen=True, slots=True)
class Functions:
    """Of the page: what answers a question, and what then tries what may be asked next."""

    answers: Function
    suggests: Function


SHOWN = ("qa-short", "qa-quote", "qa-not_found", "qa-notice")  # classes of what ends the wait for a short answer
BEGINS, ENDS = "process_generating", "process_completed"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as a session saw it.

    short_s: to the short answer. answered: whether one came, with its own question. foreign: what only others asked.
    """

    short_s: float
    whole_s: float
    answered: bool
    foreign: tuple[str, ...]


class Browser:
    """One session of the page: it takes part in several of the page's functions at once, over one stream of events."""

    def __init__(self, client: httpx.AsyncClient, session: str) -> None:
        self._client = client
        self._session = session
        self._events: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self._running: set[str] = set()
        self._reading: asyncio.Task[None] | None = None

    async def run(self, function: Function, *data: object) -> AsyncIterator[dict[str, Any]]:
        """What the page is told while `function` runs, to the end; states are the server's, and stay empty here."""
        states = [None] * (len(function["inputs"]) - len(data))
        body = {"data": [*data, *states], "fn_index": function["id"], "session_hash": self._session}
        joined = (await self._client.post("/gradio_api/queue/join", json=body)).raise_for_status()
        event_id = joined.json()["event_id"]
        events = self._of(event_id)
        self._running.add(event_id)
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        while True:
            event = await events.get()
            yield event
            if event["msg"] == ENDS:
                self._running.discard(event_id)
                return

    async def close(self) -> None:
        """Leaves the page."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    async def _read(self) -> None:
        while self._running:  # the server ends a stream with its last function, when the next may have begun
            async with self._client.stream(
                "GET", "/gradio_api/queue/data", params={"session_hash": self._session}
            ) as stream:
                async for line in stream.aiter_lines():
                    event = json.loads(line.removeprefix("data: ") or "{}")
                    if "event_id" in event:
                        self._of(event["event_id"]).put_nowait(event)

    def _of(self, event_id: str) -> asyncio.Queue[dict[str, Any]]:
        return self._events.setdefault(event_id, asyncio.Queue())


async def run_session(
    browser: Browser, functions: Functions, questions: Sequence[str], others: Sequence[str], pauses: Sequence[float]
) -> list[Asked]:
    """One person who asks, reads the answer while the page tries what may be asked next, and asks again."""
    asked, trying = [], []
    for question, pause in zip(questions, pauses, strict=True):
        await asyncio.sleep(pause)
        asked.append(await _ask(browser, functions.answers, question, questions, others))
        trying.append(asyncio.create_task(_try_next(browser, functions.suggests)))
    await asyncio.gather(*trying)
    await browser.close()
    return asked


async def keep_busy(browser: Browser, functions: Functions, questions: Sequence[str]) -> None:
    """Lets the language model word one answer after the other, until it is cancelled."""
    for question in itertools.cycle(questions):
        await _ask(browser, functions.answers, question, questions, questions)


async def _ask(browser: Browser, function: Function, question: str, own: Sequence[str], others: Sequence[str]) -> Asked:
    began = time.perf_counter()
    short_s, seen, begun = 0.0, "", False
    async for event in browser.run(function, question):
        told = json.dumps(event)
        seen += told
        # the first thing that is shown holds the whole conversation so far; after it comes only what is new
        if begun and not short_s and any(each in told for each in SHOWN):
            short_s = time.perf_counter() - began
        begun = begun or event["msg"] == BEGINS
    shown = {each for each in others if json.dumps(escape_html(each))[1:-1] in seen}
    foreign = tuple(sorted(shown - set(own)))
    whole_s = time.perf_counter() - began
    return Asked(short_s or whole_s, whole_s, short_s > 0 and question in shown, foreign)


async def _try_next(browser: Browser, function: Function) -> None:
    async for _ in browser.run(function):
        pass


def functions_of(config: dict[str, Any]) -> Functions:
    """The function of the page that answers what is submitted in the question's box, and the one that follows it."""
    box = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "qa-question")
    all_of_them: list[Function] = config["dependencies"]
    answers = next(each for each in all_of_them if [box, "submit"] in [list(target) for target in each["targets"]])
    return Functions(answers, next(each for each in all_of_them if each["trigger_after"] == answers["id"]))


async def run_all(
    address: str, sessions: int, questions: Sequence[str], each: int, pause_s: float, seed: int
) -> list[Asked]:
    """Every session at once, each with `each` questions of its own drawing, each after a pause of its own length."""
    chance = random.Random(seed)
    limits = httpx.Limits(max_connections=4 * sessions)
    async with httpx.AsyncClient(base_url=address, timeout=600, limits=limits, trust_env=False) as client:
        functions = functions_of((await client.get("/config")).json())
        running = []
        for number in range(sessions):
            own = chance.sample(list(questions), each)
            pauses = [chance.expovariate(1 / pause_s) if pause_s else 0.0 for _ in own]
            running.append(run_session(Browser(client, f"session{number}"), functions, own, questions, pauses))
        one_more = Browser(client, "busy")
        busy = asyncio.create_task(keep_busy(one_more, functions, questions))
        try:
            return [one for many in await asyncio.gather(*running) for one in many]
        finally:
            busy.cancel()
            await asyncio.wait([busy])
            await one_more.close()


def main() -> int:
    """Prints the percentiles; the exit status says whether the limit was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--each", type=int, default=5, help="questions of one session")
    parser.add_argument("--pause", type=float, default=10.0, help="seconds before each question, on average")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=float, default=1.0, help="seconds, of the 95th percentile of short answers")
    given = parser.parse_args()
    questions = [each.question for each in read_questions(given.questions) if not each.history]
    with served(given.library) as (address, _):
        began = time.perf_counter()
        asked = asyncio.run(run_all(address, given.sessions, questions, given.each, given.pause, given.seed))
        seconds = time.perf_counter() - began
    short, whole = [each.short_s for each in asked], [each.whole_s for each in asked]
    foreign = [each for one in asked for each in one.foreign]
    shown = sum(each.answered for each in asked)
    print(f"{given.sessions} sessions, {shown} of {len(asked)} answers shown in {seconds:.0f} s")
    for name, times in (("short answer", short), ("whole answer", whole)):
        print(f"{name:13} median {percentile(times, 50):6.2f} s   p95 {percentile(times, 95):6.2f} s")
    print(f"questions of others seen: {len(foreign)}")
    return int(percentile(short, 95) > given.limit or bool(foreign) or shown < len(asked))


if __name__ == "__main__":
    sys.exit(main())
