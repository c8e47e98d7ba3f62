"""Turns an EPUB book into text, chapter after chapter; knows nothing of pages, which it has not."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from qa.documents.archives import open_zip
from qa.documents.extracted import Extracted, extracted
from qa.documents.web import decoded, html_to_text
from qa.errors import UnreadableDocument

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CONTAINER = "META-INF/container.xml"


def read_epub(name: str, raw: bytes) -> Extracted:
    """The chapters in the order of reading (EPUB 3.3, §5.6 the spine). Raises `UnreadableDocument`."""
    with open_zip(name, raw) as archive:
        if "META-INF/encryption.xml" in archive.namelist() and "META-INF/rights.xml" in archive.namelist():
            raise UnreadableDocument(f"{name}: protected by its seller (DRM)", "ask the seller for an open copy")
        place = _member(name, archive, _CONTAINER).find(".//{*}rootfile")
        package = _member(name, archive, "" if place is None else place.get("full-path", ""))
        folder = posixpath.dirname("" if place is None else place.get("full-path", ""))
        text = "\n\n".join(filter(None, (html_to_text(page) for page in _chapters(archive, package, folder))))
    about = {
        key: [each.text for each in package.iterfind(f".//{{http://purl.org/dc/elements/1.1/}}{key}")] for key in _KEYS
    }
    title, day = about.pop("title")[:1], about.pop("date")[:1]
    return extracted(text, title, day=next(iter(day), ""), author=about["creator"], publisher=about["publisher"])


_KEYS = ("title", "creator", "date", "publisher")


def _member(name: str, archive: zipfile.ZipFile, path: str) -> "Element":
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(archive.read(path))
    except KeyError as error:
        raise UnreadableDocument(
            f"{name}: no EPUB book: {path or _CONTAINER} is missing", "save the book again"
        ) from error
    return root


def _chapters(archive: zipfile.ZipFile, package: "Element", folder: str) -> Iterator[str]:
    pages = {item.get("id"): item.get("href", "") for item in package.iterfind(".//{*}manifest/{*}item")}
    for entry in package.iterfind(".//{*}spine/{*}itemref"):
        path = posixpath.normpath(posixpath.join(folder, unquote(pages.get(entry.get("idref"), ""))))
        if path in archive.namelist():
            yield decoded(archive.read(path))
