"""Turns Answers into W3C Web Annotations, one for each citation; knows nothing of how they are read again.

https://www.w3.org/TR/annotation-model/: the target is the quote, by position and by words; the bodies are the question
and the claims that rest on the quote. Offsets count Unicode code points of the decoded file, as the model wants.
"""

import uuid
from collections.abc import Sequence
from pathlib import PurePath
from urllib.parse import quote, unquote_to_bytes, urlsplit

from qa.render.words import fetched
from qa.types import Answer, Citation

CONTEXT = "http://www.w3.org/ns/anno.jsonld"  # a name: nothing fetches it
_HASH = "nih:sha-256-64;"  # RFC 6920: a document's id is the first 64 bits of its text's SHA-256, in hexadecimal
_SAFE_IN_ADDRESS = ":/?#[]@!$&'()*+,;=%~"


def to_annotations(answers: Sequence[Answer]) -> dict[str, object]:
    """One annotation for each citation, as an AnnotationCollection of one page; every value is a JSON type."""
    items = [_annotation(answer, citation) for answer in answers for citation in answer.citations]
    name = _name(*(str(item["id"]) for item in items))
    page = {"id": f"{name}#page", "type": "AnnotationPage", "partOf": name, "startIndex": 0, "items": items}
    label = " · ".join(answer.question for answer in answers)
    collection = {"@context": CONTEXT, "id": name, "type": "AnnotationCollection", "label": label}
    return {**collection, "total": len(items), "first": page}


def _annotation(answer: Answer, citation: Citation) -> dict[str, object]:
    span = citation.quote.span
    claims = [claim.text for claim in answer.claims if citation.number in claim.citations]
    return {
        "id": _name(answer.question, citation.quote.document_id, str(span.start), str(span.end), *claims),
        "type": "Annotation",
        "motivation": "describing",
        "body": [_body(answer.question, "questioning"), *(_body(text, "describing") for text in claims)],
        "target": {
            "type": "SpecificResource",
            "source": {
                "id": address_of(citation.source),
                "type": "Text",
                "canonical": _HASH + quote(citation.quote.document_id, safe=""),
                "label": citation.title,
            },
            "selector": [
                {"type": "TextPositionSelector", "start": span.start, "end": span.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": citation.quote.text,
                    "prefix": citation.prefix,
                    "suffix": citation.suffix,
                },
            ],
        },
    }


def _body(text: str, purpose: str) -> dict[str, str]:
    return {"type": "TextualBody", "value": text, "format": "text/plain", "purpose": purpose}


def _name(*parts: str) -> str:
    """The same IRI for the same parts, always."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "\0".join(parts)).urn


def address_of(source: str) -> str:
    """The IRI of a document's source: a web address as it is, a path as a relative reference or a file: address."""
    if fetched(source):
        return quote(source, safe=_SAFE_IN_ADDRESS)
    path = quote(source.encode(errors="surrogateescape"))  # as the file system has it
    return f"file://{path}" if PurePath(source).is_absolute() else path


def place_of(address: str) -> str:
    """The source whose IRI `address` is."""
    if fetched(address):
        return address
    path = urlsplit(address).path if address.startswith("file://") else address
    return unquote_to_bytes(path).decode(errors="surrogateescape")


def document_of(name: str) -> str:
    """The document id that a hash's IRI holds."""
    return unquote_to_bytes(name.removeprefix(_HASH)).decode(errors="replace")
