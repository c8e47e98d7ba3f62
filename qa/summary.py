"""A request for a summary becomes the central sentences of the documents, as they stand; knows no reader and no model.

Centrality is the mean cosine to the document's other sentences (Erkan & Radev 2004, "LexRank", by degree); each next
sentence is also unlike those chosen (Carbonell & Goldstein 1998, "The Use of MMR"). What news says first counts more.
"""

import re
from collections.abc import Sequence

import numpy as np

from qa.passages import sentences_of
from qa.types import Embedder, Passage, Span

SENTENCES = 4  # of one document
DOCUMENTS = 4  # told of together, in one sentence each
MOST_READ = 96  # sentences of one document, the first third of them from its beginning
SHORTEST, LONGEST = 6, 50  # words
LIKENESS = 0.3  # weight of being unlike the sentences that are chosen
DANGLING = 0.1  # centrality that a sentence loses which begins with a quotation or a pronoun
LEAD = 0.15  # centrality that the first sentence gains, half of it the second, a third of it the next

_TEXT = "article|document|text|story|report|piece|page|file|book|paper|essay|news|interview|contract|letter|mail|email"
_WHAT = (
    rf"(?:this|these|that|it|(?:(?:this|these|the|my) )?(?:{_TEXT})s?(?: (?:about|on|of|from|called) .+?)?)(?: all)?"
)
_ABOUT = rf"{_WHAT} (?:about|say|cover|deal with)"
_ASKS = re.compile(
    r"^\W*(?:(?:and|so|ok|please|can you|could you) )*(?:"
    rf"what(?:['’]s| is| are| does| do) {_ABOUT}"
    r"|summar(?:i[sz]e|y)\b.*|tl;?dr"
    r"|(?:give|show|write|make)(?: me)? (?:an? |the )?(?:short |brief |quick )?(?:summary|overview|gist)\b.*"
    r"|(?:what (?:is|are) )?the (?:main|key|central|most important) (?:points?|ideas?|facts?|message)\b.*"
    r")\W*$",
    re.IGNORECASE,
)
_SEVERAL = re.compile(rf"\b(?:these|all|(?:{_TEXT})s)\b(?!['’])", re.IGNORECASE)
_DANGLES = re.compile(r"[\"'“‘«]|(?:he|she|it|they|this|that|these|those|but|and|so)\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…][\"'”’»)]*$")


def asks_for_summary(question: str) -> bool:
    """Whether `question` asks what a text says as a whole."""
    return _ASKS.match(question) is not None


def asks_of_several(question: str) -> bool:
    """Whether a request for a summary means all documents ("What are these about?")."""
    return _SEVERAL.search(question) is not None


def central(passages: Sequence[Passage], embedder: Embedder, count: int = SENTENCES) -> tuple[Span, ...]:
    """Up to `count` central sentences of one document that are unlike each other, in its order.

    passages: the document's, in its order. Headings and fragments are no sentences.
    """
    places = _sentences(passages)
    if not places:
        return ()
    vectors = embedder.embed([text for _, text in places])
    likeness = vectors @ vectors.T
    worth = likeness.mean(axis=1) + LEAD / np.arange(1, len(places) + 1)
    worth -= [DANGLING * (_DANGLES.match(text) is not None) for _, text in places]
    chosen: list[int] = []
    while len(chosen) < min(count, len(places)):
        alike = likeness[:, chosen].max(axis=1) if chosen else np.zeros(len(places))
        gain = worth - LIKENESS * alike
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
    return tuple(places[place][0] for place in sorted(chosen))


def _sentences(passages: Sequence[Passage]) -> list[tuple[Span, str]]:
    found: dict[str, Span] = {}
    for passage in passages:
        for span in sentences_of(passage):
            text = passage.at(span)
            if SHORTEST <= len(text.split()) <= LONGEST and _ENDS.search(text):
                found.setdefault(text, span)
    places = [(span, text) for text, span in found.items()]
    head = places[: MOST_READ // 3]
    rest = places[len(head) :]
    step = max(1, -(-len(rest) // (MOST_READ - len(head))))
    return [*head, *rest[::step]]
