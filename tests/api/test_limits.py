import asyncio

import pytest

from qa.api.limits import Gate
from qa.errors import Busy
from tests.running import run


def test_turns_are_had_in_order_and_no_more_at_once_than_allowed() -> None:
    async def main() -> tuple[list[int], int]:
        gate, order, running, most = Gate("turns", 2, 10), [], 0, 0

        async def work(number: int) -> None:
            nonlocal running, most
            with gate.place():
                async with gate.turn():
                    running += 1
                    most = max(most, running)
                    order.append(number)
                    await asyncio.sleep(0)
                    running -= 1

        await asyncio.gather(*map(work, range(8)))
        assert gate.taken == 0
        return order, most

    assert run(main()) == (list(range(8)), 2)


def test_who_finds_no_place_is_told_when_to_come_again() -> None:
    gate = Gate("answers", 1, 1)
    with gate.place(), gate.place(), pytest.raises(Busy, match="2 answers are being made or waited for") as caught:
        gate.place().__enter__()
    assert (caught.value.seconds, caught.value.hint) == (1, "ask again in 1 s")
    with gate.place():
        assert gate.taken == 1


def test_fewer_may_wait_when_turns_are_slow() -> None:
    gate = Gate("answers", 2, 100, patience=10)
    gate.seconds = 8.0
    with gate.place(), gate.place(), gate.place(), gate.place(), pytest.raises(Busy) as caught:
        gate.place().__enter__()  # the third in the queue would wait for 12 s
    assert caught.value.seconds == 10


def test_work_that_fails_gives_its_place_and_turn_back() -> None:
    async def main() -> int:
        gate = Gate("answers", 1, 0)
        for _ in range(3):
            with pytest.raises(ValueError, match="no"):
                await gate.run(lambda: int("no"))
        return gate.taken

    assert run(main()) == 0
