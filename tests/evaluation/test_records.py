from pathlib import Path

import pytest

from qa.errors import InputError
from qa.evaluation.records import Records, fingerprint, stamp
from qa.types import Answer
from tests.evaluation.systems import EXAMPLES, perfect

QUESTION = EXAMPLES[0].question


class Listening:
    """The perfect system, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(self, question: str, history: tuple[str, ...]) -> Answer:
        self.asked.append((question, history))
        return perfect(question, history)


def test_an_answer_is_asked_for_once_and_reused_in_the_next_run(tmp_path: Path) -> None:
    system, path = Listening(), tmp_path / "records.jsonl"
    first = Records(path, "s1")
    given = first.through(system.ask)(QUESTION, ())
    again = Records(path, "s1")
    reused = again.through(system.ask)(QUESTION, ())
    assert (len(system.asked), first.reused, again.reused) == (1, 0, 1)
    assert (reused.short, reused.citations, reused.timings) == (given.short, given.citations, given.timings)


def test_another_system_history_or_question_is_asked_anew(tmp_path: Path) -> None:
    system, path = Listening(), tmp_path / "records.jsonl"
    Records(path, "s1").through(system.ask)(QUESTION, ())
    Records(path, "s2").through(system.ask)(QUESTION, ())
    Records(path, "s1").through(system.ask)(QUESTION, ("Earlier?",))
    Records(path, "s1").through(system.ask)(EXAMPLES[1].question, ())
    assert len(system.asked) == 4


def test_a_line_torn_by_a_kill_is_asked_anew_and_the_file_stays_whole(tmp_path: Path) -> None:
    system, path = Listening(), tmp_path / "records.jsonl"
    ask = Records(path, "s1").through(system.ask)
    ask(QUESTION, ())
    ask(EXAMPLES[1].question, ())
    path.write_bytes(path.read_bytes()[:-20])
    resumed = Records(path, "s1")
    for example in EXAMPLES[:2]:
        resumed.through(system.ask)(example.question, ())
    assert (resumed.reused, len(system.asked)) == (1, 3)
    assert Records(path, "s1").through(system.ask)(EXAMPLES[1].question, ()).short == "Tomas Ferro"
    assert len(system.asked) == 3


@pytest.mark.parametrize("content", ["no JSON\n", "[]\n", '{"key": "k"}\n', '{"schema": 1}'])
def test_another_file_is_refused_and_left_as_it_is(content: str, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(content)
    with pytest.raises(InputError, match=r"notes\.txt: not a file of records"):
        Records(path, "s1")
    assert path.read_text() == content


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        Records(tmp_path / "nowhere" / "records.jsonl", "s1")


def test_parts_are_not_run_together_and_stamps_are_of_files(tmp_path: Path) -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    (tmp_path / "script").write_text("one")
    assert stamp(tmp_path / "script") != ""
    assert (stamp(tmp_path), stamp(tmp_path / "none"), stamp(Path("--flag"))) == ("", "", "")
