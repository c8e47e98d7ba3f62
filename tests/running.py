"""Runs what is asynchronous to its end, and waits for what threads do, for tests that are neither."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` returns. It gets a thread of its own: the browser's driver keeps a loop running in the main one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def until(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    """Waits for what other threads bring about, and fails when they do not."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.001)
