"""One question and its hits become what is shown of the documents; knows nothing of history, prose or events."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa import attribution, citations, identity, kinds, summary
from qa.aliases import Known
from qa.names import Names, names
from qa.statements import statements
from qa.types import Citation, Embedder, Finding, Hit, Passage, Reader, Statement, Store

DOCUMENTS_REMEMBERED = 256  # whose statements and names are kept between questions


@dataclass(frozen=True, slots=True)
class Result:
    """What the documents say to one question. No citations: they do not say.

    short: the exact short answer, a substring of a quote, or None. confidence: as `Answer.confidence`.
    """

    short: str | None = None
    citations: tuple[Citation, ...] = ()
    confidence: float | None = None


@dataclass(eq=False)
class Answering:
    """Answers questions that stand alone, each kind in its way. Safe to use from several threads at once.

    threshold: the probability under which the sources do not say, None for the reader's own.
    """

    store: Store
    embedder: Embedder
    reader: Reader
    threshold: float | None = None

    def answer(self, asked: str, hits: Sequence[Hit]) -> Result:
        """What the passages of `hits` say to the question `asked`."""
        if summary.asks_for_summary(asked):
            return self._summary(asked, hits)
        finding = self._best_finding(asked, hits)
        if finding is None:
            return Result()
        cited = citations.cite(finding, self.store.document(finding.passage.document_id))
        short = None if kinds.asks_yes_or_no(asked) else _short(finding, cited)  # the quote decides, or it does not
        return Result(short, cited, finding.probability if self.reader.calibrated else None)

    def _summary(self, asked: str, hits: Sequence[Hit]) -> Result:
        """The central sentences of the best hit's document, or one of each of the best hits' documents."""
        several = summary.asks_of_several(asked)
        documents = list(dict.fromkeys(hit.passage.document_id for hit in hits))[: summary.DOCUMENTS if several else 1]
        count = 1 if len(documents) > 1 else summary.SENTENCES
        places = [
            (self.store.document(each), span)
            for each in documents
            for span in summary.central(self.store.passages(each), self.embedder, count)
        ]
        return Result(citations=tuple(citations.citation(*place, n) for n, place in enumerate(places, start=1)))

    def _best_finding(self, asked: str, hits: Sequence[Hit]) -> Finding | None:
        """The best finding that is likely enough, names as full as the document gives them; None for "not here"."""
        documents = {hit.passage.document_id for hit in hits}
        unknown = {
            each for each in documents if self._known(each).missing(asked)
        }  # it never mentions whom one asks about
        passages = [hit.passage for hit in hits if hit.passage.document_id not in unknown]
        told = self._attributed(asked, passages) or self._introduced(asked, passages)
        if told is not None:
            return told
        threshold = self.reader.threshold if self.threshold is None else self.threshold
        best = next((each for each in self.reader.read(asked, passages).findings if kinds.fits(asked, each.text)), None)
        return None if best is None or best.probability < threshold else self._completed(best)

    def _attributed(self, asked: str, passages: Sequence[Passage]) -> Finding | None:
        """The answer to a question about speech, out of the statements of the passages' documents."""
        for_words, for_speaker = attribution.asks_for_words(asked), attribution.asks_for_speaker(asked)
        if not (for_words or for_speaker):
            return None
        said = [each for passage in _one_a_document(passages) for each in self._statements(passage.document_id)]
        if for_words:
            return next(iter(attribution.words_findings(asked, passages, said, self.embedder)), None)
        speakers = attribution.speaker_findings(asked, passages, said, self.embedder)
        return next((each for each in speakers if each.probability >= attribution.THRESHOLD), None)

    def _introduced(self, asked: str, passages: Sequence[Passage]) -> Finding | None:
        """The answer to "Who is …?" as a document introduces the person."""
        return next(iter(identity.identity_findings(asked, passages, self._names)), None)

    def _completed(self, finding: Finding) -> Finding:
        """The finding with a short name ("Grenell") completed to the fullest form that its document gives."""
        found = self._names(finding.passage.document_id).complete(finding.text)
        if found is None:
            return finding
        full, place = found
        return replace(finding, span=place, text=full, evidence=tuple(dict.fromkeys((*finding.evidence, place))))

    @functools.lru_cache(maxsize=DOCUMENTS_REMEMBERED)  # noqa: B019 - the cache is meant to live as long as its assistant
    def _statements(self, document_id: str) -> tuple[Statement, ...]:
        return statements(self.store.document(document_id))

    @functools.lru_cache(maxsize=DOCUMENTS_REMEMBERED)  # noqa: B019
    def _known(self, document_id: str) -> Known:
        document = self.store.document(document_id)
        return Known(f"{document.title}\n{document.text}")

    @functools.lru_cache(maxsize=DOCUMENTS_REMEMBERED)  # noqa: B019
    def _names(self, document_id: str) -> Names:
        return names(self.store.document(document_id))


def _short(finding: Finding, cited: Sequence[Citation]) -> str:
    """The finding's words as one of its quotes holds them."""
    if any(finding.text in each.quote.text for each in cited):
        return finding.text
    raise AssertionError(f"no quote holds the finding {finding.text!r}")


def _one_a_document(passages: Iterable[Passage]) -> list[Passage]:
    return list({passage.document_id: passage for passage in passages}.values())
