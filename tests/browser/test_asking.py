"""Asking again, editing, copying and stopping, and everything of it with the keyboard alone."""

import re
import threading

import pytest
from playwright.sync_api import Page, expect

from qa.render import to_plain
from tests.browser.pages import OpenPage, ask, assert_open, served
from tests.running import until
from tests.surface_fakes import ANSWERED, NOT_FOUND, NOTICE, QUOTE, FakeAssistant

pytestmark = pytest.mark.browser


def answered(page: Page, question: str) -> None:
    ask(page, question)
    expect(page.locator("#qa-ask")).to_be_visible()
    expect(page.locator("#qa-chat .qa-question").last).to_have_text(question)
    expect(page.locator("#qa-next button").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_the_last_question_is_asked_again_edited_and_its_answer_copied(
    open_page: OpenPage, width: int, scheme: str
) -> None:
    assistant = FakeAssistant()
    with served(assistant) as address:
        page = open_page(address, width, scheme)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        expect(page.locator("#qa-actions")).to_be_hidden()
        answered(page, ANSWERED.question)
        page.get_by_role("button", name="Copy with citations").click()
        expect(page.locator("#qa-said")).to_have_text("Copied, with its sources.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == to_plain(ANSWERED)
        assert "Ada Brook [1] [2]" in copied
        assert f"[1] The bakery on Mill Lane, seeds/bakery.md\n    {QUOTE}" in copied
        page.get_by_role("button", name="Ask again").click()
        until(lambda: len(assistant.asked) == 2)
        expect(page.locator("#qa-chat .qa-answer")).to_have_count(1)
        expect(page.locator("#qa-chat .qa-claims")).to_have_count(1)
        expect(page.locator("#qa-ask")).to_be_visible()
        assert [asked for asked, _ in assistant.asked] == [ANSWERED.question] * 2
        assert assistant.asked[-1][1] == ()  # what is asked again does not follow on itself
        page.get_by_role("button", name="Edit question").click()
        box = page.locator("#qa-question textarea")
        expect(box).to_have_value(ANSWERED.question)
        expect(box).to_be_focused()
        expect(page.locator("#qa-chat .qa-question")).to_have_count(0)
        answered(page, NOT_FOUND.question)
        expect(page.locator("#qa-chat .qa-not_found .qa-outcome")).to_have_text("The sources do not say.")
        expect(page.locator("#qa-chat .qa-question")).to_have_count(1)
        page.context.close()


def test_what_may_be_asked_next_is_asked_by_a_click(open_page: OpenPage, address: str) -> None:
    page = open_page(address, 375)
    page.fill("#qa-question textarea", "a draft")
    page.get_by_role("button", name=ANSWERED.question).click()
    expect(page.locator("#qa-chat .qa-short")).to_contain_text("Ada Brook")
    expect(page.locator("#qa-question textarea")).to_have_value("a draft")
    page.get_by_role("button", name=NOTICE.question).click()
    expect(page.locator("#qa-chat .qa-notice")).to_contain_text("Ask me about the documents.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def tab_to(page: Page, selector: str, limit: int = 40) -> None:
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by {limit} tabs")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_the_keyboard_alone_asks_opens_returns_and_stops(open_page: OpenPage, width: int, scheme: str) -> None:
    hold = threading.Event()
    assistant = FakeAssistant(hold=hold)
    with served(assistant) as address:
        page = open_page(address, width, scheme)
        expect(page.locator("#qa-question textarea")).to_be_focused()
        page.keyboard.type(ANSWERED.question)
        page.keyboard.press("Enter")
        expect(page.locator("#qa-chat .qa-short")).to_contain_text("Ada Brook")
        tab_to(page, "#qa-stop")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        expect(page.locator("#qa-chat .qa-status")).to_have_text("Stopped.")
        hold.set()
        assert assistant.closed.wait(10)
        page.focus("#qa-question textarea")
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        assert_open(page, QUOTE)
        page.keyboard.press("Escape")
        expect(page.locator("#qa-chat .qa-short a.qa-mark").first).to_be_focused()
        tab_to(page, "#qa-edit")
        page.keyboard.press("Enter")
        expect(page.locator("#qa-question textarea")).to_be_focused()
        expect(page.locator("#qa-question textarea")).to_have_value(ANSWERED.question)
        page.context.close()


def test_the_settings_hold_for_the_next_answer_and_the_theme_for_the_next_visit(open_page: OpenPage) -> None:
    assistant = FakeAssistant(outside=("questions go to <b>models.example</b>",), passages=6)
    with served(assistant) as address:
        page = open_page(address)
        expect(page.locator("#qa-badge")).to_have_text("Not offline: questions go to <b>models.example</b>.")
        page.get_by_role("button", name="Settings").click()
        page.get_by_label("Exact answer and quotes only").check()
        passages = page.get_by_label("number input for Passages read for one question")
        expect(passages).to_have_value("6")
        passages.fill("12")
        page.keyboard.press("Tab")
        page.get_by_label("Dark").check()
        expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))
        answered(page, ANSWERED.question)
        assert assistant.manners == [(False, 12)]
        visit = page.context.new_page()  # no reload: it would cut off what the page is still being told, with an error
        visit.goto(address)
        expect(visit.locator("body")).to_have_class(re.compile(r"\bdark\b"))
        page.context.close()


def test_the_badge_says_offline_only_where_nothing_leaves(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    expect(page.locator("#qa-badge")).to_have_text("Offline: nothing leaves this machine.")
