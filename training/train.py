"""Turns training examples into reader weights; knows nothing of ONNX and of measuring sets.

Warm-up, a stable phase of any length, then a linear decay. The signal USR1 begins the decay early.
Stop it when you like (Ctrl-C, TERM) and go on from the checkpoint with `--resume`.
"""

import argparse
import json
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean as mean
from typing import Any

import torch
from tokenizers import Tokenizer

from qa.evaluation.measures import auroc, exact_match, f1
from training.data import Batch, BatchStream, Corpus, Row, load_corpus, load_tokenizer
from training.model import ReaderModel, encoder_folder, new_model, reader_loss
from training.restore import restore
from training.spans import best_span

PARTS_PER_WORKER = 2  # of a batch


@dataclass(frozen=True, slots=True)
class Schedule:
    """Learning rate by step, relative to its peak."""

    warmup: int
    decay_start: int
    decay_steps: int
    began: int = 0  # the step at which this run's warm-up begins

    def factor(self, step: int) -> float:
        """0..1 for a step counted from 0; 0 once the decay has ended."""
        if step - self.began < self.warmup:
            return (step - self.began + 1) / self.warmup
        if step < self.decay_start:
            return 1.0
        return max(0.0, 1 - (step - self.decay_start + 1) / (self.decay_steps + 1))

    @property
    def end(self) -> int:
        """The number of steps in all."""
        return self.decay_start + self.decay_steps


def make_optimizer(model: ReaderModel, rate: float, head_rate: float) -> torch.optim.AdamW:
    """AdamW whose fresh heads learn faster; `peak` in each group is its full rate."""
    heads: list[torch.nn.Parameter] = []
    body: list[torch.nn.Parameter] = []
    for name, weight in model.named_parameters():
        if weight.requires_grad:
            (body if name.startswith("encoder.") else heads).append(weight)
    groups = [
        {"params": body, "lr": rate, "peak": rate},
        {"params": heads, "lr": head_rate, "peak": head_rate},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01)


def gradients(model: ReaderModel, batch: Batch) -> tuple[float, list[torch.Tensor]]:
    """The loss on a batch and its gradients, in the order of the optimizer's parameters."""
    arrays = (batch.ids, batch.mask, batch.types, batch.starts, batch.ends)
    ids, mask, types, starts, ends = (torch.from_numpy(a) for a in arrays)
    start, end, answerable, early = model(ids, mask, types)
    loss = reader_loss(start, end, answerable, early, starts, ends)
    learnt = [weight for weight in model.parameters() if weight.requires_grad]
    return float(loss.detach()), list(torch.autograd.grad(loss, learnt))


def train_step(
    model: ReaderModel,
    optimizer: torch.optim.AdamW,
    batch: Batch,
    factor: float,
    pool: ThreadPoolExecutor,
    workers: int,
) -> float:
    """One update at `factor` of the peak rates; the loss before it.

    Each worker takes parts of the batch on one thread of its own. Beside busy neighbours this is
    quicker than threads inside each matrix product, which wait for each other thousands of times a step;
    and a worker that a neighbour holds up takes fewer parts.
    """
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * factor
    parts = batch.split(workers * PARTS_PER_WORKER)
    results = list(pool.map(lambda part: gradients(model, part), parts))
    shares = [len(part) / len(batch) for part in parts]
    learnt = [weight for weight in model.parameters() if weight.requires_grad]
    for place, weight in enumerate(learnt):
        weight.grad = sum(
            (share * grads[place] for share, (_, grads) in zip(shares, results, strict=True)),
            start=torch.zeros(()),
        )
    torch.nn.utils.clip_grad_norm_(learnt, 1.0)
    optimizer.step()
    return sum(share * loss for share, (loss, _) in zip(shares, results, strict=True))


def worker_pool(workers: int) -> ThreadPoolExecutor:
    """Threads whose matrix products stay on one core each."""
    return ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,))


def save_checkpoint(
    path: Path, model: ReaderModel, optimizer: torch.optim.AdamW, step: int, facts: dict[str, Any]
) -> None:
    """Writes all state beside the old checkpoint, then takes its place in one rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
        "rng": torch.get_rng_state(),
        "facts": facts,
    }
    beside = path.with_suffix(".part")
    torch.save(state, beside)
    beside.replace(path)


def load_checkpoint(
    path: Path, model: ReaderModel, optimizer: torch.optim.AdamW | None = None
) -> tuple[int, dict[str, Any]]:
    """Restores weights, optimizer and random state; the step to go on with and run facts."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"])
    if optimizer is not None:
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["rng"])
    return int(state["step"]), dict(state["facts"])


def run_steps(
    model: ReaderModel,
    optimizer: torch.optim.AdamW,
    batches: Callable[[int], Batch],
    schedule: Schedule,
    first: int,
    last: int,
) -> None:
    """Steps first..last - 1 without any report; what `main` does, for tests."""
    with worker_pool(2) as pool:
        for step in range(first, last):
            train_step(model, optimizer, batches(step), schedule.factor(step), pool, 2)


def quick_score(model: ReaderModel, rows: tuple[Row, ...], tokenizer: Tokenizer) -> dict[str, float]:
    """F1 and exact match of the answerable rows, and both gates' ranking of answerable over not, 0..1."""
    model.eval()
    f1s: list[float] = []
    exact: list[float] = []
    gates: list[float] = []
    early: list[float] = []
    with torch.no_grad():
        for row in rows:
            coded = tokenizer.encode(row.question, row.passage)
            ids, types = torch.tensor([coded.ids]), torch.tensor([coded.type_ids])
            start, end, gate, sooner = model(ids, torch.ones_like(ids), types)
            gates.append(float(gate))
            early.append(float(sooner))
            if row.spans:
                span = best_span(start[0].numpy(), end[0].numpy())
                text = row.passage[coded.offsets[span.start][0] : coded.offsets[span.end][1]]
                f1s.append(f1(text, row.answers))
                exact.append(exact_match(text, row.answers))
    model.train()
    answerable = [bool(row.spans) for row in rows]
    ranked = {"auroc": auroc(gates, answerable), "early_auroc": auroc(early, answerable)}
    return {"f1": mean(f1s), "em": mean(exact), **ranked}


@dataclass(slots=True)
class Controls:
    """What signals have asked of the loop."""

    stopped: bool = False
    decay: bool = False

    def listen(self) -> None:
        """TERM and Ctrl-C stop after the step; USR1 begins the decay."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGUSR1, self._decay)

    def _stop(self, *_: object) -> None:
        self.stopped = True

    def _decay(self, *_: object) -> None:
        self.decay = True


@dataclass(slots=True)
class Progress:
    """Prints speed and loss every few steps."""

    rows: int
    began: float
    began_rows: int
    losses: list[float]

    def report(self, step: int, schedule: Schedule, batch: int) -> None:
        """One line: step, mean loss and rows a second since the last line, minutes left."""
        now = time.monotonic()
        speed = (self.rows - self.began_rows) / (now - self.began)
        left = (schedule.end - step) * batch / speed / 60
        loss = sum(self.losses) / len(self.losses)
        print(
            f"{time.strftime('%H:%M:%S')} step {step} loss {loss:.3f} {speed:.1f} rows/s"
            f" rows {self.rows} left {left:.0f} min",
            flush=True,
        )
        self.began, self.began_rows, self.losses = now, self.rows, []


def train(
    model: ReaderModel, stream: BatchStream, corpus: Corpus, tokenizer: Tokenizer, args: argparse.Namespace
) -> None:
    """The whole run, from a fresh start or from its checkpoint, to the end of the decay or a signal."""
    optimizer = make_optimizer(model, args.rate, args.head_rate)
    path = args.run / "checkpoint.pt"
    step, rows, schedule = 0, 0, Schedule(args.warmup, args.stable_steps, args.decay_steps)
    if args.resume:
        step, facts = load_checkpoint(path, model, optimizer)
        rows, held = int(facts["rows"]), Schedule(**facts["schedule"])
        schedule = held if step >= held.decay_start else schedule
    elif args.from_weights is not None:
        restore(args.from_weights, model)
        trained = json.loads((args.from_weights / "reader.json").read_text(encoding="utf-8"))["trained"]
        step, rows = int(trained["steps"]), int(trained["rows"])
        schedule = replace(schedule, began=step)
    controls = Controls(decay=args.decay_now)
    controls.listen()
    progress = Progress(rows, time.monotonic(), rows, [])

    def save() -> float:
        kept = {"rows": progress.rows, "steps": step, "schedule": asdict(schedule)}
        told = {"seed": args.seed, "batch": args.batch, "rate": args.rate}
        save_checkpoint(path, model, optimizer, step, kept | told)
        return time.monotonic()

    def score() -> float:
        print(f"held out at {step}: {quick_score(model, corpus.held_out, tokenizer)}", flush=True)
        return time.monotonic()

    saved = scored = time.monotonic()
    with worker_pool(args.threads) as pool:
        while step < schedule.end and not controls.stopped:
            if controls.decay:
                controls.decay, schedule = False, replace(schedule, decay_start=step)
            batch = stream[step]
            factor = schedule.factor(step)
            progress.losses.append(train_step(model, optimizer, batch, factor, pool, args.threads))
            step, progress.rows = step + 1, progress.rows + len(batch)
            if step % 20 == 0:
                progress.report(step, schedule, args.batch)
            if time.monotonic() - saved > args.save_minutes * 60:
                saved = save()
            if time.monotonic() - scored > args.score_minutes * 60:
                scored = score()
    save()
    score()


def main() -> None:
    """Trains, with a checkpoint every few minutes, and leaves runs/<name>/checkpoint.pt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--run", type=Path, default=Path(__file__).parent / "runs" / "reader")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--warmup", type=int, default=120)
    parser.add_argument("--stable-steps", type=int, default=6280, help="steps before the decay")
    parser.add_argument("--decay-steps", type=int, default=1400)
    parser.add_argument("--max-tokens", type=int, default=288)
    parser.add_argument("--threads", type=int, default=2, help="parts of a batch worked on at a time")
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--score-minutes", type=float, default=15)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--from-weights", type=Path, help="go on from shipped weights, for want of a checkpoint")
    parser.add_argument("--decay-now", action="store_true", help="begin the decay at once")
    args = parser.parse_args()

    torch.set_num_threads(1)  # a worker each; see train_step
    folder = encoder_folder()
    tokenizer = load_tokenizer(folder / "tokenizer.json", args.max_tokens)
    corpus = load_corpus(args.data, args.seed)
    stream = BatchStream(corpus, tokenizer, seed=args.seed, batch=args.batch)
    kinds = {kind: len(rows) for kind, rows in corpus.negatives.items()}
    print(f"{len(corpus.answerable)} answerable, negatives to draw from {kinds}", flush=True)
    print(f"{len(stream.plans[0])} examples an epoch, {len(corpus.held_out)} held out", flush=True)
    model = new_model(folder, args.seed)
    model.train()
    train(model, stream, corpus, tokenizer, args)


if __name__ == "__main__":
    main()
