"""Our own program as a system under evaluation, with a fingerprint of what its answers depend on; scores nothing."""

import hashlib
import os
from pathlib import Path

import qa
from qa.assistant import Assistant
from qa.evaluation.records import fingerprint
from qa.types import Answer

PROGRAM = Path(qa.__file__).parent
NOT_ANSWERING = {"__pycache__", "api.py", "cli", "evaluation", "render", "ui"}
"""What may change without any answer changing."""


class Own:
    """An open `Assistant`. settings: those that its answers depend on, as text. setup_seconds: until it was open."""

    def __init__(self, assistant: Assistant, settings: str, setup_seconds: float | None) -> None:
        self.name = "qa"
        self.setup_seconds = setup_seconds
        self.process_id = os.getpid()
        documents = sorted(document.id for document in assistant.documents())
        self.fingerprint = fingerprint("qa", _program(), settings, *documents)
        self._assistant = assistant

    def ask(self, question: str, history: tuple[str, ...]) -> Answer:
        """The answer after the earlier questions. Raises `BadQuestion`."""
        return self._assistant.converse(question, history)

    def close(self) -> None:
        """Closes the assistant."""
        self._assistant.close()


def _program() -> str:
    """The code and the weights."""
    files = (path for path in sorted(PROGRAM.rglob("*")) if path.is_file())
    chosen = (path for path in files if not NOT_ANSWERING.intersection(path.relative_to(PROGRAM).parts))
    return fingerprint(*(hashlib.sha256(path.read_bytes()).hexdigest() for path in chosen))
