"""Turns a question into ranked Hits; knows nothing of answers, of files or of how a store searches."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from qa.models.cores import usable_cores
from qa.types import Embedder, FoundBy, Hit, Passage, Store

_FUSION_CONSTANT = 60  # the paper's; it found the choice uncritical

_BESIDE = ThreadPoolExecutor(usable_cores(), "words")
_LOOKED_AT = 3  # times as many hits as are wanted

_WORD = re.compile(r"\w+")


def retrieve(question: str, store: Store, embedder: Embedder, count: int, candidates: int) -> tuple[Hit, ...]:
    """The `count` best passages for a question, best first, no words shown twice.

    The `candidates` best by vector and the `candidates` best by words are fused by reciprocal rank:
    score = sum over the two lists of 1 / (60 + rank), rank from 1 (Cormack, Clarke and Büttcher 2009,
    "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods").
    """
    by_words = _BESIDE.submit(store.search_words, question, candidates)  # while the question is embedded
    dense = [passage for passage, _ in store.search_vector(embedder.embed([question])[0], candidates)]
    words = [passage for passage, _ in by_words.result()]
    return tuple(_distinct(_fused(dense, words), count))


def _fused(dense: Sequence[Passage], words: Sequence[Passage]) -> Iterator[Hit]:
    """Both lists as one, the best score first; equal scores keep the order in which they were found."""
    passages = {passage.id: passage for passage in (*dense, *words)}
    ranks = [{passage.id: rank for rank, passage in enumerate(found, 1)} for found in (dense, words)]
    scores = {key: sum(1 / (_FUSION_CONSTANT + rank[key]) for rank in ranks if key in rank) for key in passages}
    for key in sorted(scores, key=lambda key: -scores[key]):
        yield Hit(passages[key], scores[key], _found_by(ranks, key))


def _found_by(ranks: Sequence[dict[str, int]], passage_id: str) -> FoundBy:
    dense, words = (passage_id in rank for rank in ranks)
    if dense and words:
        return FoundBy.BOTH
    return FoundBy.DENSE if dense else FoundBy.WORDS


def _distinct(hits: Iterable[Hit], count: int) -> list[Hit]:
    """The first `count` hits without those whose words another one holds whole; the fuller one takes the better rank.

    Word for word, case, quotation marks and white space aside: a passage that differs in a single number
    says something else and stays. A fuller one is looked for among three times as many.
    """
    kept: list[tuple[str, Hit]] = []
    for place, hit in enumerate(hits):
        if place >= _LOOKED_AT * count and len(kept) >= count:
            break
        words = _words(hit.passage)
        length = len(words)  # compared first: a longer text is in no shorter one, and `in` has to look
        if any(length <= len(other) and words in other for other, _ in kept):
            continue
        held = [rank for rank, (other, _) in enumerate(kept) if len(other) < length and other in words]
        if held:
            kept[held[0]] = (words, replace(kept[held[0]][1], passage=hit.passage))
            for rank in reversed(held[1:]):
                del kept[rank]
        else:
            kept.append((words, hit))
    return [hit for _, hit in kept[:count]]


def _words(passage: Passage) -> str:
    """The words of a passage between spaces, so that whole words only are found in each other."""
    return f" {' '.join(_WORD.findall(unicodedata.normalize('NFKC', passage.text).casefold()))} "
