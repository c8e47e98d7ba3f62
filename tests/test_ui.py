import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest

from qa.errors import BadQuestion, DocumentNotFound
from qa.types import Answer, Event, Found, Outcome, Retrieved, Written
from qa.ui import build
from qa.ui import view as views
from qa.ui.conversation import Conversation, Only
from qa.ui.stopping import Stoppable
from qa.ui.view import View, advanced, events_panel, failed, history, library_panel, messages, source_panel, started
from tests.surface_fakes import (
    ANSWERED,
    DOCUMENT,
    NOT_FOUND,
    NOTICE,
    OPENED,
    QUOTE,
    UNVERIFIED,
    FakeAssistant,
    events_of,
)

ASSISTANT = FakeAssistant()


def after(answer: Answer, count: int, number: int = 1) -> View:
    """The view after the first `count` events of an answer."""
    view = started(answer.question, number)
    for event in events_of(answer)[:count]:
        view = advanced(view, event)
    return view


def whole(answer: Answer, number: int = 1) -> View:
    return after(answer, 99, number)


def shown(view: View) -> str:
    """The text of the answer's message."""
    return unescape(re.sub(r"<[^>]*>", "|", messages([view])[1]["content"]))


@pytest.mark.parametrize(
    ("count", "holds", "lacks"),
    [
        (0, "Searching the sources …", "Ada Brook"),
        (1, "Reading 2 passages …", "Ada Brook"),
        (2, "Ada Brook|", "said it"),
        (2, "Writing; each sentence is checked before it is shown …", "said it"),
        (3, "Ada Brook said it at the opening.", "do not say"),
        (5, "Ada Brook said it at the opening.", "Writing"),
    ],
)
def test_each_event_adds_its_part(count: int, holds: str, lacks: str) -> None:
    text = shown(after(ANSWERED, count))
    assert holds in text
    assert lacks not in text


def test_the_folded_answer_is_the_answer() -> None:
    before_last = after(ANSWERED, 4)
    assert before_last.answer.claims == ANSWERED.claims
    assert before_last.answer.citations == ANSWERED.citations
    assert whole(ANSWERED) == View(1, ANSWERED, "", running=False)


def test_a_written_sentence_may_bring_a_citation() -> None:
    first, second = ANSWERED.citations
    view = advanced(started("?", 1), Found("Ada Brook", (second,)))
    view = advanced(view, Written(ANSWERED.claims[0], (first, second)))
    assert view.answer.citations == (first, second)


def test_nothing_is_refused_before_the_last_event() -> None:
    assert "do not say" not in shown(after(NOT_FOUND, 2))
    assert "The sources do not say." in shown(whole(NOT_FOUND))


def test_a_notice_needs_no_passages() -> None:
    assert after(NOTICE, 1).status == ""
    assert "Hello. Ask me about the documents." in shown(whole(NOTICE))


def test_stopping_keeps_what_was_shown() -> None:
    view = views.stopped(after(ANSWERED, 3))
    assert "Ada Brook said it at the opening." in shown(view)
    assert "Stopped." in shown(view)
    assert not view.running


def test_an_error_is_shown_with_its_hint() -> None:
    text = shown(failed(started("?", 1), BadQuestion("the question is empty", "ask <something>")))
    assert "the question is empty. ask <something>" in text


def test_a_follow_up_refers_to_finished_answers_only() -> None:
    turns = [whole(ANSWERED), views.stopped(after(NOT_FOUND, 1, 2)), after(NOT_FOUND, 1, 3)]
    assert [turn.question for turn in history(turns)] == [ANSWERED.question]


def test_a_question_is_escaped() -> None:
    asked, _ = messages([started("<img src=x> **b**", 1)])
    assert asked["content"] == ('<p class="qa-question" dir="auto">&#60;img src&#61;x&#62; &#42;&#42;b&#42;&#42;</p>')


def marked(panel: str | None) -> dict[str, str]:
    """id of each mark -> its text."""
    assert panel is not None
    return {unescape(name): unescape(text) for name, text in re.findall(r'<mark id="([^"]*)"[^>]*>([^<]*)', panel)}


def test_passages_come_first_then_the_proof() -> None:
    retrieved, found, *rest = events_of(ANSWERED)
    view = after(ANSWERED, 2)
    first = events_panel(view, retrieved, ASSISTANT)
    assert first is not None
    assert "#turn&#45;1&#45;passage&#45;2" in first
    proof = events_panel(view, found, ASSISTANT)
    assert marked(proof) == {"turn-1-source-1": QUOTE, "turn-1-source-2": OPENED}
    assert proof is not None
    assert 'data-active="turn&#45;1&#45;source&#45;1"' in proof
    assert [events_panel(view, event, ASSISTANT) for event in rest] == [None] * len(rest)


def test_without_hits_or_proof_the_panel_stays() -> None:
    view = started("?", 1)
    assert events_panel(view, Retrieved((), "?"), ASSISTANT) is None
    assert events_panel(view, Found(None, ()), ASSISTANT) is None


def test_a_mark_opens_its_words() -> None:
    turns = [whole(NOT_FOUND), whole(ANSWERED, 2)]
    panel = source_panel(turns, "turn-2-source-2", ASSISTANT)
    assert marked(panel) == {"turn-2-source-1": QUOTE, "turn-2-source-2": OPENED}
    passage = source_panel(turns, "turn-1-passage-2", ASSISTANT)
    assert marked(passage)["turn-1-passage-2"] == "It has burned every night since then."


def test_a_document_opens_without_marks() -> None:
    assert marked(source_panel([], "document-doc1", ASSISTANT)) == {}


@pytest.mark.parametrize(
    "anchor", ["", "turn-1-source-3", "turn-9-source-1", "turn-1-hit-1", "#x", "turn-1-source-1\n"]
)
def test_an_unknown_anchor_opens_nothing(anchor: str) -> None:
    assert source_panel([whole(ANSWERED)], anchor, ASSISTANT) is None


def test_an_unknown_document_is_an_error() -> None:
    with pytest.raises(DocumentNotFound, match="no document 'other'"):
        source_panel([], "document-other", ASSISTANT)


def test_the_first_panel_lists_the_documents() -> None:
    panel = library_panel([DOCUMENT])
    assert "1 document." in panel
    assert "The bakery on Mill Lane" in panel
    assert "3 documents." in library_panel([DOCUMENT, replace(DOCUMENT, id="2"), replace(DOCUMENT, id="3")])


def test_a_conversation_shows_every_event_and_gives_the_history() -> None:
    assistant = FakeAssistant()
    conversation = Conversation(Only(assistant))
    *_, (turns, _) = conversation.ask(ANSWERED.question, (), "s")
    steps = list(conversation.ask(NOT_FOUND.question, turns, "s"))
    assert [len(turns) for turns, _ in steps] == [2] * len(steps)
    assert [turns[-1].answer.outcome for turns, _ in steps][-1] is Outcome.NOT_FOUND
    (_, earlier) = assistant.asked[-1]
    assert [turn.answer for turn in earlier] == [ANSWERED]
    assert conversation.running == {}


def test_a_failing_assistant_is_shown_not_raised() -> None:
    *_, (turns, _) = Conversation(Only(FakeAssistant())).ask("  ", (), "s")
    assert "the question is empty" in shown(turns[-1])


def test_a_document_that_is_gone_is_said_in_its_place() -> None:
    panel = Conversation(Only(ASSISTANT)).source([], "document-other")
    assert panel is not None
    assert "no document 'other'. see `qa statements`" in unescape(panel)


def test_stop_ends_the_answer_at_once_and_closes_the_stream() -> None:
    assistant = FakeAssistant(hold=threading.Event())
    conversation = Conversation(Only(assistant))
    steps = conversation.ask(ANSWERED.question, (), "s")
    for turns, _ in steps:
        if turns[-1].answer.short:
            break
    began = time.monotonic()
    conversation.stop("another session")
    conversation.stop("s")
    *_, (turns, _) = steps
    assert time.monotonic() - began < 5
    assert turns[-1].status == "Stopped."
    assert not assistant.closed.is_set()  # it is still at its sentence
    assert assistant.hold is not None
    assistant.hold.set()
    assert assistant.closed.wait(10)


def test_a_conversation_that_is_cleared_in_mid_answer_stays_empty() -> None:
    assistant = FakeAssistant(hold=threading.Event())
    conversation = Conversation(Only(assistant))
    steps = conversation.ask(ANSWERED.question, (), "s")
    next(iter(steps))
    next(iter(steps))
    conversation.forget("s")
    assert list(steps) == []
    assert conversation.running == {}
    assert assistant.hold is not None
    assistant.hold.set()
    assert assistant.closed.wait(10)


def test_a_session_is_given_one_answer_at_a_time() -> None:
    assistant = FakeAssistant(hold=threading.Event())
    conversation = Conversation(Only(assistant))
    steps = conversation.ask(ANSWERED.question, (), "s")
    next(iter(steps))
    assert list(conversation.ask(NOT_FOUND.question, (), "s")) == []
    next(iter(steps))
    assert list(conversation.ask(NOT_FOUND.question, (), "s")) == []
    *_, (others, _) = conversation.ask(NOT_FOUND.question, (), "another")
    assert others[0].answer.question == NOT_FOUND.question
    assert assistant.hold is not None
    assistant.hold.set()
    *_, (turns, _) = steps
    assert [turn.answer.question for turn in turns] == [ANSWERED.question]
    *_, (turns, _) = conversation.ask(NOT_FOUND.question, turns, "s")
    assert [turn.answer.question for turn in turns] == [ANSWERED.question, NOT_FOUND.question]


def test_a_reader_who_leaves_stops_the_answer() -> None:
    assistant = FakeAssistant(hold=threading.Event())
    steps = Conversation(Only(assistant)).ask(ANSWERED.question, (), "s")
    assert isinstance(steps, Iterator)
    next(steps)
    next(steps)
    steps.close()  # type: ignore[attr-defined]  # what Gradio does when the page is closed
    assert assistant.hold is not None
    assistant.hold.set()
    assert assistant.closed.wait(10)


def test_an_error_inside_the_stream_reaches_the_reader_of_it() -> None:
    def broken() -> Iterator[Event]:
        yield Retrieved((), "?")
        raise BadQuestion("broken", "mend it")

    events = iter(Stoppable(broken()))
    assert next(events) == Retrieved((), "?")
    with pytest.raises(BadQuestion, match="broken"):
        next(events)


def test_what_may_be_asked_next_goes_on_from_the_last_answer() -> None:
    conversation = Conversation(Only(FakeAssistant()))
    assert conversation.suggestions(()) == (ANSWERED.question,)
    assert conversation.suggestions([whole(ANSWERED)]) == (NOT_FOUND.question, NOTICE.question, UNVERIFIED.question)
    assert conversation.suggestions([whole(NOT_FOUND)]) == (ANSWERED.question,)
    assert conversation.suggestions([views.stopped(after(ANSWERED, 2))]) == ()


def test_the_page_sends_nothing_to_gradio() -> None:
    page = build(ASSISTANT)
    config = page.get_config_file()
    chatbot = next(each for each in config["components"] if each["type"] == "chatbot")
    assert chatbot["props"]["sanitize_html"]
    assert chatbot["props"]["latex_delimiters"] == []
    assert page.analytics_enabled is False
    assert {each["api_visibility"] for each in config["dependencies"]} == {"private"}
