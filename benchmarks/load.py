"""Asks a server that runs by itself with many clients at once: speed, refusals, and memory over many requests.

    python -m benchmarks.load                           # 1, 8, 32 and 128 clients, short answers and streams
    python -m benchmarks.load --requests 20000          # and the memory of the server over so many requests

It starts `qa serve` over the seeds. Clients are closed loops: each asks again when it has its answer, and after a 429
waits as long as it was told to. The clients share the machine with the server.
"""

import argparse
import asyncio
import itertools
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import httpx
import psutil

from benchmarks.serving import ROOT, served

CLIENTS = (1, 8, 32, 128)
BUSY = 429


@dataclass
class Outcome:
    """Of one kind of request. ends, founds: seconds from asking to the end, and to the event with the short answer."""

    ends: list[float] = field(default_factory=list)
    founds: list[float] = field(default_factory=list)
    refused: int = 0
    failed: int = 0


@contextmanager
def served_seeds() -> Iterator[tuple[str, psutil.Process]]:
    """The address and the process of a server over the seeds, without the page."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        subprocess.run(
            [sys.executable, "-m", "qa", "index", ROOT / "seeds", "--library", library], cwd=ROOT, check=True
        )
        with served(library, "--no-chat") as server:
            yield server


def questions() -> Iterator[str]:
    """Those of the seeds, again and again."""
    lines = (ROOT / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return itertools.cycle([json.loads(line)["question"] for line in lines])


async def ask_short(client: httpx.AsyncClient, question: str, outcome: Outcome) -> httpx.Response:
    """A short answer with its quotes."""
    start = time.perf_counter()
    reply = await client.post("/v1/ask", json={"question": question, "prose": False})
    if reply.is_success:
        outcome.ends.append(time.perf_counter() - start)
    return reply


async def ask_stream(client: httpx.AsyncClient, question: str, outcome: Outcome) -> httpx.Response:
    """The events of an answer that the language model words."""
    start = time.perf_counter()
    async with client.stream("POST", "/v1/ask?stream=true", json={"question": question}) as reply:
        if reply.is_success:
            async for line in reply.aiter_lines():
                if line == "event: found":
                    outcome.founds.append(time.perf_counter() - start)
            outcome.ends.append(time.perf_counter() - start)
    return reply


async def greet(client: httpx.AsyncClient, _: str, outcome: Outcome) -> httpx.Response:
    """What takes the way of every answer through the service, but searches and reads nothing."""
    return await ask_short(client, "Hello!", outcome)


Asking = Callable[[httpx.AsyncClient, str, Outcome], Awaitable[httpx.Response]]
KINDS: dict[str, Asking] = {"short": ask_short, "stream": ask_stream}


async def load(address: str, asking: Asking, clients: int, seconds: float = 0, requests: int = 0) -> Outcome:
    """So many clients at once, for some seconds or until so many requests have been answered."""
    outcome, asked = Outcome(), questions()
    end = time.perf_counter() + seconds
    limits = httpx.Limits(max_connections=clients)

    async def ask_on(client: httpx.AsyncClient) -> None:
        while len(outcome.ends) < requests or time.perf_counter() < end:
            try:
                reply = await asking(client, next(asked), outcome)
            except httpx.HTTPError:
                outcome.failed += 1
                continue
            if reply.status_code == BUSY:
                outcome.refused += 1
                await asyncio.sleep(float(reply.headers["retry-after"]))
            elif not reply.is_success:
                outcome.failed += 1

    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        await asyncio.gather(*(ask_on(client) for _ in range(clients)))
    return outcome


def percentiles(times: list[float]) -> str:
    """p50, p95 and p99 in milliseconds."""
    if len(times) < 2:
        return "– | – | –"
    cut = quantiles(times, n=100, method="inclusive")
    return " | ".join(f"{cut[at - 1] * 1000:,.0f}" for at in (50, 95, 99))


def memory(process: psutil.Process) -> float:
    """Resident MB of the server, without the process of its language model."""
    return int(process.memory_info().rss) / 1e6


def watch_memory(address: str, process: psutil.Process, asking: Asking, requests: int) -> None:
    """Prints the memory at every tenth of so many requests."""
    for part in range(10):
        outcome = asyncio.run(load(address, asking, 4, requests=requests // 10))
        done = (part + 1) * (requests // 10)
        print(f"{done:,} requests | {memory(process):,.0f} MB | {len(outcome.ends)} answered", flush=True)


def main() -> None:
    """Prints tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each measurement")
    parser.add_argument("--requests", type=int, default=0, help="watch the memory over so many, and no table")
    parser.add_argument("--kind", choices=["short", "greeting"], default="short", help="of the requests for the memory")
    given = parser.parse_args()
    with served_seeds() as (address, process):
        if given.requests:
            asking: Asking = ask_short if given.kind == "short" else greet
            watch_memory(address, process, asking, given.requests)
            return
        print(f"load average {psutil.getloadavg()[0]:.1f} before it began\n")
        print(
            "| kind | clients | answers/s | p50 ms | p95 ms | p99 ms | short answer: p50 | p95 | p99 | 429 | failed |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for kind, clients in itertools.product(KINDS, CLIENTS):
            start = time.perf_counter()
            outcome = asyncio.run(load(address, KINDS[kind], clients, given.seconds))
            rate = len(outcome.ends) / (time.perf_counter() - start)
            row = f"{rate:.1f} | {percentiles(outcome.ends)} | {percentiles(outcome.founds)}"
            print(f"| {kind} | {clients} | {row} | {outcome.refused} | {outcome.failed} |", flush=True)
        found = re.findall(r"^qa_.*_taken .*$", httpx.get(f"{address}/metrics").text, re.MULTILINE)
        print(f"\nafterwards {memory(process):,.0f} MB; {'; '.join(found)}")


if __name__ == "__main__":
    main()
