import pytest

from qa.evaluation.evidence import Evidence, Place
from qa.evaluation.measures import citation_quality, is_exact, touches_evidence, words_support
from qa.types import Answer, Claim, Outcome, Quote, Span, Support
from tests.evaluation.systems import HARBOUR, TEXTS, answer, cite, place_of


def test_exact_citation_is_the_document_itself() -> None:
    quote = place_of("the flood of 1902")
    assert is_exact(cite(quote), TEXTS)
    assert not is_exact(cite(Quote(quote.document_id, quote.span, "the flood of 1903")), TEXTS)
    assert not is_exact(cite(Quote("elsewhere", quote.span, quote.text)), TEXTS)


def test_a_span_beyond_the_end_of_the_document_is_not_exact() -> None:
    end = len(HARBOUR)
    assert is_exact(cite(Quote("harbour", Span(end - 5, end), "1902.")), TEXTS)
    assert not is_exact(cite(Quote("harbour", Span(end - 5, end + 1), "1902.")), TEXTS)
    assert not is_exact(cite(Quote("harbour", Span(end, end + 1), "")), TEXTS)


def test_citation_touches_evidence_only_where_characters_are_shared() -> None:
    evidence: Evidence = ((Place("harbour", place_of("opened in 1871").span),),)
    assert touches_evidence(cite(place_of("in 1871. Its first")), evidence)
    assert not touches_evidence(cite(place_of("Its first master")), evidence)


def contains(cited: str, sentence: str) -> bool:
    """A support measure to work by hand with: every word of the sentence stands in what is cited."""
    return set(sentence.split()) <= set(cited.split())


def with_claims(claims: list[tuple[str, tuple[int, ...]]], quotes: list[Quote]) -> Answer:
    given = answer("Who?", "words", quotes=quotes)
    return Answer(
        question="Who?",
        standalone_question="Who?",
        outcome=Outcome.ANSWERED,
        short=None,
        claims=tuple(Claim(text, numbers, Support.UNSUPPORTED) for text, numbers in claims),
        citations=given.citations,
        confidence=None,
        hits=(),
        timings=given.timings,
        models=given.models,
    )


OPENED, MASTER, LOST = (place_of(words) for words in ("Varn opened in 1871", "first master was", "lost in the flood"))


def test_alce_by_hand() -> None:
    given = with_claims(
        [
            ("opened 1871", (1, 2)),  # 1 proves it alone, 2 adds nothing: recall 1, precision 1 and 0
            ("opened first", (1, 2)),  # only both together prove it: recall 1, both are relevant
            ("sunk 1902", (3,)),  # nothing proves it: recall 0, precision 0
            ("opened", ()),  # cites nothing: recall 0, and no citation to be precise
        ],
        [OPENED, MASTER, LOST],
    )
    quality = citation_quality(given, TEXTS, contains)
    assert quality is not None
    assert (quality.recall, quality.precision) == (2 / 4, 3 / 5)
    assert (quality.supported, quality.claims) == (2, 4)


def test_two_citations_that_prove_it_each_are_both_relevant() -> None:
    quality = citation_quality(with_claims([("opened", (1, 2))], [OPENED, OPENED]), TEXTS, contains)
    assert quality is not None
    assert (quality.recall, quality.precision) == (1, 1)


def test_invented_quotes_and_missing_numbers_prove_nothing() -> None:
    invented = Quote(OPENED.document_id, OPENED.span, "It closed in 1999.")
    quality = citation_quality(with_claims([("closed", (1,)), ("opened", (7,))], [invented]), TEXTS, contains)
    assert quality is not None
    assert (quality.recall, quality.precision) == (0, 0)


def test_answers_without_claims_have_no_citation_quality_and_without_citations_have_none_at_all() -> None:
    assert citation_quality(answer("Who?"), TEXTS, contains) is None
    quality = citation_quality(with_claims([("opened", ())], []), TEXTS, contains)
    assert quality is not None
    assert (quality.recall, quality.precision) == (0, 0)


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("The harbour opened in 1871.", True),
        ("Varn's harbour was opened in 1871.", True),
        ("The harbour opened in 1872.", False),  # another number
        ("The harbour of Osk opened in 1871.", False),  # another name
        ("The harbour did not open in 1871.", False),  # denied
        ("The harbour opened in 1871 with music and fireworks.", False),  # words of its own
        ("", False),
    ],
)
def test_support_by_words(sentence: str, supported: bool) -> None:
    assert words_support("The harbour of Varn opened in 1871.", sentence) is supported


@pytest.mark.parametrize(
    "sentence",
    [
        'He commended U.S. allies for cutting "economic ties and diplomatic ties."',
        "Ilse Brandt, Varn's choice as the next U.S. ambassador, then backed her, both times.",
        "The mill-wheel of Varn-Osk fed the Osk-born miller of the Anglo-Osk Mill.",
        "The A.B.C. of Osk was not printed in 1902.",
    ],
)
def test_a_sentence_supports_itself_in_quotation_marks(sentence: str) -> None:
    assert words_support(sentence, f"“{sentence}”")
