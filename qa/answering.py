"""One question and its hits become what is shown of the documents; knows nothing of history, prose or events."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa import attribution, citations, identity, kinds, summary
from qa.aliases import Known
from qa.names import Names, names
from qa.polarity import negation_flipped
from qa.statements import statements
from qa.types import Citation, Embedder, Finding, Hit, Passage, Reader, Statement, Store

MOST_LISTED = 8  # findings for a question that asks for all
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
        findings = self._findings(kinds.for_one(asked), hits)
        if not findings:
            return Result()
        wants_all = kinds.asks_for_all(asked)
        shown = findings[: MOST_LISTED if wants_all else 1]
        cited = citations.cite(shown, self.store.document)
        confidence = shown[0].probability if self.reader.calibrated else None
        # to yes or no the quote answers, or it does not; and one of two things that are asked for is no answer
        quotes_alone = wants_all or kinds.asks_yes_or_no(asked) or kinds.names_too_few(asked, shown[0].text)
        return Result(None if quotes_alone else _short(shown[0], cited), cited, confidence)

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

    def _findings(self, asked: str, hits: Sequence[Hit]) -> tuple[Finding, ...]:
        """The findings that are likely enough, best first, names as full as the document gives them."""
        # a document that never mentions whom one asks about says nothing
        silent = {each for each in {hit.passage.document_id for hit in hits} if self._known(each).missing(asked)}
        passages = [hit.passage for hit in hits if hit.passage.document_id not in silent]
        told = self._attributed(asked, passages) or identity.identity_findings(asked, passages, self._names)
        if told:
            return told
        threshold = self.reader.threshold if self.threshold is None else self.threshold
        read = self.reader.read(asked, passages).findings
        likely = [each for each in read if each.probability >= threshold and kinds.fits(asked, each.text)]
        if attribution.asks_for_speaker(asked):
            # of all mistakes the worst: to give someone the opposite of their words
            likely = [each for each in likely if not negation_flipped(asked, [self._evidence(each)])]
        acts = dict.fromkeys(self._act(asked, each, read) for each in likely)
        return tuple(map(self._completed, acts))

    def _attributed(self, asked: str, passages: Sequence[Passage]) -> tuple[Finding, ...]:
        """The answers to a question about speech, out of the statements of the passages' documents."""
        for_words, for_speaker = attribution.asks_for_words(asked), attribution.asks_for_speaker(asked)
        if not (for_words or for_speaker):
            return ()
        said = [each for passage in _one_a_document(passages) for each in self._statements(passage.document_id)]
        if for_words:
            return attribution.words_findings(asked, passages, said, self.embedder)
        speakers = attribution.speaker_findings(asked, passages, said, self.embedder)
        return tuple(each for each in speakers if each.probability >= attribution.THRESHOLD)

    def _act(self, asked: str, finding: Finding, read: Sequence[Finding]) -> Finding:
        """The finding; where it only introduces who acted, the next of its passage, which holds the answer."""
        known = self._names(finding.passage.document_id)
        if not identity.only_introduces(asked, finding, known):
            return finding
        beside = (each for each in read if each.passage == finding.passage and kinds.fits(asked, each.text))
        return next((each for each in beside if not identity.only_introduces(asked, each, known)), finding)

    def _evidence(self, finding: Finding) -> str:
        text = self.store.document(finding.passage.document_id).text
        return " ".join(span.within(text) for span in finding.evidence)

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
