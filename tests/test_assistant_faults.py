"""A language model that is killed, stalls or speaks nonsense, and a library that is replaced: the quote stands."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa.backup import back_up, restore
from qa.documents import read_one
from qa.indexing import index
from qa.library import Library
from qa.models import OpenAILanguageModel, load_language_model
from qa.types import Answer, Outcome, Support
from tests.fakes import WordEmbedder
from tests.models.scripted import Reply, Request, event, scripted_server
from tests.test_assistant import TEXT, assistant, holds

QUESTION = "Who said that the bridge is open?"
EVENTS = {"Content-Type": "text/event-stream"}
GOOD = event("Anna Lind said the bridge is open.") + event("", "stop") + b"data: [DONE]\n\n"


@contextmanager
def model(answer: Callable[[Request], Reply], seconds: float = 60) -> Iterator[OpenAILanguageModel]:
    """The real client of a server that answers as the test wrote."""
    with scripted_server(answer) as server:
        loaded = load_language_model(f"{server.address}/v1#m", "", offline=True, seconds=seconds)
        assert loaded is not None
        yield loaded


def asked_once(folder: Path, answer: Callable[[Request], Reply], seconds: float = 60, capable: bool = False) -> Answer:
    """The answer with such a model, after a check that it keeps its promises."""
    with model(answer, seconds) as broken, assistant(folder, broken, capable=capable) as asking:
        given = asking.ask(QUESTION)
        (document,) = asking.documents()
    holds(given, document)
    assert (given.outcome, given.short) == (Outcome.ANSWERED, "Anna Lind")
    return given


def quoted(answer: Answer) -> bool:
    """Whether nothing but quotes is said."""
    return {claim.support for claim in answer.claims} == {Support.QUOTED}


def test_a_model_killed_in_the_middle_leaves_what_was_proved(tmp_path: Path) -> None:
    cut = event("Anna Lind said the bridge is open. ") + event("Ruiz, on the other")
    given = asked_once(tmp_path, lambda _: Reply(body=cut, headers=EVENTS, length=len(cut) + 1000))
    assert given.claims[0].text == "Anna Lind said the bridge is open."
    assert "other" not in given.text


def test_a_model_that_stalls_is_waited_for_no_longer_than_a_reply_may_take(tmp_path: Path) -> None:
    released = threading.Event()

    def stalls(_: Request) -> Reply:
        released.wait(60)
        return Reply(503)

    watchdog = threading.Timer(30, released.set)
    watchdog.start()
    try:
        with model(stalls, seconds=0.3) as stalled, assistant(tmp_path, stalled) as asking:
            given = asking.ask(QUESTION)
            waited_in_vain = not released.is_set()
            released.set()
    finally:
        watchdog.cancel()
    assert waited_in_vain
    assert (given.short, quoted(given)) == ("Anna Lind", True)


@pytest.mark.parametrize("capable", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>It works!</html>",
        b"data: {}\n\n",
        b"data: [1, 2\n\ndata: [DONE]\n\n",
        b'data: {"choices": []}\n\ndata: [DONE]\n\n',
        bytes(range(256)) * 4,
        event("\x1b[2J\x00￾‮ 〄 [1] [99] <script>alert(1)</script>") + event("", "stop"),
        event("the " * 5000) + event("", "stop"),
        event("Maria Torres said the bridge burned in 1999 [1]. [2] [7]") + event("", "stop"),
    ],
)
def test_a_model_that_speaks_nonsense_proves_nothing(tmp_path: Path, body: bytes, capable: bool) -> None:
    given = asked_once(tmp_path, lambda _: Reply(body=body, headers=EVENTS), capable=capable)
    shown = [claim for claim in given.claims if claim.support is not Support.QUOTED]
    assert all(claim.support is Support.UNSUPPORTED for claim in shown)  # a capable model's words, marked
    assert capable or not shown


def test_a_model_that_comes_back_writes_again(tmp_path: Path) -> None:
    replies = iter([Reply(500), Reply(body=GOOD, headers=EVENTS)])
    with model(lambda _: next(replies)) as restarted, assistant(tmp_path, restarted) as asking:
        assert quoted(asking.ask(QUESTION))
        again = asking.ask(QUESTION)
    assert again.claims[0].text == "Anna Lind said the bridge is open."
    assert again.claims[0].support is Support.SUPPORTED


def test_a_library_replaced_while_it_is_asked_answers_from_what_it_holds_now(tmp_path: Path) -> None:
    embedder, other = WordEmbedder(), tmp_path / "other.txt"
    other.write_text(TEXT.replace("Anna Lind", "Vera Moss").replace("Lind", "Moss"), encoding="utf-8")
    with Library.create(tmp_path / "elsewhere", embedder.name) as elsewhere:
        index(elsewhere, [read_one(other)], embedder)
    back_up(tmp_path / "elsewhere", tmp_path / "other.zip")
    with assistant(tmp_path) as asking:
        assert asking.ask(QUESTION).short == "Anna Lind"
        restore(tmp_path / "other.zip", tmp_path / "library")
        given = asking.ask(QUESTION)
        (document,) = asking.documents()
    assert given.short == "Vera Moss"
    holds(given, document)
