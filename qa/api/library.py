"""The endpoints of what the library holds: search, documents, statements, and whether quotes stand; answers nothing."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from qa.api.asking import Question
from qa.api.problems import responses
from qa.api.service import LibraryAssistant, Service
from qa.errors import InputError
from qa.libraries import still_there
from qa.mcp.forms import FoundPassages, SaidStatement
from qa.render import passage_rows, statement_row
from qa.saved import ANNOTATIONS, SavedAnswer, read_saved
from qa.statements import statements as said_in
from qa.types import Citation, Document
from qa.verify import State, Verdict, verify

MOST_FOUND = 50  # passages of one search
MOST_LISTED = 1000  # documents on one page
MOST_READ = 100  # documents whose statements are read for one page
MOST_QUOTES = 200  # checked by one request
SEARCHED_CHARACTERS = 500  # of a quote whose document is not known

FoundCount = Annotated[int, Field(ge=1, le=MOST_FOUND, description="how many passages")]
Offset = Annotated[int, Query(ge=0, description="how many to pass over")]
Identity = Annotated[str, Path(min_length=1, description="a document's id")]


class SearchRequest(BaseModel):
    """What passages are looked for by: a question, or some words."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: Question
    count: FoundCount = 8


class ListedDocument(BaseModel):
    """What is known of a document without its text. pages: how many, 0 when it has none."""

    id: str
    title: str
    sources: list[str]
    characters: int
    pages: int
    metadata: dict[str, str]


class ListedDocuments(BaseModel):
    """A page of the list. total: how many documents the library holds."""

    total: int
    documents: list[ListedDocument]


class ReadDocument(ListedDocument):
    """A document with its text, or the part of it between the offsets start and end."""

    start: int
    end: int
    text: str


class ListedStatements(BaseModel):
    """Who said what in some documents. next_offset: what to ask for next, null after the last document."""

    statements: list[SaidStatement]
    next_offset: int | None


class FoundPlace(BaseModel):
    """Half-open character offsets into the text of a document."""

    start: int
    end: int


class QuoteVerdict(BaseModel):
    """What became of a quote, and where its words, or the nearest ones, stand now."""

    number: int
    quote: str
    document_id: str
    source: str
    state: State
    stands: bool
    found: FoundPlace | None
    found_in: str
    text: str
    similarity: float
    note: str


class Verdicts(BaseModel):
    """One verdict for each quote, answer by answer."""

    all_stand: bool
    verdicts: list[QuoteVerdict]


def router(service: Service) -> APIRouter:
    """The endpoints over `service`."""
    routes = APIRouter(tags=["library"])
    assistant = service.assistant

    @routes.get("/v1/search", responses=responses(), summary="Find passages", response_model=FoundPassages)
    async def search(
        question: Annotated[Question, Query()],
        count: Annotated[int, Query(ge=1, le=MOST_FOUND, description="how many passages")] = 8,
    ) -> dict[str, Any]:
        """The passages that suit a question or some words best, the best one first; nothing is answered."""
        return await service.run(lambda: _found(assistant, question, count))

    @routes.post("/v1/search", responses=responses(), summary="Find passages", response_model=FoundPassages)
    async def search_by_body(wanted: SearchRequest) -> dict[str, Any]:
        """As GET; the question stands in no log and no history of addresses."""
        return await service.run(lambda: _found(assistant, wanted.question, wanted.count))

    @routes.get("/v1/documents", responses=responses(), summary="List documents")
    async def documents(
        offset: Offset = 0, limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 100
    ) -> ListedDocuments:
        """The documents in the order in which they were added, without their texts."""
        about = await service.run(assistant.about)
        page = [ListedDocument.model_validate(each, from_attributes=True) for each in about[offset : offset + limit]]
        return ListedDocuments(total=len(about), documents=page)

    @routes.get("/v1/documents/{document_id}", responses=responses(HTTPStatus.NOT_FOUND), summary="Read a document")
    async def document(
        document_id: Identity,
        start: Annotated[int, Query(ge=0, description="offset of the first character")] = 0,
        end: Annotated[int | None, Query(ge=0, description="offset after the last character")] = None,
    ) -> ReadDocument:
        """The text of a document, or the part of it that a citation or a passage names by its offsets."""
        return _read(await service.run(lambda: assistant.document(document_id)), start, end)

    @routes.get("/v1/statements", responses=responses(HTTPStatus.NOT_FOUND), summary="List who said what")
    async def statements(
        speaker: Annotated[str, Query(description="only of speakers whose name holds this")] = "",
        document_id: Annotated[str, Query(description="only of this document")] = "",
        offset: Offset = 0,
        documents: Annotated[int, Query(ge=1, le=MOST_READ, description="how many documents are read")] = 20,
    ) -> ListedStatements:
        """Direct quotations and reported speech, each with its exact place; some documents a page."""
        ids = [document_id] if document_id else [each.id for each in await service.run(assistant.about)]
        chosen = ids[offset : offset + documents]
        said = await service.run(lambda: _said(assistant, chosen, speaker, named=bool(document_id)))
        after = offset + len(chosen)
        return ListedStatements(statements=said, next_offset=after if after < len(ids) else None)

    @routes.post("/v1/verify", responses=responses(), summary="Check whether quotes stand", openapi_extra=_VERIFIED)
    async def check(request: Request) -> Verdicts:
        """Whether the quotes of saved answers still stand in the documents, word by word.

        Takes what `POST /v1/ask` gives, one answer or a list of them, and its Web Annotations.
        """
        body = await request.body()
        return await service.run(lambda: _verdicts(assistant, body))

    return routes


def _found(assistant: LibraryAssistant, question: str, count: int) -> dict[str, Any]:
    hits = assistant.search(question, count)
    documents = still_there(assistant.document, (hit.passage.document_id for hit in hits))
    return {"passages": passage_rows(hits, documents)}


def _read(document: Document, start: int, end: int | None) -> ReadDocument:
    characters = len(document.text)
    last = characters if end is None else end
    if not start <= last <= characters:
        raise InputError(f"there is nothing to read at {start}..{last}", f"the document has {characters} characters")
    return ReadDocument(
        id=document.id,
        title=document.title,
        sources=list(document.sources),
        characters=characters,
        pages=len(document.pages),
        metadata=dict(document.metadata),
        start=start,
        end=last,
        text=document.text[start:last],
    )


def _said(assistant: LibraryAssistant, ids: Sequence[str], speaker: str, *, named: bool) -> list[SaidStatement]:
    """named: the one document was asked for, and must be there."""
    documents = [assistant.document(each) for each in ids] if named else still_there(assistant.document, ids).values()
    said = (each for document in documents for each in said_in(document))
    return [
        SaidStatement.model_validate(statement_row(each))
        for each in said
        if speaker.casefold() in each.speaker.casefold()
    ]


def _verdicts(assistant: LibraryAssistant, body: bytes) -> Verdicts:
    try:
        saved = read_saved(body.decode(), "the body")
    except UnicodeDecodeError as error:
        raise InputError(f"the body: not UTF-8 at byte {error.start}", "send JSON in UTF-8") from error
    citations = [citation for answer in saved for citation in answer.citations]
    if len(citations) > MOST_QUOTES:
        raise InputError(f"{len(citations)} quotes are too many", f"send at most {MOST_QUOTES} at once")
    documents = _sources_of(assistant, citations)
    verdicts = [_verdict(each) for each in verify(citations, documents)]
    return Verdicts(all_stand=all(each.stands for each in verdicts), verdicts=verdicts)


def _sources_of(assistant: LibraryAssistant, citations: Sequence[Citation]) -> tuple[Document, ...]:
    """The documents that are cited, by id or by source; for what has neither, those nearest to its words."""
    by_source = {source: about.id for about in assistant.about() for source in about.sources}
    known = still_there(assistant.document, (each.quote.document_id for each in citations))
    ids = [by_source[each.source] for each in citations if each.source in by_source]
    lost = [each for each in citations if each.quote.document_id not in known and each.source not in by_source]
    for words in filter(str.strip, (each.quote.text[:SEARCHED_CHARACTERS] for each in lost)):
        ids += [hit.passage.document_id for hit in assistant.search(words, MOST_FOUND)]
    return tuple((known | still_there(assistant.document, ids)).values())


def _verdict(verdict: Verdict) -> QuoteVerdict:
    return QuoteVerdict.model_validate(verdict, from_attributes=True)


_SAVED = {"$ref": f"#/components/schemas/{SavedAnswer.__name__}"}
_ANNOTATIONS = {"type": "object", "properties": {"type": {"enum": list(ANNOTATIONS)}}, "required": ["type"]}
_FORMS = {"anyOf": [_SAVED, {"type": "array", "items": _SAVED, "minItems": 1}, _ANNOTATIONS]}
_VERIFIED: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": {"schema": _FORMS}}}}
