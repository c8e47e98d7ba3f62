"""The loop: resuming, the schedule, the loss, and decoding on hand-made logits."""

from pathlib import Path

import numpy as np
import pytest
import torch

from training.data import Batch
from training.model import MASKED, SEP, ReaderModel, reader_loss, tiny_model
from training.spans import BestSpan, best_span
from training.train import (
    Schedule,
    load_checkpoint,
    make_optimizer,
    run_steps,
    save_checkpoint,
)

SCHEDULE = Schedule(warmup=2, decay_start=6, decay_steps=3)


def batch_of(step: int) -> Batch:
    """Two random sequences; the first has an answer, the second none."""
    rng = np.random.default_rng(step)
    ids = rng.integers(3, 100, size=(2, 12))
    types = np.array([[0] * 4 + [1] * 8] * 2)
    starts, ends = np.array([[5 + step % 3], [0]]), np.array([[7 + step % 3], [0]])
    return Batch(ids, np.ones((2, 12), dtype=np.int64), types, starts, ends)


def weights(model: ReaderModel) -> torch.Tensor:
    return torch.cat([w.detach().flatten() for w in model.parameters()])


def test_a_resumed_run_ends_with_the_same_weights(tmp_path: Path) -> None:
    whole = tiny_model(5)
    run_steps(whole, make_optimizer(whole, 1e-2, 1e-2), batch_of, SCHEDULE, 0, 9)

    begun = tiny_model(5)
    optimizer = make_optimizer(begun, 1e-2, 1e-2)
    run_steps(begun, optimizer, batch_of, SCHEDULE, 0, 4)
    save_checkpoint(tmp_path / "c.pt", begun, optimizer, 4, {"rows": 8})

    resumed = tiny_model(99)
    optimizer = make_optimizer(resumed, 1e-2, 1e-2)
    step, facts = load_checkpoint(tmp_path / "c.pt", resumed, optimizer)
    run_steps(resumed, optimizer, batch_of, SCHEDULE, step, 9)

    assert (step, facts) == (4, {"rows": 8})
    assert torch.equal(weights(resumed), weights(whole))
    assert [p.name for p in tmp_path.iterdir()] == ["c.pt"]


def test_training_learns_one_batch() -> None:
    model = tiny_model(1)
    optimizer = make_optimizer(model, 1e-2, 1e-2)
    schedule = Schedule(1, 60, 1)
    batch = batch_of(0)
    run_steps(model, optimizer, lambda _: batch, schedule, 0, 60)
    with torch.no_grad():
        start, end, gate, early = model(*(torch.from_numpy(a) for a in (batch.ids, batch.mask, batch.types)))
    assert (int(start[0].argmax()), int(end[0].argmax())) == (5, 7)
    assert (int(start[1].argmax()), int(end[1].argmax())) == (0, 0)
    assert gate[0] > 0 > gate[1]
    assert early[0] > 0 > early[1]


def test_the_rate_warms_up_stays_and_decays_to_nothing() -> None:
    factors = [SCHEDULE.factor(step) for step in range(10)]
    assert factors == pytest.approx([0.5, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25, 0])
    assert SCHEDULE.end == 9


def test_a_run_that_goes_on_from_shipped_weights_warms_up_anew() -> None:
    later = Schedule(warmup=2, decay_start=6, decay_steps=3, began=3)
    assert [later.factor(step) for step in range(3, 7)] == pytest.approx([0.5, 1, 1, 0.75])


def test_only_passage_tokens_and_the_null_place_keep_their_logit() -> None:
    model = tiny_model(0)
    ids = torch.tensor([[101, 7, SEP, 8, 9, SEP, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 1, 1, 0]])
    types = torch.tensor([[0, 0, 0, 1, 1, 1, 0]])
    start, end, gate, early = model(ids, mask, types)
    for logits in (start, end):
        assert (logits[0] > MASKED).tolist() == [True, False, False, True, True, False, False]
    assert gate.shape == early.shape == (1,)


def test_the_loss_counts_any_accepted_span() -> None:
    start = end = torch.log(torch.tensor([[0.1, 0.6, 0.3]]))
    sure = torch.tensor([40.0])
    one = reader_loss(start, end, sure, sure, torch.tensor([[1]]), torch.tensor([[2]]))
    two = reader_loss(start, end, sure, sure, torch.tensor([[1, 1]]), torch.tensor([[2, 1]]))
    assert float(one) == pytest.approx(-0.5 * np.log(0.6 * 0.3), abs=1e-5)
    assert float(two) == pytest.approx(-0.5 * np.log(0.6 * 0.3 + 0.6 * 0.6), abs=1e-5)


def test_the_loss_without_answer_points_at_the_null_place() -> None:
    start = end = torch.log(torch.tensor([[0.5, 0.25, 0.25]]))
    unsure = torch.tensor([0.0])
    loss = reader_loss(start, end, unsure, unsure, torch.tensor([[0]]), torch.tensor([[0]]))
    assert float(loss) == pytest.approx(-np.log(0.5) + 0.75 * np.log(2), abs=1e-5)


def test_the_best_span_is_ordered_short_and_not_null() -> None:
    start = [9.0, 0.0, 3.0, 1.0, 4.0]
    end = [9.0, 5.0, 0.0, 2.0, 1.0]
    # end 1 precedes every good start but 1 itself: 0 + 5; 2..3: 3 + 2; 4..4: 4 + 1: the first wins
    assert best_span(start, end) == BestSpan(1, 1, 5.0)
    assert best_span([9.0, 0.0, 3.5, 1.0, 4.0], end) == BestSpan(2, 3, 5.5)
    assert best_span([9.0, 0.0, 3.5, 1.0, 4.2], end, longest=1) == BestSpan(4, 4, 5.2)
