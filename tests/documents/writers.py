"""Writes a small file of each format, each with one fact that no other has; the tests' own words."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

DAY = datetime(2024, 5, 3, 10, tzinfo=UTC)


def html(body: str, head: str = "") -> bytes:
    about = (
        '<title>The mill | Town Paper</title><meta name="author" content="Ida Holm">'
        '<meta property="article:published_time" content="2024-05-03T10:00:00Z">'
        '<meta property="og:site_name" content="Town Paper">'
    )
    menu = '<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>'
    page = (
        f"<html><head>{about}{head}</head><body>{menu}<article>{body}</article><footer>Imprint</footer></body></html>"
    )
    return page.encode()


def pdf(*pages: str, title: str = "The lighthouse", password: str = "", head: str = "") -> bytes:
    from fpdf import FPDF

    document = FPDF()
    document.set_title(title)
    document.set_author("Ida Holm")
    document.set_creation_date(DAY)
    for number, page in enumerate(pages, 1):
        document.add_page()
        document.set_font("Helvetica", size=12)
        if head:
            document.cell(0, 8, f"{head} {number}", new_x="LMARGIN", new_y="NEXT")
        if page:
            document.multi_cell(0, 8, page)
    raw = bytes(document.output())
    return _encrypted(raw, password) if password else raw


def _encrypted(raw: bytes, password: str) -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(raw))
    writer.encrypt("" if password == "owner only" else password, "owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(text: str, heading: str = "", table: Sequence[Sequence[str]] = (), items: Sequence[str] = ()) -> bytes:
    import docx as word

    document = word.Document()
    document.core_properties.title, document.core_properties.author = "The ferry", "Ida Holm"
    document.core_properties.created = DAY
    if heading:
        document.add_heading(heading, 2)
    document.add_paragraph(text)
    for item in items:
        document.add_paragraph(item, style="List Bullet")
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    return _saved(document.save)


def pptx(*slides: tuple[str, str], notes: str = "") -> bytes:
    import pptx as powerpoint

    show = powerpoint.Presentation()
    show.core_properties.title, show.core_properties.author = "The theatre", "Ida Holm"
    for title, text in slides:
        slide = show.slides.add_slide(show.slide_layouts[1])
        assert slide.shapes.title is not None
        slide.shapes.title.text = title
        slide.placeholders[1].text = text  # type: ignore[attr-defined,unused-ignore]
        if notes:
            slide.notes_slide.notes_text_frame.text = notes  # type: ignore[union-attr,unused-ignore]
    return _saved(show.save)


def xlsx(**sheets: Sequence[Sequence[object]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator, book.properties.created = "Budgets", "Ida Holm", DAY
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return _saved(book.save)


def csv_rows(rows: Sequence[Sequence[object]], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def epub(*chapters: str, extra: str = "") -> bytes:
    names = [f"c{number}.xhtml" for number in range(len(chapters))]
    items = "".join(f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in names)
    spine = "".join(f'<itemref idref="{n}"/>' for n in reversed(names))  # the last chapter comes first
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>The forest</dc:title><dc:creator>Ida Holm</dc:creator><dc:date>2024-05-03</dc:date>"
        f"<dc:publisher>Town Press</dc:publisher></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/book.opf": extra + package}
    parts |= {f"OEBPS/{n}": f"<html><body>{text}</body></html>" for n, text in zip(names, chapters, strict=True)}
    return zipped(parts)


def zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def eml(text: str, subtype: str = "plain", attachment: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Ida Holm <ida@example.org>", "Town Council <council@example.org>"
    message["Subject"], message["Date"] = "The railway", "Fri, 03 May 2024 10:00:00 +0000"
    message.set_content(text, subtype=subtype)
    if attachment:
        message.add_attachment(b"12345", "application", "pdf", filename=attachment)
    return bytes(message)


def jsonl(*records: object) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """A file in `folder`, which is made."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def replaced(archive: bytes, member: str, text: str) -> bytes:
    """A zip archive with another text in one member."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        parts = {name: old.read(name).decode("latin-1") for name in old.namelist()}
    return zipped(parts | {member: text})
