"""Turns a saved e-mail into text with its head; opens no attachment and loads no picture."""

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses

from qa.documents.extracted import Extracted, extracted, one_line
from qa.documents.web import html_to_text
from qa.errors import UnreadableDocument

_SHOWN = ("From", "To", "Cc", "Date", "Subject")


def read_eml(name: str, raw: bytes) -> Extracted:
    """Who wrote to whom and when, the body, and the names of attachments. Raises `UnreadableDocument`."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    if not any(field in message for field in _SHOWN):
        raise UnreadableDocument(
            f"{name}: no e-mail: it has no sender and no subject", "save the message as .eml again"
        )
    author = getaddresses([one_line(message["From"])])
    names = [display or address for display, address in author]
    return extracted("\n\n".join(_blocks(message)), message["Subject"], author=names, day=message["Date"])


def _blocks(message: EmailMessage) -> Iterator[str]:
    for field in _SHOWN:
        if words := one_line(message[field]):
            yield f"{field}: {words}"
    body = message.get_body(("plain", "html"))
    if body is not None:
        content = body.get_content().replace("\r\n", "\n").strip()
        yield html_to_text(content) if body.get_content_subtype() == "html" else content
    for part in message.iter_attachments():
        yield f"Attachment: {one_line(part.get_filename()) or part.get_content_type()}"
