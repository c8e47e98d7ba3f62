import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.turns import Turns
from tests.running import until


@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_the_oldest_question_goes_first_and_what_nobody_waits_for_last(background: list[bool]) -> None:
    turns, order = Turns(1), []
    places = [turns.place(background=each) for each in background]

    def work(number: int) -> None:
        with turns.turn(places[number]):
            order.append(number)

    with ThreadPoolExecutor(len(places)) as threads, turns.turn(turns.place()):
        for number in reversed(range(len(places))):
            threads.submit(work, number)
        until(lambda: turns.waiting == len(places))
    assert order == sorted(range(len(places)), key=lambda number: (background[number], number))


def test_as_many_run_at_once_as_there_are_turns() -> None:
    turns = Turns(2)
    release = Event()

    def work(_: int) -> None:
        with turns.turn(turns.place()):
            assert release.wait(10)

    with ThreadPoolExecutor(5) as threads:
        done = [threads.submit(work, number) for number in range(5)]
        until(lambda: turns.waiting == 3)
        time.sleep(0.05)
        assert turns.waiting == 3  # and not fewer
        release.set()
        for each in done:
            each.result()
    assert turns.waiting == 0


def test_a_turn_whose_work_fails_is_given_back() -> None:
    turns = Turns(1)
    with pytest.raises(ZeroDivisionError), turns.turn(turns.place()):
        _ = 1 / 0
    with turns.turn(turns.place()):
        assert turns.waiting == 0
