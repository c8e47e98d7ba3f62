"""Keeps answers as they come, one JSON line each, so that none is asked for twice; knows no system, scores nothing."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from qa.errors import InputError
from qa.evaluation.answers import parse_answer
from qa.evaluation.run import Ask
from qa.render import to_json
from qa.types import Answer


class Records:
    """Answers in a file of JSON lines, by the fingerprint of who answered and what was asked.

    Answers quote documents: such a file is for this machine, not for committing. A kill loses the answer that was being
    written, at most. reused: how many answers were taken from the file instead of being asked for.
    """

    def __init__(self, path: Path, system: str) -> None:
        """Opens or makes the file; system: the fingerprint of the system that will be asked.

        Raises `InputError` when the file cannot be used.
        """
        self.path = path
        self.system = system
        self.reused = 0
        self._known = _read(path)

    def through(self, ask: Ask) -> Ask:
        """`ask`, with the answers that are in the file taken from there and the others put into it."""

        def remembering(question: str, history: tuple[str, ...]) -> Answer:
            key = fingerprint(self.system, question, *history)
            if key in self._known:
                self.reused += 1
                return parse_answer(self._known[key], question, 0.0)
            answer = ask(question, history)
            self._append({"key": key, "answer": to_json(answer)})
            return answer

        return remembering

    def _append(self, record: dict[str, Any]) -> None:
        line = json.dumps(record, ensure_ascii=False).encode(errors="backslashreplace") + b"\n"
        with self.path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


_BEGINNING = b'{"key": "'


def fingerprint(*parts: str) -> str:
    """One short name for all the parts, in their order."""
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:24]


def stamp(path: Path) -> str:
    """Size and date of a file, "" when there is none at that path."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # no path at all, or one that no file may have
        return ""
    return f"{found.st_size} {found.st_mtime_ns}" if path.is_file() else ""


def _read(path: Path) -> dict[str, dict[str, Any]]:
    """Key -> answer. A last line that a kill has torn is cut off; anything else that is no record is refused."""
    hint = "name another file with `--records FILE`, or remove this one"
    try:
        path.touch()
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint) from error
    whole = content[: content.rfind(b"\n") + 1]
    try:
        records = [json.loads(line) for line in whole.split(b"\n") if line.strip()]
        known = {record["key"]: record["answer"] for record in records}
        if len(whole) < len(content):
            torn = content[len(whole) :]
            if not (torn.startswith(_BEGINNING) or _BEGINNING.startswith(torn)):
                raise ValueError("the last line is no record")
            os.truncate(path, len(whole))
        return known
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not a file of records", hint) from error
