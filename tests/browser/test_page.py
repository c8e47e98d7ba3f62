import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import OpenPage, ask, assert_open, served
from tests.surface_fakes import ANSWERED, DOCUMENT, NOT_FOUND, QUOTE, FakeAssistant
from tests.test_render import ATTACKS, attacked

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("width", [1280, 375])
def test_a_mark_opens_its_words_by_click_and_by_keyboard(open_page: OpenPage, address: str, width: int) -> None:
    page = open_page(address, width)
    ask(page, ANSWERED.question)
    answer = page.locator("#qa-chat .qa-answer")
    expect(answer).to_contain_text("Ada Brook said it at the opening.")
    page.click("#qa-chat .qa-short a.qa-mark >> nth=1")
    assert_open(page, "Ada Brook opened the bakery in 1921.")
    page.focus("#qa-chat .qa-short a.qa-mark >> nth=0")
    page.keyboard.press("Enter")
    assert_open(page, QUOTE)
    expect(page.locator("#qa-sources mark.qa-active")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_answer_is_said_calmly_and_passages_open(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, NOT_FOUND.question)
    expect(page.locator("#qa-chat .qa-outcome")).to_have_text("The sources do not say.")
    page.click("#qa-chat .qa-passages a.qa-mark >> nth=1")
    assert_open(page, "It has burned every night since then.")


def test_an_earlier_answer_opens_its_own_words(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, ANSWERED.question)
    expect(page.locator("#qa-chat .qa-claims")).to_have_count(1)
    expect(page.locator("#qa-ask")).to_be_visible()  # the answer is finished
    ask(page, NOT_FOUND.question)
    expect(page.locator("#qa-chat .qa-outcome")).to_have_count(1)
    page.click("#qa-chat .qa-short a.qa-mark >> nth=0")
    assert_open(page, QUOTE)


def test_an_example_can_be_chosen_and_the_conversation_cleared(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.get_by_text(ANSWERED.question).click()
    expect(page.locator("#qa-chat .qa-short")).to_contain_text("Ada Brook")
    expect(page.locator("#qa-ask")).to_be_visible()  # the answer is finished
    page.get_by_label("Clear").click()
    expect(page.locator("#qa-chat .qa-short")).to_have_count(0)
    expect(page.locator("#qa-sources")).to_contain_text("1 document.")


def test_stop_ends_the_answer_and_closes_the_stream(open_page: OpenPage) -> None:
    assistant = FakeAssistant(hold=threading.Event())
    with served(assistant) as address:
        page = open_page(address)
        ask(page, ANSWERED.question)
        expect(page.locator("#qa-chat .qa-short")).to_contain_text("Ada Brook")
        page.click("#qa-stop")
        expect(page.locator("#qa-chat .qa-status")).to_have_text("Stopped.")
        expect(page.locator("#qa-ask")).to_be_visible()
        assert assistant.hold is not None
        assistant.hold.set()
        assert assistant.closed.wait(10)
        page.context.close()


def test_no_text_comes_alive_in_the_page(open_page: OpenPage) -> None:
    text = "\n\n".join(ATTACKS)
    answer, document = attacked(text)
    with served(FakeAssistant([answer], [document])) as address:
        page = open_page(address)
        page.fill("#qa-question textarea", text)
        page.click("#qa-ask")
        expect(page.locator("#qa-sources mark.qa-active").first).to_be_visible()
        for place in ("#qa-chat .message", "#qa-sources"):
            assert page.locator(f"{place} :is(img, script, form, video, input, iframe, svg, .katex)").count() == 0
            links = page.locator(f"{place} a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
            assert all(link.startswith("#") for link in links)
        assert "![pixel](https://evil.example/p.png)" in page.locator("#qa-sources").inner_text()
        page.context.close()


def contrast(page: Page, selector: str) -> float:
    """The WCAG 2.2 contrast ratio of an element's text with what is behind it."""
    return float(
        page.locator(selector).first.evaluate(
            """element => {
                const channels = text => text.match(/[\\d.]+/g).map(Number);
                const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
                    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
                let behind = element;
                const opaque = e => { const c = channels(getComputedStyle(e).backgroundColor); return c[3] !== 0; };
                while (behind.parentElement && !opaque(behind)) behind = behind.parentElement;
                const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor]
                    .map(channels).map(light);
                return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            }"""
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_legible(open_page: OpenPage, address: str, scheme: str) -> None:
    page = open_page(address, 1280, scheme)
    ask(page, ANSWERED.question)
    page.click("#qa-chat .qa-short a.qa-mark >> nth=0")
    assert_open(page, QUOTE)
    ask(page, NOT_FOUND.question)
    page.wait_for_selector("#qa-chat .qa-outcome")
    page.click("#qa-chat .qa-short a.qa-mark >> nth=0")
    assert_open(page, QUOTE)
    chat = (".qa-question", ".qa-short strong", ".qa-claim", "a.qa-mark", ".qa-place", ".qa-outcome", ".qa-passages a")
    page_parts = (".qa-header p", "#qa-ask", ".qa-document h2", ".qa-document p", ".qa-highlight", ".qa-active")
    for selector in (*(f"#qa-chat {part}" for part in chat), *page_parts):
        assert contrast(page, selector) >= 4.5, selector


@pytest.mark.model
def test_the_real_chat_proves_its_answer(open_page: OpenPage, tmp_path: Path) -> None:
    environment = os.environ | {"QA_LIBRARY": str(tmp_path / "library"), "QA_DOCUMENTS": "seeds", "QA_PORT": "0"}
    command = [sys.executable, "-u", "app.py"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            page = open_page(server.stdout.readline().strip())
            page.set_default_timeout(300_000)
            ask(page, "Who said Germany should sever ties?")
            page.wait_for_selector("#qa-chat .qa-citations")
            expect(page.locator("#qa-chat .qa-short")).to_contain_text("Grenell")
            page.click("#qa-chat .qa-short a.qa-mark >> nth=0")
            mark = page.locator("#qa-sources mark.qa-active")
            expect(mark).to_contain_text("Germany should sever ties with DPRK")
            expect(mark).to_be_in_viewport()
            page.context.close()
        finally:
            server.terminate()


def test_the_document_of_the_fake_is_shown_whole(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.click("#qa-sources a.qa-mark")
    expect(page.locator("#qa-sources .qa-document")).to_contain_text("It has burned every night since then.")
    expect(page.locator("#qa-sources h2")).to_have_text(DOCUMENT.title)
