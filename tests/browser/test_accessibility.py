"""What axe-core finds on every state of the page, and what it cannot see: zoom, motion, the live region."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.pages import OpenPage, ask, assert_open, open_tab, served, served_libraries
from tests.browser.test_statements import MINUTES
from tests.builders import topical
from tests.surface_fakes import ANSWERED, DOCUMENT, NOT_FOUND, QUOTE, UNVERIFIED, FakeAssistant

pytestmark = pytest.mark.browser


@pytest.fixture
def libraries(tmp_path: Path) -> Iterator[str]:
    with served_libraries(tmp_path, {"town": [DOCUMENT, MINUTES], "coast": [topical(2)]}) as address:
        yield address


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical, each with the first place it was found at."""
    report = Axe().run(page).response
    assert "color-contrast" in {each["id"] for each in report["passes"]}  # it has looked
    found = report["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary'][:300]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_axe_finds_nothing_serious_in_any_state(open_page: OpenPage, width: int, scheme: str) -> None:
    assistant = FakeAssistant(hold=threading.Event())
    assert assistant.hold is not None
    with served(assistant) as address:
        page = open_page(address, width, scheme)
        expect(page.locator("#qa-next button").first).to_be_visible()
        states = {"empty": serious(page)}
        ask(page, ANSWERED.question)
        expect(page.locator("#qa-chat .qa-short")).to_contain_text("Ada Brook")
        states["answering"] = serious(page)
        assistant.hold.set()
        expect(page.locator("#qa-next button").first).to_be_visible()
        states["answered"] = serious(page)
        page.focus("#qa-chat .qa-short a.qa-mark >> nth=0")
        expect(page.get_by_role("tooltip")).to_be_visible()
        states["pointed at"] = serious(page)
        page.keyboard.press("Enter")
        assert_open(page, QUOTE)
        expect(page.locator("#qa-sources .qa-back")).to_be_in_viewport()
        states["source open"] = serious(page)
        page.get_by_role("button", name="Settings").click()
        expect(page.get_by_label("Exact answer and quotes only")).to_be_visible()
        states["settings"] = serious(page)
        for question, place in ((NOT_FOUND.question, ".qa-not_found"), (UNVERIFIED.question, ".qa-unverified")):
            ask(page, question)
            expect(page.locator(f"#qa-chat {place}")).to_be_visible()
            expect(page.locator("#qa-ask")).to_be_visible()
            states[place] = serious(page)
        assert {state: found for state, found in states.items() if found} == {}
        page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_axe_finds_nothing_serious_in_any_tab(
    libraries: str, open_page: OpenPage, tmp_path: Path, width: int, scheme: str
) -> None:
    good, bad = tmp_path / "lock.md", tmp_path / "broken.pdf"
    good.write_text("The lock on Quay Street was mended by Nora Quill in 1931.")
    bad.write_text("no PDF at all")
    page = open_page(libraries, width, scheme)
    open_tab(page, "Conversations")
    expect(page.locator("#qa-kept")).to_contain_text("No conversation yet.")
    states = {"none kept": serious(page)}
    open_tab(page, "Chat")
    ask(page, "What did Brook say at the opening?")
    expect(page.locator("#qa-chat .qa-short")).to_be_visible()
    open_tab(page, "Documents")
    expect(page.locator("#qa-listed li")).to_have_count(2)
    states["documents"] = serious(page)
    page.set_input_files("#qa-files input[type=file]", [good, bad])
    expect(page.locator("#qa-progress .qa-step-failed")).to_be_visible()
    page.get_by_label("Ask only chosen: Minutes").check()
    expect(page.locator("#qa-choice")).to_contain_text("Only 1 of 3 documents is asked.")
    states["added and chosen"] = serious(page)
    page.get_by_role("button", name="Remove lock.md").click()
    expect(page.get_by_role("button", name="Erase lock.md for good")).to_be_focused()
    states["to be erased"] = serious(page)
    page.fill("#qa-search-documents input", "nowhere")
    expect(page.locator("#qa-listed")).to_contain_text("No title")
    states["no document found"] = serious(page)
    page.get_by_role("button", name="Ask all").click()
    open_tab(page, "Statements")
    expect(page.locator("#qa-said-by tbody tr").first).to_be_visible()
    states["statements"] = serious(page)
    page.get_by_role("button", name="Nora Quill").click()
    expect(page.locator("#qa-said-by .qa-note")).to_contain_text("by Nora Quill")
    states["of one speaker"] = serious(page)
    page.fill("#qa-search-statements input", "nowhere")
    expect(page.locator("#qa-said-by tbody tr")).to_have_count(0)
    states["no statement found"] = serious(page)
    open_tab(page, "Conversations")
    expect(page.locator("#qa-kept li")).to_have_count(1)
    states["kept"] = serious(page)
    page.get_by_role("button", name="Delete What did Brook").click()
    expect(page.get_by_role("button", name="Erase What did Brook")).to_be_focused()
    states["to be forgotten"] = serious(page)
    assert {state: found for state, found in states.items() if found} == {}


@pytest.mark.parametrize("tab", ["Documents", "Statements", "Conversations"])
def test_a_tab_at_200_percent_is_no_wider_than_the_page(libraries: str, open_page: OpenPage, tab: str) -> None:
    page = open_page(libraries, 640, scale=2)
    open_tab(page, tab)
    shown = {"Documents": "#qa-listed li", "Statements": "#qa-said-by tbody tr", "Conversations": "#qa-kept p"}[tab]
    expect(page.locator(shown).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in page.locator("#qa-tabs [role=tabpanel] button:visible").all():
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport(ratio=0.99)


def test_the_page_at_200_percent_without_motion_loses_nothing(open_page: OpenPage, address: str) -> None:
    page = open_page(address, 640, scale=2)
    page.emulate_media(reduced_motion="reduce")
    ask(page, ANSWERED.question)
    expect(page.locator("#qa-next button").first).to_be_visible()
    log = page.locator("#qa-chat [aria-live=polite]")
    expect(log).to_contain_text("Ada Brook said it at the opening.")
    page.click("#qa-chat .qa-short a.qa-mark >> nth=0")
    assert_open(page, QUOTE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for place in (
        "#qa-question",
        "#qa-ask",
        "#qa-actions",
        "#qa-next button >> nth=0",
        ".qa-header h1",
        "#qa-sources h2",
    ):
        page.locator(place).scroll_into_view_if_needed()
        expect(page.locator(place)).to_be_in_viewport(ratio=0.99)
    moving = """() => document.getAnimations().filter((each) => each.playState === "running").length"""
    assert page.evaluate(moving) == 0
    assert page.evaluate("getComputedStyle(document.querySelector('#qa-ask')).transitionDuration") in {"0s", "none"}
