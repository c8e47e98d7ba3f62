"""Measures how long reading eight passages takes beside the same weights in torch; scores nothing.

    python -m benchmarks.reading

Both read the same eight passages of 110 words, cut from the shipped brief, for a shipped question, another one every
round: how many passages are read to the end depends on it. torch runs the model that the shipped int8 weights are
restored to, in float32, as one batch; the reader runs as the program runs it. They take turns, so that a busy
neighbour slows both; medians of `--rounds` are given for one thread each and for two.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median

import torch

from qa.evaluation.questions import read_questions
from qa.models.reader import ReaderWeights, load_reader_weights
from qa.models.weights import READER_FOLDER
from training.model import ReaderModel, encoder_folder, new_model
from training.restore import restore

PASSAGES, WORDS = 8, 110
SEEDS = Path(__file__).parent.parent / "seeds"


def passages() -> list[str]:
    """The first eight times 110 words of the brief."""
    words = (SEEDS / "germany-north-korea-brief.md").read_text(encoding="utf-8").split()
    return [" ".join(words[start : start + WORDS]) for start in range(0, PASSAGES * WORDS, WORDS)]


def questions() -> list[str]:
    """Every third of the shipped questions that stand alone."""
    return [each.question for each in read_questions(SEEDS / "questions.jsonl") if not each.history][::3]


def timed(runs: Mapping[str, Callable[[str], object]], asked: list[str], rounds: int) -> dict[str, float]:
    """The median milliseconds of each, taken in turns."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            run(asked[number % len(asked)])
            times[name].append(1000 * (time.perf_counter() - began))
    return {name: median(values[1:]) for name, values in times.items()}  # the first is a warm-up


def in_torch(model: ReaderModel, weights: ReaderWeights, texts: list[str]) -> Callable[[str], object]:
    """Reads in float32, all texts to the end, tokenising included as the reader's own time includes it."""

    def run(question: str) -> object:
        feed = [torch.from_numpy(values) for values in weights.feed(question, texts).values()]
        with torch.inference_mode():
            return model(*feed)

    return run


def main() -> None:
    """Prints milliseconds and ratios, for one thread and for two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=READER_FOLDER)
    parser.add_argument("--rounds", type=int, default=41)
    args = parser.parse_args()
    model = new_model(encoder_folder(), seed=0).eval()
    restore(args.folder, model)
    texts, asked = passages(), questions()
    for threads in (1, 2):
        torch.set_num_threads(threads)
        weights = load_reader_weights(args.folder, threads=threads)
        runs: dict[str, Callable[[str], object]] = {
            "torch, float32": in_torch(model, weights, texts),
            "int8, all to the end": partial(weights.score, texts=texts, to_the_end=True),
            "int8, as shipped": partial(weights.score, texts=texts),
        }
        taken = timed(runs, asked, args.rounds)
        read = [sum(bool(each.start.size) for each in weights.score(question, texts)) for question in asked]
        print(f"{threads} threads; read to the end: {sum(read) / len(read):.1f} of {PASSAGES} passages")
        for name, milliseconds in taken.items():
            ratio = taken["torch, float32"] / milliseconds
            print(f"  {name:24} {milliseconds:6.0f} ms  {ratio:.2f} times as fast as torch", flush=True)


if __name__ == "__main__":
    main()
