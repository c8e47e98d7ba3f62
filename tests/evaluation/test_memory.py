import os
import subprocess
import sys

from qa.evaluation.memory import PeakMemory

HOLD = "held = bytearray(60_000_000); held[::4096] = b'x' * len(held[::4096]); print('ready', flush=True); input()"


def test_what_a_child_holds_counts_though_it_has_ended() -> None:
    with PeakMemory(os.getpid()) as alone:
        pass
    child = subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    with PeakMemory(os.getpid()) as both:  # looks as it opens
        child.communicate(b"\n")
    assert both.megabytes > alone.megabytes + 60


def test_a_process_that_has_ended_holds_nothing_more() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with PeakMemory(child.pid) as memory:
        seen = memory.megabytes
        child.communicate(b"\n")
    assert memory.megabytes == seen > 1
