"""Measures how long reading eight passages takes beside the same weights in torch; scores nothing.

    python -m benchmarks.reading

Both read the same question and eight passages of 110 words. torch runs the model that the shipped int8 weights are
restored to, in float32, as one batch; the reader runs as the program runs it. They take turns, so that a busy
neighbour slows both; medians of `--rounds` are given for one thread each and for two.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

import torch

from qa.models.reader import load_reader_weights
from qa.models.weights import READER_FOLDER
from training.model import encoder_folder, new_model
from training.restore import restore

PASSAGES, WORDS = 8, 110
QUESTION = "Who told the council that the bridge at Kilmore should be closed to lorries?"
TEXT = """The bridge at Kilmore was built in 1874 to carry carts of slate to the harbour, and for ninety years nobody
asked how much it could bear. Anna Lind, the mayor, said on Tuesday that two lorries had been seen on it at
once. Peter Olsen, who has fished under its arches since he was nine, told the council that lorries should go
round by the mill. "It hums," he said, "and a bridge that hums is asking for something." The engineers found
cracks as thin as hairs in the third pier, none of them new. A closure would cost the dairy eleven minutes a
trip and the school bus twenty, and so the council put off its vote until the end of March, when the snow has
gone and the river can be seen."""


def passages() -> list[str]:
    """Eight texts of 110 words, each beginning at another word."""
    words = TEXT.split() * 3
    return [" ".join(words[start : start + WORDS]) for start in range(0, 8 * PASSAGES, 8)]


def timed(runs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median milliseconds of each, taken in turns."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            times[name].append(1000 * (time.perf_counter() - began))
    return {name: median(values[1:]) for name, values in times.items()}  # the first is a warm-up


def main() -> None:
    """Prints milliseconds and ratios, for one thread and for two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=READER_FOLDER)
    parser.add_argument("--rounds", type=int, default=21)
    args = parser.parse_args()
    model = new_model(encoder_folder(), seed=0).eval()
    restore(args.folder, model)
    texts = passages()
    for threads in (1, 2):
        torch.set_num_threads(threads)
        weights = load_reader_weights(args.folder, threads=threads)
        feed = [torch.from_numpy(values) for values in weights.feed(QUESTION, texts).values()]

        def in_torch(feed: list[torch.Tensor] = feed) -> None:
            with torch.inference_mode():
                model(*feed)

        runs = {
            "torch, float32": in_torch,
            "int8, all eight to the end": lambda weights=weights: weights.score(QUESTION, texts, read_on=PASSAGES),
            f"int8, {weights.read_on} to the end": lambda weights=weights: weights.score(QUESTION, texts),
        }
        taken = timed(runs, args.rounds)
        for name, milliseconds in taken.items():
            ratio = taken["torch, float32"] / milliseconds
            print(
                f"{threads} threads  {name:28} {milliseconds:6.0f} ms  {ratio:.2f} times as fast as torch", flush=True
            )


if __name__ == "__main__":
    main()
