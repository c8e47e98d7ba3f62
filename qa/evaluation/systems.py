"""Whatever answers questions with citations, under one interface; knows no questions and scores nothing."""

import importlib
import inspect
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import httpx

from qa.errors import InputError, ModelFailed
from qa.evaluation.answers import parse_answer
from qa.evaluation.records import fingerprint, stamp
from qa.types import Answer

PATIENCE_SECONDS = 900.0  # for one answer: a slow figure is better than none
SPECIFICATION = "'http://host:port', 'command:PROGRAM ARGUMENTS' or 'module:function'"
_FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


class System(Protocol):
    """Answers questions. name: as a report shows it. fingerprint: changes whenever its answers may change.

    process_id: of the process whose memory is the system's, None when that is not on this machine. setup_seconds: until
    it could answer, None as long as it is not known.
    """

    name: str
    fingerprint: str

    @property
    def process_id(self) -> int | None: ...  # noqa: D102 - see above

    @property
    def setup_seconds(self) -> float | None: ...  # noqa: D102

    def ask(self, question: str, history: tuple[str, ...]) -> Answer:
        """The answer after the earlier questions of the conversation, oldest first."""
        ...

    def close(self) -> None:
        """Ends what it has started."""
        ...


class Endpoint:
    """A server that answers POST /v1/ask, such as `qa serve`. Its fingerprint is its address alone."""

    process_id = None
    setup_seconds: float | None = None

    def __init__(self, url: str) -> None:
        self.name = url.rstrip("/")
        self.fingerprint = fingerprint("endpoint", self.name)
        self._client = httpx.Client(timeout=PATIENCE_SECONDS, trust_env=False)

    def ask(self, question: str, history: tuple[str, ...]) -> Answer:
        """Raises `ModelFailed` when the server cannot be reached or refuses."""
        start = time.perf_counter()
        hint = f"start it (`qa serve`), or see what it says: `curl {self.name}/healthz`"
        try:
            reply = self._client.post(f"{self.name}/v1/ask", json={"question": question, "history": list(history)})
        except httpx.HTTPError as error:
            raise ModelFailed(f"{self.name}: {error}", hint) from error
        if reply.status_code != httpx.codes.OK:
            raise ModelFailed(f"{self.name}: status {reply.status_code} to {question!r}", hint)
        return _parsed(self.name, reply.text, question, _milliseconds_since(start))

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()


class Command:
    """A program that reads a question a line and writes an answer a line, in JSON; what it says on stderr is shown.

    Its fingerprint is its words, and date and size of those that are files.
    Its set-up is the time until its first answer, less the time that this answer says it took.
    """

    def __init__(self, command: str) -> None:
        self.name = command
        self.setup_seconds: float | None = None
        self._start = time.perf_counter()
        try:
            words = shlex.split(command)
            self._process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
        except (OSError, ValueError, IndexError) as error:
            raise InputError(f"command {command!r} cannot be started: {error}", "try it in a terminal first") from error
        self.fingerprint = fingerprint("command", command, *(stamp(Path(word)) for word in words))
        self.process_id: int | None = self._process.pid

    def ask(self, question: str, history: tuple[str, ...]) -> Answer:
        """Raises `ModelFailed` when the program has ended or its line is no answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        start = time.perf_counter()
        try:
            self._process.stdin.write(json.dumps({"question": question, "history": history}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:  # it no longer reads
            line = ""
        if not line:
            code = self._process.wait()
            hint = "a command system writes one line of JSON for each line it reads, and flushes it"
            raise ModelFailed(f"command {self.name!r} ended with code {code} at {question!r}", hint)
        answer = _parsed(self.name, line, question, _milliseconds_since(start))
        if self.setup_seconds is None:
            self.setup_seconds = max(0.0, time.perf_counter() - self._start - answer.timings.total / 1000)
        return answer

    def close(self) -> None:
        """Closes the program's input and gives it ten seconds to end."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):  # it ended before it had read what was written
                if pipe is not None:
                    pipe.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Function:
    """A Python function (question, history) -> an Answer or its JSON as a dict, in this process."""

    setup_seconds: float | None = None

    def __init__(self, name: str, function: Callable[[str, tuple[str, ...]], Answer | Mapping[str, Any]]) -> None:
        source = inspect.getsourcefile(inspect.unwrap(function)) if inspect.isfunction(function) else None
        self.name = name
        self.fingerprint = fingerprint("function", name, stamp(Path(source)) if source else "")
        self.process_id: int | None = os.getpid()
        self._function = function

    @classmethod
    def named(cls, name: str) -> "Function":
        """`module:function`, with modules of the current folder too. Raises `InputError`."""
        module, _, function = name.partition(":")
        if (here := str(Path.cwd())) not in sys.path:
            sys.path.insert(0, here)
        try:
            found = getattr(importlib.import_module(module), function)
        except (ImportError, AttributeError) as error:
            raise InputError(f"system {name!r}: {error}", "give an importable `module:function`") from error
        return cls(name, found)

    def ask(self, question: str, history: tuple[str, ...]) -> Answer:
        """Raises `InputError` when the function gives something else than an answer."""
        start = time.perf_counter()
        given = self._function(question, history)
        return given if isinstance(given, Answer) else parse_answer(given, question, _milliseconds_since(start))

    def close(self) -> None:
        """Nothing to end."""


def open_system(specification: str) -> System:
    """The system that a command line names: see `SPECIFICATION`. Raises `InputError`."""
    if specification.startswith(("http://", "https://")):
        return Endpoint(specification)
    if specification.startswith("command:"):
        return Command(specification.removeprefix("command:"))
    if _FUNCTION.fullmatch(specification):
        return Function.named(specification)
    raise InputError(f"system {specification!r} is of no known kind", f"give {SPECIFICATION}")


def _parsed(name: str, text: str, question: str, milliseconds: float) -> Answer:
    try:
        data = json.loads(text)
        if not isinstance(data, dict):
            raise ValueError("no object")
        return parse_answer(data, question, milliseconds)
    except ValueError as error:
        raise ModelFailed(f"{name}: no JSON for {question!r} ({error})", "it must print nothing but answers") from error
    except InputError as error:
        raise ModelFailed(f"{name}: {error.message} (question: {question!r})", error.hint) from error


def _milliseconds_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
