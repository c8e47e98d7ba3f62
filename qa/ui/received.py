"""Holds what browsers upload until it was read, and no longer; reads nothing itself."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

_SETTING = "GRADIO_TEMP_DIR"  # where Gradio keeps what it takes in


@contextmanager
def folder_of_uploads() -> Iterator[None]:
    """While it lasts, pages that are made keep their uploads in a folder of this process, which nobody else reads."""
    given = os.environ.get(_SETTING)
    with tempfile.TemporaryDirectory(prefix="qa-uploads-", dir=given, ignore_cleanup_errors=True) as folder:
        os.environ[_SETTING] = folder
        try:
            yield
        finally:
            if given is None:
                del os.environ[_SETTING]
            else:
                os.environ[_SETTING] = given


class Received:
    """The uploads that wait to be read. Threads may share it.

    Gradio keeps files of the same name and content in one place: it may be emptied when all who gave one are served.
    """

    def __init__(self) -> None:
        self._waiting: Counter[Path] = Counter()
        self._changing = Lock()

    def hold(self, paths: Sequence[Path]) -> None:
        """Once for every time that a file was given."""
        with self._changing:
            self._waiting.update(paths)

    def release(self, paths: Sequence[Path]) -> None:
        """Deletes the files that nobody else waits for."""
        with self._changing:
            self._waiting.subtract(paths)
            for path in paths:
                if self._waiting[path] <= 0:
                    del self._waiting[path]
                    path.unlink(missing_ok=True)
