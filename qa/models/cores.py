"""Tells how many CPU cores this process may use; starts nothing."""

import os
from pathlib import Path

CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")  # "<quota> <period>" in microseconds, or "max <period>"


def usable_cores(limit: Path = CGROUP_LIMIT) -> int:
    """At least 1: the cores that affinity and a container's quota allow.

    limit: the file in which Linux keeps the quota. More threads than the quota are stopped in turns.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = limit.read_text(encoding="ascii").partition(" ") if limit.is_file() else ("max", "", "")
    return cores if quota == "max" else max(1, min(cores, int(quota) // int(period)))
