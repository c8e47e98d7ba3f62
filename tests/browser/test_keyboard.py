"""Every tab with the keyboard alone: a file is added, chosen and erased, statements sorted, a conversation opened."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import OpenPage, served_libraries
from tests.browser.test_statements import MINUTES
from tests.surface_fakes import DOCUMENT

pytestmark = pytest.mark.browser

QUESTION = "What did Brook say at the opening?"
FURTHEST = 60  # presses of Tab that anything of the page is away


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with served_libraries(tmp_path, {"town": [DOCUMENT, MINUTES]}) as address:
        yield address


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Presses `key` until `wanted` has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(FURTHEST):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{FURTHEST} presses of {key} do not lead to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    reach(page, wanted)
    page.keyboard.press(key)


def go_to(page: Page, tab: str) -> None:
    """From wherever the focus is, through the row of tabs."""
    page.locator("h1").first.evaluate("(title) => { title.tabIndex = -1; title.focus(); }")  # as a reload would
    press(page, page.get_by_role("tab", name=tab))
    expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("width", [1280, 375])
def test_documents_are_added_searched_chosen_and_erased(
    address: str, open_page: OpenPage, tmp_path: Path, width: int
) -> None:
    lock = tmp_path / "lock.md"
    lock.write_text("The lock on Quay Street was mended by Nora Quill in 1931.")
    page = open_page(address, width)
    go_to(page, "Documents")
    with page.expect_file_chooser() as chooser:
        press(page, page.locator("#qa-files button").first)
    chooser.value.set_files(lock)
    expect(page.locator("#qa-progress .qa-step-done")).to_have_text("lock.md added")
    press(page, page.get_by_label("Ask only chosen: lock.md"), "Space")
    expect(page.locator("#qa-choice")).to_contain_text("Only 1 of 3 documents is asked.")
    reach(page, page.locator("#qa-search-documents input"), "Shift+Tab")
    page.keyboard.type("lock")
    expect(page.locator("#qa-listed li")).to_have_count(1)
    press(page, page.locator("#qa-listed a.qa-mark"))
    expect(page.locator("#qa-sources h2")).to_have_text("lock.md")
    go_to(page, "Documents")
    press(page, page.get_by_role("button", name="Remove lock.md"))
    expect(page.get_by_role("button", name="Erase lock.md for good")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#qa-progress")).to_contain_text("Erased “lock.md”.")


@pytest.mark.parametrize("width", [1280, 375])
def test_statements_are_sorted_narrowed_and_opened(address: str, open_page: OpenPage, width: int) -> None:
    page = open_page(address, width)
    go_to(page, "Statements")
    press(page, page.get_by_role("button", name="Who"))
    expect(page.locator("#qa-said-by th").first).to_have_attribute("aria-sort", "ascending")
    go_to(page, "Statements")
    press(page, page.get_by_role("button", name="Tom Reed"))
    expect(page.locator("#qa-said-by tbody tr")).to_have_count(1)
    press(page, page.locator("#qa-said-by tbody a.qa-mark"))
    expect(page.locator("#qa-sources mark.qa-active")).to_contain_text("the lock would last")


@pytest.mark.parametrize("width", [1280, 375])
def test_a_conversation_is_found_opened_and_erased(address: str, open_page: OpenPage, width: int) -> None:
    page = open_page(address, width)
    reach(page, page.locator("#qa-question textarea"))
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#qa-chat .qa-short")).to_have_count(1)
    expect(page.locator("#qa-chat .qa-status")).to_have_count(0)
    go_to(page, "Conversations")
    reach(page, page.locator("#qa-search-conversations input"))
    page.keyboard.type("brook opening")
    press(page, page.get_by_role("button", name=QUESTION, exact=True))
    expect(page.locator("#qa-chat .qa-short")).to_be_visible()
    go_to(page, "Conversations")
    with page.expect_download() as download:
        press(page, page.get_by_role("link", name="BibTeX"))
    assert "@misc" in Path(download.value.path()).read_text()
    press(page, page.get_by_role("button", name=f"Delete {QUESTION}"))
    expect(page.get_by_role("button", name=f"Erase {QUESTION} for good")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#qa-kept li")).to_have_count(0)
