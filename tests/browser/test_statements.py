from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import OpenPage, assert_open, served_libraries
from tests.builders import document
from tests.surface_fakes import DOCUMENT
from tests.test_render import ATTACKS

pytestmark = pytest.mark.browser

MINUTES = document(
    'Nora Quill opened the meeting. "The lock is old," Quill said. "It must be mended," Quill said. '
    "Tom Reed said that the lock would last. "
    f'"{ATTACKS[0]}" said Quill.',
    "Minutes",
    "minutes",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_libraries(tmp_path_factory.mktemp("libraries"), {"town": [DOCUMENT, MINUTES]}) as address:
        yield address


def speakers(page: Page) -> list[str]:
    return page.locator("#qa-said-by tbody td:nth-child(1)").all_inner_texts()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_statements_are_filtered_sorted_and_open_their_place(
    open_page: OpenPage, address: str, width: int, scheme: str
) -> None:
    page = open_page(address, width, scheme)
    page.get_by_role("tab", name="Statements").click()
    expect(page.locator("#qa-said-by tbody tr").nth(1)).to_be_visible()
    everyone = speakers(page)
    assert {"Ada Brook", "Nora Quill", "Tom Reed"} <= set(everyone)
    bar = page.locator("#qa-speakers li").first
    assert bar.inner_text().split("\n") == ["Nora Quill", str(everyone.count("Nora Quill"))]

    page.get_by_role("button", name="Who").click()
    expect(page.locator("#qa-said-by th").first).to_have_attribute("aria-sort", "ascending")
    assert speakers(page) == sorted(everyone)
    page.get_by_role("button", name="Who").click()
    expect(page.locator("#qa-said-by th").first).to_have_attribute("aria-sort", "descending")

    page.get_by_role("button", name="Nora Quill").click()
    expect(page.locator("#qa-said-by .qa-note")).to_contain_text("by Nora Quill")
    assert set(speakers(page)) == {"Nora Quill"}
    page.get_by_role("button", name="All speakers").click()
    expect(page.locator("#qa-said-by tbody tr")).to_have_count(len(everyone))
    page.fill("#qa-search-statements input", "older kings")
    expect(page.locator("#qa-said-by tbody tr")).to_have_count(1)
    page.click("#qa-said-by tbody a.qa-mark")
    assert_open(page, "Bread is older than kings,")
    assert page.locator("#qa-said-by :is(img, script, form, iframe, svg)").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
