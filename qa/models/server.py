"""Keeps one child process that serves a GGUF file, and restarts it; knows nothing of what it is asked."""

import json
import secrets
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from qa.errors import ModelFailed
from qa.models.cores import usable_cores

CHILD = Path(__file__).with_name("serve.py")
STARTS = 2  # processes tried in one call
START_SECONDS = 300.0  # a large model on a slow disk loads for minutes
END_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an OpenAI-compatible server listens. base_url ends in /v1."""

    base_url: str
    model: str
    key: str


class LocalServer:
    """One GGUF file behind HTTP on loopback, in a process that ends with this one, even when it is killed.

    The process is spawned at once and waited for at the first `endpoint()`, so that loading overlaps with
    other work. A dead one is replaced at the next `endpoint()`. slots: let the server tell which prompts
    it works on (for tests).
    """

    def __init__(self, model: Path, *, slots: bool = False) -> None:
        self._model = model
        self._slots = slots
        self._lock = threading.Lock()
        self._endpoint: Endpoint | None = None
        self._closed = False
        self._spawn()

    def endpoint(self) -> Endpoint:
        """Where the server listens now; starts it if it is not running. Raises `ModelFailed`."""
        with self._lock:
            if self._closed:
                raise ModelFailed(f"{self._model.name} is closed", "load the language model again")
            if self._endpoint is not None and self._process.poll() is None:
                return self._endpoint
            self._endpoint = self._started()
            return self._endpoint

    @property
    def process_id(self) -> int:
        """The process that serves, or served last."""
        return self._process.pid

    def close(self) -> None:
        """Ends the process. A second call does nothing."""
        with self._lock:
            self._closed = True
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _spawn(self) -> None:
        # -P: the child's own folder is no place to import from. A session of its own: Ctrl-C in the terminal
        # is ours to handle. The child ends with its stdin, which the system closes however we die (Linux's
        # "signal at the parent's death" would fire when the thread that called us ends, which is too soon).
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._end = weakref.finalize(self, _end, self._process)
        self._heard = False
        self._key = secrets.token_urlsafe(32)
        threads = max(1, usable_cores() - 1)
        order = {"model": str(self._model), "key": self._key, "threads": threads, "slots": self._slots}
        with suppress(BrokenPipeError):  # it is dead already: the missing answer tells
            print(json.dumps(order), file=self._process.stdin, flush=True)  # not on the command line, which all see

    def _started(self) -> Endpoint:
        for _ in range(STARTS):
            if self._heard:
                self._end()
                self._spawn()
            answer = self._answer()
            if "address" in answer:
                return Endpoint(f"{answer['address']}/v1", "local", self._key)
            if "error" in answer:
                raise self._failed(answer["error"])
        raise self._failed(f"its process ended with code {self._process.wait(END_SECONDS)}")

    def _answer(self) -> dict[str, str]:
        """What the process says when it has loaded; nothing when it ended or took too long."""
        assert self._process.stdout is not None
        self._heard = True
        patience = threading.Timer(START_SECONDS, self._process.kill)
        patience.start()
        try:
            answer: dict[str, str] = json.loads(self._process.stdout.readline() or "{}")
        finally:
            patience.cancel()
        return answer

    def _failed(self, reason: str) -> ModelFailed:
        return ModelFailed(
            f"the language model {self._model} does not start: {reason}",
            "check that the file is a whole GGUF and that memory suffices, or set QA_LANGUAGE_MODEL=none",
        )


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()  # it holds nothing that could be lost
    process.wait(END_SECONDS)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
