import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import OpenPage, ask, assert_open, open_tab, served_libraries
from tests.builders import topical
from tests.documents import writers
from tests.surface_fakes import DOCUMENT
from tests.test_render import ATTACKS

pytestmark = pytest.mark.browser

TOLD = "The lock on Quay Street was mended by Nora Quill in 1931."


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with served_libraries(tmp_path, {"town": [DOCUMENT, topical(1)], "coast": [topical(2)]}) as address:
        yield address


def give(page: Page, *files: Path) -> None:
    page.set_input_files("#qa-files input[type=file]", files)


def titles(page: Page) -> list[str]:
    return page.locator("#qa-listed li a.qa-mark").all_inner_texts()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_files_are_added_chosen_and_erased(
    address: str, open_page: OpenPage, tmp_path: Path, width: int, scheme: str
) -> None:
    good, bad = tmp_path / "lock.md", tmp_path / "broken.pdf"
    good.write_text(TOLD)
    bad.write_text("no PDF at all")
    page = open_page(address, width, scheme)
    open_tab(page, "Documents")
    give(page, good, bad)
    expect(page.locator("#qa-progress .qa-step-done")).to_have_text("lock.md added")
    failed = page.locator("#qa-progress .qa-step-failed")
    expect(failed).to_have_text(re.compile(r"broken\.pdf damaged, or no \.pdf file .*save it again; or leave it out"))
    expect(page.locator("#qa-choice")).to_contain_text("All 3 documents are asked")
    assert titles(page) == ["lock.md", "Title 1", DOCUMENT.title]
    assert (tmp_path / "town/uploads/lock.md").read_text() == TOLD

    page.get_by_label("Ask only chosen: Title 1").check()
    expect(page.locator("#qa-choice")).to_contain_text("Only 1 of 3 documents is asked.")
    open_tab(page, "Chat")
    expect(page.locator("#qa-asked-of")).to_have_text("Asking 1 chosen document.")
    ask(page, "Who mended the lock on Quay Street?")
    expect(page.locator("#qa-chat .qa-not_found")).to_have_count(1)
    expect(page.locator("#qa-ask")).to_be_visible()  # the answer is finished
    open_tab(page, "Documents")
    page.get_by_role("button", name="Ask all").click()
    expect(page.locator("#qa-choice")).to_contain_text("All 3 documents are asked")
    open_tab(page, "Chat")
    ask(page, "Who mended the lock on Quay Street?")
    expect(page.locator("#qa-chat .qa-answer").last).to_contain_text("Nora Quill")

    open_tab(page, "Documents")
    page.get_by_role("button", name="Remove lock.md").click()
    sure = page.get_by_role("button", name="Erase lock.md for good")
    expect(sure).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#qa-progress")).to_contain_text("Erased “lock.md”. Still quoted in kept conversations")
    assert titles(page) == ["Title 1", DOCUMENT.title]
    files = [path for path in (tmp_path / "town").rglob("*") if path.is_file()]
    left = {path.name for path in files if b"Nora Quill" in path.read_bytes()}
    assert left <= {"conversations.sqlite", "conversations.sqlite-wal"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_search_finds_and_a_title_opens_its_document(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    open_tab(page, "Documents")
    page.fill("#qa-search-documents textarea, #qa-search-documents input", "lee BAKERY")
    expect(page.locator("#qa-listed li")).to_have_count(1)
    page.click("#qa-listed a.qa-mark")
    expect(page.locator("#qa-sources h2")).to_have_text(DOCUMENT.title)
    page.fill("#qa-search-documents textarea, #qa-search-documents input", "<b>nowhere")
    expect(page.locator("#qa-listed")).to_have_text("No title and no source holds “<b>nowhere”.")


def test_another_library_is_another_conversation(address: str, open_page: OpenPage) -> None:
    page, other = open_page(address), open_page(address)
    ask(page, "What did Brook say at the opening?")
    expect(page.locator("#qa-chat .qa-short")).to_have_count(1)
    open_tab(page, "Documents")
    page.get_by_label("Library").click()
    page.get_by_role("option", name="coast").click()
    expect(page.locator("#qa-listed li")).to_have_count(1)
    assert titles(page) == ["Title 2"]
    open_tab(page, "Chat")
    expect(page.locator("#qa-asked-of")).to_have_text("Asking all documents of the library “coast”.")
    expect(page.locator("#qa-chat .qa-short")).to_have_count(0)
    open_tab(other, "Documents")
    assert sorted(titles(other)) == [DOCUMENT.title, "Title 1"]


def test_a_page_that_cannot_be_fetched_is_said_in_one_line(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    open_tab(page, "Documents")
    page.fill("#qa-url textarea, #qa-url input", "http://127.0.0.1:9/private")
    page.get_by_role("button", name="Add page").click()
    expect(page.locator("#qa-progress .qa-step-failed")).to_contain_text("is on this machine or in its own network")


def test_names_and_titles_stay_text(open_page: OpenPage, tmp_path: Path) -> None:
    hostile = tmp_path / "<img src=x onerror=alert(1)>.md"
    hostile.write_text(f"# {ATTACKS[0]}\n\n" + "\n\n".join(ATTACKS))
    with served_libraries(tmp_path, {"town": []}) as address:
        page = open_page(address)
        open_tab(page, "Documents")
        expect(page.locator("#qa-listed")).to_contain_text("No document yet.")
        give(page, hostile)
        expect(page.locator("#qa-progress .qa-step-done")).to_be_visible()
        expect(page.locator("#qa-listed li")).to_have_count(1)
        assert page.locator("#qa-documents :is(img, script, form, iframe)").count() == 0
        page.context.close()


DROP = """
(target, [name, bytes]) => {
    const given = new DataTransfer();
    given.items.add(new File([Uint8Array.from(atob(bytes), (each) => each.charCodeAt(0))], name));
    for (const type of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(type, {dataTransfer: given, bubbles: true, cancelable: true}));
    }
}
"""


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_a_dropped_pdf_of_500_pages_opens_at_the_cited_page(
    open_page: OpenPage, tmp_path: Path, width: int, scheme: str
) -> None:
    told = "The lock on Quay Street was mended by Nora Quill."
    sheets = [f"The council of town {number} met about its harbour and lock." for number in range(500)]
    sheets[320] = told
    with served_libraries(tmp_path, {"town": []}) as address:
        page = open_page(address, width, scheme)
        open_tab(page, "Documents")
        expect(page.locator("#qa-files button")).to_be_visible()
        content = base64.b64encode(writers.pdf(*sheets)).decode()
        page.locator("#qa-files button").evaluate(DROP, ["minutes.pdf", content])
        expect(page.locator("#qa-progress .qa-step-done")).to_have_text("minutes.pdf added", timeout=60_000)
        open_tab(page, "Chat")
        ask(page, "Who mended the lock on Quay Street?")
        expect(page.locator("#qa-chat .qa-answer")).to_contain_text("Nora Quill")
        page.click("#qa-chat .qa-answer a.qa-mark >> nth=0")
        expect(page.locator("#qa-sources .qa-part").first).to_have_text("Pages 216–426 of 500")
        assert_open(page, told)
        shown = page.locator("#qa-sources").inner_text()
        assert "town 322" in shown
        assert "town 150" not in shown
        page.context.close()
