"""What an examination says of one thing, and how an error becomes such a saying; examines nothing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from qa.errors import QAError


class State(StrEnum):
    """OK, NOTE for what works but that one may not want, BROKEN for what keeps the program from answering."""

    OK = "ok"
    NOTE = "note"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was examined. value: how it was found; mend: the command that mends it, "" when it is OK."""

    what: str
    value: str
    state: State = State.OK
    mend: str = ""

    @classmethod
    def broken(cls, what: str, error: QAError) -> Self:
        """An error of ours: its hint is what mends it."""
        return cls(what, error.message, State.BROKEN, error.hint)
