"""Runs `qa serve` in a process of its own, for the benchmarks that ask it; measures nothing."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def served(library: Path, *flags: str) -> Iterator[tuple[str, psutil.Process]]:
    """The address and the process of a server over a library, on a free port of this machine."""
    command = [sys.executable, "-m", "qa", "serve", "--port", "0", "--library", str(library), *flags]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip(), psutil.Process(server.pid)
        finally:
            server.terminate()
            server.wait(60)
