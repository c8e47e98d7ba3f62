from typing import Any

import pytest

from qa.errors import InputError
from qa.evaluation.answers import parse_answer, with_our_ids
from qa.render import to_json
from qa.types import Document, Outcome, Span, Support, Timings
from tests.evaluation.systems import EXAMPLES, answer, perfect, place_of

LEAST: dict[str, Any] = {"outcome": "not_found", "claims": []}


def test_our_own_json_becomes_the_same_answer() -> None:
    given = perfect(EXAMPLES[0].question, ())
    read = parse_answer(to_json(given), given.question, 5.0)
    assert (read.outcome, read.short, read.claims, read.citations) == (
        given.outcome,
        given.short,
        given.claims,
        given.citations,
    )
    assert (read.timings, read.models, read.confidence) == (given.timings, given.models, given.confidence)
    assert [hit.passage.span for hit in read.hits] == [hit.passage.span for hit in given.hits]


def test_the_least_that_must_be_there_is_enough() -> None:
    read = parse_answer(LEAST | {"text": "I do not know."}, "Who?", 40.0)
    assert (read.outcome, read.notice, read.hits) == (Outcome.NOT_FOUND, "I do not know.", ())
    assert read.timings == Timings(40.0, 40.0, None, 40.0)


def test_a_claim_without_support_counts_as_unsupported() -> None:
    read = parse_answer({"outcome": "unverified", "claims": [{"text": "In 1871."}]}, "When?", 40.0)
    assert (read.claims[0].support, read.claims[0].citations) == (Support.UNSUPPORTED, ())
    assert read.timings.first_sentence == 40.0  # nothing was shown before the end


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"claims": []}, "outcome: Field required"),
        (LEAST | {"outcome": "maybe"}, "outcome: Input should be"),
        (LEAST | {"confidence": 2}, "confidence: Input should be less than or equal to 1"),
        (LEAST | {"hits": [{"document_id": "d", "start": 4, "end": 4}]}, "hits.0: .*not a span: 4..4"),
        (LEAST | {"citations": [{"number": 1}]}, r"citations\.0\.document_id: Field required"),
    ],
)
def test_anything_else_is_refused_and_the_key_named(data: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        parse_answer(data, "Who?", 1.0)


def test_documents_may_be_called_by_path_or_file_name() -> None:
    ours = Document("f00", "Harbour", ("/texts/harbour",), "The harbour of Varn.")
    quote = place_of("The harbour of Varn")
    given = answer("Where?", "Varn", quotes=[quote], hits=[quote])
    named = with_our_ids(given, [ours])
    assert (named.citations[0].quote.document_id, named.hits[0].passage.document_id) == ("f00", "f00")
    assert named.citations[0].quote.span == Span(0, 19)
    other = Document("f01", "Mill", ("/texts/mill",), "The mill.")
    assert with_our_ids(given, [other]) == given
