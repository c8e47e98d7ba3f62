import time

from qa.clock import Clock


def test_stages_end_one_after_the_other() -> None:
    clock = Clock()
    clock.mark("retrieve")
    time.sleep(0.01)
    clock.mark("read")
    unwritten = clock.timings()
    assert unwritten.first_sentence is None
    assert 0 <= unwritten.retrieve <= unwritten.read - 10
    assert unwritten.read <= unwritten.total


def test_only_the_first_sentence_counts_but_the_last_reading() -> None:
    clock = Clock()
    for stage in ("retrieve", "read"):
        clock.mark(stage)
    clock.mark("first_sentence", once=True)
    first, early = clock.timings().first_sentence, clock.timings().read
    time.sleep(0.01)
    clock.mark("first_sentence", once=True)
    clock.mark("read")
    assert clock.timings().first_sentence == first
    assert clock.timings().read >= early + 10
