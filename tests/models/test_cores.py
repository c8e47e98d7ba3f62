import os
from pathlib import Path

import pytest

from qa.models.cores import usable_cores


@pytest.mark.parametrize(
    ("limit", "cores"),
    [("max 100000", None), ("100000 100000", 1), ("150000 100000", 1), ("50000 100000", 1), ("9900000 100000", None)],
)
def test_a_quota_lowers_the_count(tmp_path: Path, limit: str, cores: int | None) -> None:
    path = tmp_path / "cpu.max"
    path.write_text(limit + "\n")
    assert usable_cores(path) == (cores or len(os.sched_getaffinity(0)))


def test_without_a_quota_affinity_counts(tmp_path: Path) -> None:
    assert usable_cores(tmp_path / "missing") == len(os.sched_getaffinity(0))
