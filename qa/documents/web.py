"""Turns HTML into text with Markdown headings, the article alone where there is one; fetches nothing."""

from functools import cache
from typing import TYPE_CHECKING

from qa.documents.extracted import Extracted, extracted
from qa.errors import UnreadableDocument

if TYPE_CHECKING:
    from markdownify import MarkdownConverter

_SHORTEST_ARTICLE = 250  # characters: in less, trafilatura finds no structure and gives the menus too
_AROUND_ARTICLES = ("nav", "footer", "aside", "form")


def read_html(name: str, raw: bytes, encoding: str = "") -> Extracted:
    """The main text of a page without its menus, or all of its text where none stands out.

    encoding: as the server gave it; without one it is that of the page itself.
    Raises `UnreadableDocument` for a page without text.
    """
    import trafilatura

    html = decoded(raw, encoding)
    main = trafilatura.extract(html, output_format="html", include_comments=False, include_formatting=False) or ""
    text = html_to_text(main)
    if len(text) < _SHORTEST_ARTICLE:
        text = html_to_text(html, without=_AROUND_ARTICLES)
    if not text:
        raise UnreadableDocument(
            f"{name}: no text in this page", "save the page as the browser shows it, or leave it out"
        )
    search = {"original_date": True, "extensive_search": False}  # a day that the page names, none that is guessed
    about = trafilatura.extract_metadata(html, date_config=search)
    title = about.title or _title(html)
    return extracted(text, title, author=about.author, publisher=about.sitename, day=about.date)


def decoded(raw: bytes, encoding: str = "") -> str:
    """HTML as characters, in the encoding given, that of its own head, or the likeliest one."""
    from bs4.dammit import UnicodeDammit

    given = [encoding] if encoding else []
    markup = UnicodeDammit(raw, known_definite_encodings=given, is_html=True).unicode_markup
    return markup if markup is not None else raw.decode("utf-8", "replace")


def html_to_text(html: str, without: tuple[str, ...] = ()) -> str:
    """All text of `html` in paragraphs, with "#" before headings, "-" before list items, "|" between cells.

    without: elements that are left out.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "lxml")
    for each in soup(["head", "script", "style", "template", "hr", *without]):
        each.decompose()
    for each in soup("blockquote"):
        each.name = "div"  # no ">" before each line, which a quote would then hold
    return _converter().convert_soup(soup).strip()


def _title(html: str) -> str:
    from bs4 import BeautifulSoup

    found = BeautifulSoup(html, "lxml").title
    return found.get_text() if found else ""


@cache
def _converter() -> "MarkdownConverter":
    from markdownify import MarkdownConverter

    return MarkdownConverter(
        heading_style="ATX",
        bullets="-",
        strip="a img b strong em i code kbd samp s del sup sub u q".split(),  # noqa: SIM905
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
    )
