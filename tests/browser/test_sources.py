"""Following citations into their documents, by keyboard and in a document of 500 pages."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from qa.types import Answer, Document
from tests.browser.pages import OpenPage, ask, assert_open, served
from tests.surface_fakes import ANSWERED, NOT_FOUND, OPENED, QUOTE, FakeAssistant, citation_of

pytestmark = pytest.mark.browser

PROOF = "The bell of the harbour rings at six."


def long_document() -> tuple[Answer, Document]:
    """An answer, and the 500 pages of which it cites the 250th and the 400th."""
    sheets = ["".join(f"Line {line} of sheet {sheet} says nothing. " for line in range(80)) for sheet in range(1, 501)]
    sheets[249] += PROOF
    sheets[399] += "It rings twice on Sundays."
    starts = [sum(len(sheet) + 2 for sheet in sheets[:number]) for number in range(500)]
    document = Document("long", "Five hundred pages", ("long.pdf",), "\n\n".join(sheets), tuple(starts))
    citations = (citation_of(PROOF, 1, document, 250), citation_of("It rings twice on Sundays.", 2, document, 400))
    return replace(ANSWERED, short="at six", claims=(), citations=citations, hits=()), document


def received(page: Page) -> list[int]:
    """Counts the bytes of every reply's body that the page receives from now on."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    counts: list[int] = []
    session.on("Network.dataReceived", lambda event: counts.append(event["dataLength"]))
    return counts


def test_a_document_of_500_pages_opens_at_the_cited_page_and_is_not_sent_whole(open_page: OpenPage) -> None:
    answer, document = long_document()
    assert len(document.text) > 1_300_000
    with served(FakeAssistant([answer], [document])) as address:
        page = open_page(address)
        counts = received(page)
        ask(page, answer.question)
        assert_open(page, PROOF)
        part = page.locator("#qa-sources .qa-part")
        expect(part).to_have_text("Pages 249–253 of 500")
        page.get_by_text("Show what is after").click()
        expect(part).to_contain_text("Pages 25")
        expect(part).to_be_focused()
        page.get_by_text("Show what is before").click()
        expect(page.locator("#qa-sources mark")).to_have_text(PROOF)
        page.get_by_role("button", name="Next citation").click()
        assert_open(page, "It rings twice on Sundays.")
        assert 20_000 < sum(counts) < 400_000
        page.context.close()


@pytest.mark.parametrize("width", [1280, 375])
def test_keys_lead_from_citation_to_citation_and_back(open_page: OpenPage, address: str, width: int) -> None:
    page = open_page(address, width)
    ask(page, ANSWERED.question)
    expect(page.locator("#qa-chat .qa-claims")).to_have_count(1)
    expect(page.locator("#qa-ask")).to_be_visible()  # the answer is finished
    page.keyboard.type("np")
    box = page.locator("#qa-question textarea")
    expect(box).to_have_value("np")  # letters are typed, not taken
    page.keyboard.press("Escape")
    mark = page.locator("#qa-chat .qa-short a.qa-mark").first
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")
    for key, words, position in (("n", OPENED, "2"), ("n", QUOTE, "1"), ("p", OPENED, "2"), ("p", QUOTE, "1")):
        page.keyboard.press(key)
        assert_open(page, words)
        expect(page.locator("#qa-sources mark.qa-active")).to_be_focused()
        expect(page.locator("#qa-sources .qa-position")).to_have_text(f"Citation {position} of 2")
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()
    expect(mark).to_be_in_viewport()
    page.keyboard.press("Escape")  # its quote goes
    page.keyboard.press("Escape")
    expect(box).to_be_focused()


def test_keys_lead_through_the_nearest_passages(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, NOT_FOUND.question)
    page.click("#qa-chat .qa-passages a.qa-mark >> nth=0")
    expect(page.locator("#qa-sources .qa-position")).to_have_text("Passage 1 of 2")
    page.keyboard.press("n")
    assert_open(page, "It has burned every night since then.")


def test_a_mark_shows_its_quote_while_it_is_pointed_at(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, ANSWERED.question)
    expect(page.locator("#qa-chat .qa-claims")).to_have_count(1)
    expect(page.locator("#qa-ask")).to_be_visible()
    tip = page.get_by_role("tooltip")
    mark = page.locator("#qa-chat .qa-claim a.qa-mark").nth(1)
    expect(tip).to_be_hidden()
    mark.hover()
    expect(tip).to_have_text(OPENED)
    expect(mark).to_have_attribute("aria-describedby", "qa-tip")
    tip.hover()  # it stays while the pointer is on it
    expect(tip).to_be_visible()
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    page.focus("#qa-chat .qa-short a.qa-mark >> nth=0")
    expect(tip).to_have_text(QUOTE)
    expect(tip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(page.locator("#qa-chat .qa-short a.qa-mark").first).to_be_focused()
