"""A capable model's rewrite, and what becomes of it when it cannot be trusted."""

import pytest

from qa.conversation import rewritten
from qa.errors import ModelFailed
from qa.models import load_language_model
from tests.builders import turn
from tests.fakes import FailingLanguageModel, ScriptedLanguageModel
from tests.models.scripted import Reply, event, scripted_server

HISTORY = [turn("Who opened the bridge at Kilmore?", "Anna Lind"), turn("What did it cost?", "two million")]
QUESTION = "And when did she do that?"
BY_RULE = "When did Anna Lind do that? (What did the bridge cost? two million)"


def asked(*pieces: str, question: str = QUESTION) -> tuple[str, ScriptedLanguageModel]:
    model = ScriptedLanguageModel(pieces)
    return rewritten(question, HISTORY, model), model


def test_a_faithful_rewrite_stands() -> None:
    resolved, model = asked("When did Anna Lind", " open the bridge at Kilmore?", "\nAs asked.", " More")
    assert resolved == "When did Anna Lind open the bridge at Kilmore?"
    assert (model.taken, model.closed) == (3, True)
    shown = model.asked[0][-1].content
    assert "Question: Who opened the bridge at Kilmore?\nAnswer: Anna Lind" in shown
    assert shown.endswith(f"Next question: {QUESTION}")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Sure!",
        "When did Peter Ruiz open the bridge at Kilmore?",  # a name that nobody mentioned
        "When did Anna Lind open the bridge of 1990?",  # a number that nobody mentioned
        "Anna Lind opened the bridge at Kilmore.",  # an answer
        "When did she do that" + " again" * 100 + "?",
    ],
)
def test_a_rewrite_that_cannot_be_trusted_gives_way_to_the_rules(reply: str) -> None:
    resolved, _ = asked(reply)
    assert resolved == BY_RULE.replace("the bridge cost", "it cost")


def test_a_rewrite_may_not_lose_what_was_asked_about() -> None:
    resolved, _ = asked("When did Anna Lind open the bridge?", question="When did she meet Ruiz in 1990?")
    assert resolved == "When did Anna Lind meet Ruiz in 1990?"


def test_without_history_the_model_is_not_asked() -> None:
    model = ScriptedLanguageModel(["Who?"])
    assert rewritten("Who opened it?", [], model) == "Who opened it?"
    assert model.asked == []


def test_a_model_that_fails_leaves_the_rules_and_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    failing = FailingLanguageModel(ModelFailed("it is gone", "restart it"))
    assert rewritten("Why?", HISTORY[:1], failing) == "Why was it that Anna Lind opened the bridge at Kilmore?"
    assert "it is gone (restart it)" in caplog.text


def test_an_endpoint_rewrites() -> None:
    body = event("When did Anna Lind open the bridge?") + event(finish="stop") + b"data: [DONE]\n\n"
    reply = Reply(body=body, headers={"Content-Type": "text/event-stream"})
    with scripted_server(lambda _: reply) as server:
        model = load_language_model(f"{server.address}/v1#m", "", offline=True)
        assert model is not None
        assert model.is_capable()
        assert rewritten(QUESTION, HISTORY, model) == "When did Anna Lind open the bridge?"
    assert "Next question: And when did she do that?" in server.requests[0].body.decode()
