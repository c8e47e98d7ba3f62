from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import OpenPage, ask, open_tab, served_libraries
from tests.builders import topical
from tests.surface_fakes import DOCUMENT

pytestmark = pytest.mark.browser

QUESTION = "What did Brook say at the opening?"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with served_libraries(tmp_path, {"town": [DOCUMENT, topical(1)]}) as address:
        yield address


def ask_to_the_end(page: Page, question: str) -> None:
    ask(page, question)
    expect(page.locator("#qa-chat .qa-short")).to_have_count(1)
    expect(page.locator("#qa-chat .qa-status")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_a_conversation_is_kept_found_opened_saved_and_erased(
    address: str, open_page: OpenPage, tmp_path: Path, width: int, scheme: str
) -> None:
    page = open_page(address, width, scheme)
    open_tab(page, "Conversations")
    expect(page.locator("#qa-kept")).to_contain_text("No conversation yet.")
    open_tab(page, "Chat")
    ask_to_the_end(page, QUESTION)

    other = open_page(address, width, scheme)  # another browser of this machine
    open_tab(other, "Conversations")
    title = other.get_by_role("button", name=QUESTION, exact=True)
    expect(title).to_be_visible()
    expect(other.locator("#qa-kept-note")).to_contain_text("whoever can open this page sees them all")
    other.fill("#qa-search-conversations input", "harbour")
    expect(other.locator("#qa-kept")).to_contain_text("No question and no answer holds all of “harbour”.")
    other.fill("#qa-search-conversations input", "brook opening")
    expect(title).to_be_visible()
    for name, holds in (
        ("Markdown", "[^1]"),
        ("HTML", "<!DOCTYPE html>"),
        ("JSON", "qa.answer/1"),
        ("BibTeX", "@misc"),
    ):
        with other.expect_download() as download:
            other.get_by_role("link", name=name).click()
        assert holds in Path(download.value.path()).read_text(), name
    title.click()
    expect(other.locator("#qa-chat .qa-short")).to_be_visible()
    other.click("#qa-chat .qa-short a.qa-mark >> nth=0")
    expect(other.locator("#qa-sources mark.qa-active").first).to_contain_text("Bread is older than kings")
    expect(other.locator("#qa-sources mark.qa-active").first).to_be_in_viewport()
    assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")

    open_tab(other, "Conversations")
    other.get_by_role("button", name=f"Delete {QUESTION}").click()
    expect(other.get_by_role("button", name=f"Erase {QUESTION} for good")).to_be_focused()
    other.keyboard.press("Enter")
    expect(other.locator("#qa-kept li")).to_have_count(0)
    left = (tmp_path / "town").glob("conversations.sqlite*")
    assert [path for path in left if b"Brook" in path.read_bytes()] == []


def test_a_removed_document_is_said_to_be_quoted_still(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    ask_to_the_end(page, QUESTION)
    open_tab(page, "Conversations")
    expect(page.locator("#qa-kept li")).to_have_count(1)  # it is kept
    open_tab(page, "Documents")
    page.get_by_role("button", name=f"Remove {DOCUMENT.title}").click()
    page.get_by_role("button", name=f"Erase {DOCUMENT.title} for good").click()
    expect(page.locator("#qa-progress")).to_contain_text(f"Still quoted in kept conversations: “{QUESTION}”.")
    open_tab(page, "Conversations")
    page.get_by_role("button", name=QUESTION, exact=True).click()
    page.click("#qa-chat .qa-short a.qa-mark >> nth=0")
    expect(page.locator("#qa-sources .qa-outcome")).to_contain_text("no document")
