"""Makes a virtual environment for each rival from its pinned packages; knows nothing of what runs in it."""

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.race.racers import Racer

TORCH = "torch==2.13.0"  # by itself and first: the others would bring a build that needs CUDA
STAMP = "made-of"
INSTALL_SECONDS = 3600


class NotInstalled(Exception):
    """A rival's packages could not be installed; says why."""


def python_of(racer: Racer, folder: Path, torch_index: str = "") -> Path:
    """The interpreter that the racer runs in: its own environment's, made in `folder` unless it is there; or ours.

    torch_index: the index to take PyTorch's CPU build from. Raises `NotInstalled`.
    """
    if racer.requirements is None:
        return Path(sys.executable)
    made_of = hashlib.sha256(racer.requirements.read_bytes() + TORCH.encode()).hexdigest()
    home = folder / racer.environment
    python, stamp = home / "bin" / "python", home / STAMP
    if not stamp.exists() or stamp.read_text() != made_of:
        index = ["--index-url", torch_index] if torch_index else []
        _run([sys.executable, "-m", "venv", "--clear", str(home)])
        _run([str(python), "-m", "pip", "install", "--quiet", *index, TORCH])
        _run([str(python), "-m", "pip", "install", "--quiet", "-r", str(racer.requirements)])
        stamp.write_text(made_of)
    return python


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise NotInstalled(f"{' '.join(command[1:])}: took longer than {INSTALL_SECONDS} s") from error
    if done.returncode:
        reasons = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [f"code {done.returncode}"]
        raise NotInstalled(f"{' '.join(command[1:4])}: {reasons[-1]}")
