from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.render import to_annotations, to_json
from tests.surface_fakes import ANSWERED, DOCUMENT, HITS, OPENED, QUOTE, TEXT, span_of


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_search_gives_passages_with_their_places(client: TestClient, method: str) -> None:
    wanted = {"question": "bread", "count": 1}
    body: dict[str, Any] = {"params": wanted} if method == "GET" else {"json": wanted}
    (passage,) = client.request(method, "/v1/search", **body).json()["passages"]
    assert TEXT[passage["start"] : passage["end"]] == passage["text"] == HITS[0].passage.text
    assert (passage["title"], passage["heading"], passage["found_by"]) == (DOCUMENT.title, "Opening", "both")


def test_documents_are_listed_without_their_texts(client: TestClient) -> None:
    listed = client.get("/v1/documents").json()
    assert listed == {
        "total": 1,
        "documents": [
            {
                "id": "doc1",
                "title": DOCUMENT.title,
                "sources": ["seeds/bakery.md"],
                "characters": len(TEXT),
                "pages": 0,
                "metadata": {"author": "Ann Lee"},
            }
        ],
    }
    assert client.get("/v1/documents?offset=1").json() == {"total": 1, "documents": []}


def test_a_document_is_read_whole_or_in_part(client: TestClient) -> None:
    assert client.get("/v1/documents/doc1").json()["text"] == TEXT
    place = span_of(OPENED)
    part = client.get(f"/v1/documents/doc1?start={place.start}&end={place.end}").json()
    assert (part["text"], part["characters"]) == (OPENED, len(TEXT))
    for start, end in ((5, 4), (0, len(TEXT) + 1)):
        reply = client.get(f"/v1/documents/doc1?start={start}&end={end}")
        assert (reply.status_code, reply.json()["type"]) == (422, "urn:qa:error:InputError")
    assert client.get("/v1/documents/other").json()["type"] == "urn:qa:error:DocumentNotFound"


def test_statements_are_chosen_by_speaker_and_document(client: TestClient) -> None:
    whole = client.get("/v1/statements").json()
    assert [(each["speaker"], each["words"]) for each in whole["statements"]] == [
        ("Ada Brook", "Bread is older than kings,")
    ]
    assert whole["next_offset"] is None
    assert client.get("/v1/statements?speaker=brook&document_id=doc1").json() == whole
    assert client.get("/v1/statements?speaker=reed").json()["statements"] == []
    assert client.get("/v1/statements?document_id=other").status_code == 404


def test_quotes_of_an_answer_are_verified(client: TestClient) -> None:
    for saved in (to_json(ANSWERED), [to_json(ANSWERED)], to_annotations([ANSWERED])):
        reply = client.post("/v1/verify", json=saved).json()
        assert (reply["all_stand"], [each["state"] for each in reply["verdicts"]]) == (True, ["verified"] * 2)
        assert reply["verdicts"][0]["found"] == {"start": span_of(QUOTE).start, "end": span_of(QUOTE).end}


def test_a_changed_quote_and_a_lost_document_are_told(client: TestClient) -> None:
    answer: Any = to_json(ANSWERED)
    changed = answer["citations"][0]
    changed["quote"] = changed["quote"].replace("older", "wiser")
    answer["citations"][1] |= {"document_id": "gone", "source": "gone.md"}
    reply = client.post("/v1/verify", json=answer).json()
    assert [each["state"] for each in reply["verdicts"]] == ["changed", "moved"]
    assert reply["all_stand"] is False


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"\xff", b"[1]"])
def test_what_is_no_answer_is_not_verified(client: TestClient, body: bytes) -> None:
    reply = client.post("/v1/verify", content=body)
    assert (reply.status_code, reply.json()["type"]) == (422, "urn:qa:error:InputError")
