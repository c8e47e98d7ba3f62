"""What axe-core finds on every state of the page, and what it cannot see: zoom, motion, the live region."""

import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.pages import OpenPage, ask, assert_open, served
from tests.surface_fakes import ANSWERED, NOT_FOUND, QUOTE, UNVERIFIED, FakeAssistant

pytestmark = pytest.mark.browser


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
