"""Measures from how many vectors on lists are quicker than comparing all; asks no question in words."""

import sqlite3
import time
from pathlib import Path

import numpy as np

from benchmarks.scale.measure import CANDIDATES, Figures
from qa import database, rows
from qa.types import Vectors
from qa.vectors import Numbers, VectorIndex

SIZES = (5_000, 10_000, 20_000, 50_000, 100_000)
_ASKED = 200


def measure(folder: Path) -> dict[str, dict[str, Figures]]:
    """For "flat" and "lists", by size: the processor's time of a search with the comparing that follows, median.

    The vectors are every n-th of the library in `folder`, and every n-th of those, with noise, is asked for.
    """
    connection = database.connect(folder / "library.sqlite", "rw")
    every = rows.get_all_numbers(connection)
    dimension = int(database.get_meta(connection)["dimension"])
    found: dict[str, dict[str, Figures]] = {"flat": {}, "lists": {}}
    for size in SIZES:
        if size <= len(every):
            numbers = np.sort(np.random.default_rng(1).choice(every, size, replace=False))
            for name, flat_most in (("flat", size), ("lists", 0)):
                found[name][str(size)] = _figures(connection, numbers, dimension, flat_most)
    connection.close()
    return found


def _figures(connection: sqlite3.Connection, numbers: Numbers, dimension: int, flat_most: int) -> Figures:
    def vectors_of(some: Numbers) -> Vectors:
        return rows.get_vectors(connection, dimension, some)[1]

    index = VectorIndex.build(0, numbers, vectors_of, dimension, flat_most)
    draw = np.random.default_rng(2)
    asked = vectors_of(np.sort(draw.choice(numbers, _ASKED, replace=False)))
    asked = asked + draw.standard_normal(asked.shape).astype(np.float32) * 0.5 / np.sqrt(dimension)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    times = []
    for vector in asked:
        start = time.process_time()
        _, vectors = rows.get_vectors(connection, dimension, np.unique(index.search(vector, CANDIDATES)))
        np.argsort(-(vectors @ vector))
        times.append((time.process_time() - start) * 1e3)
    return {"p50_ms": float(np.median(times))}
