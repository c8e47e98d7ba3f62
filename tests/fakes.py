"""Ten-line stand-ins for the seams of qa/types.py: each implements its protocol, none is patched in."""

import re
import zlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import numpy as np

from qa.types import Message, Passage, Reading, Vectors


class WordEmbedder:
    """Unit rows of hashed word counts: texts that share words are near, and nothing is random."""

    name = "fake-words"
    dimension = 64

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, 64) float32 unit rows."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()) or [""]:
                row[zlib.crc32(word.encode()) % self.dimension] += 1
            row /= np.linalg.norm(row)
        return rows


@dataclass
class ScriptedReader:
    """Gives the reading that the test wrote, and keeps what it was asked."""

    reading: Reading
    asked: list[tuple[str, tuple[Passage, ...]]] = field(default_factory=list)
    name: str = "fake-reader"
    threshold: float = 0.5
    calibrated: bool = True

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """The scripted reading, whatever the question."""
        self.asked.append((question, tuple(passages)))
        return self.reading


@dataclass
class ScriptedLanguageModel:
    """Streams the pieces that the test wrote, and counts how many were taken."""

    pieces: Sequence[str]
    taken: int = 0
    closed: bool = False
    asked: list[tuple[Message, ...]] = field(default_factory=list)
    name: str = "fake-language-model"

    def stream(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """The scripted pieces, one by one."""
        self.asked.append(tuple(messages))
        try:
            for piece in self.pieces:
                self.taken += 1
                yield piece
        finally:
            self.closed = True


@dataclass
class FailingLanguageModel:
    """Raises what the test wrote instead of a reply."""

    error: Exception
    name: str = "failing"

    def stream(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """Raises the error."""
        raise self.error
        yield ""
