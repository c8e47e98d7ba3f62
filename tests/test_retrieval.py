"""A question becomes ranked hits, each saying something of its own."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.indexing import index
from qa.library import Library
from qa.retrieval import retrieve
from qa.types import Document, FoundBy, Passage, Span, Vectors
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()


class ScriptedStore:
    """Finds what the test wrote, whatever is asked; keeps how many were asked for."""

    def __init__(self, dense: Sequence[Passage] = (), words: Sequence[Passage] = ()) -> None:
        self.dense, self.words = list(dense), list(words)
        self.counts: list[int] = []

    def add(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        raise NotImplementedError

    def remove(self, document_id: str) -> None:
        raise NotImplementedError

    def documents(self) -> Iterator[Document]:
        raise NotImplementedError

    def document(self, document_id: str) -> Document:
        raise NotImplementedError

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        raise NotImplementedError

    def search_vector(self, vector: Vectors, count: int) -> list[tuple[Passage, float]]:
        self.counts.append(count)
        return [(passage, 0.5) for passage in self.dense]

    def search_words(self, text: str, count: int) -> list[tuple[Passage, float]]:
        self.counts.append(count)
        return [(passage, 9.0) for passage in self.words]


def passage(text: str, start: int = 0) -> Passage:
    return Passage("d", Span(start, start + len(text)), text)


A, B, C, D = (passage(f"{word} stands alone here.", start) for start, word in enumerate(("Ape", "Bee", "Cat", "Dog")))


def texts(store: ScriptedStore, count: int = 9) -> list[str]:
    return [hit.passage.text for hit in retrieve("?", store, EMBEDDER, count, 40)]


def test_two_searches_are_fused_by_reciprocal_rank() -> None:
    store = ScriptedStore(dense=[A, B, C], words=[C, D])
    hits = retrieve("?", store, EMBEDDER, 9, 40)
    assert [(hit.passage, hit.found_by) for hit in hits] == [
        (C, FoundBy.BOTH),
        (A, FoundBy.DENSE),
        (B, FoundBy.DENSE),
        (D, FoundBy.WORDS),
    ]
    assert [hit.score for hit in hits] == pytest.approx([1 / 63 + 1 / 61, 1 / 61, 1 / 62, 1 / 62])
    assert store.counts == [40, 40]


def test_the_count_is_kept() -> None:
    store = ScriptedStore(dense=[A, B, C], words=[C, D])
    assert len(retrieve("?", store, EMBEDDER, 2, 40)) == 2
    assert retrieve("?", ScriptedStore(), EMBEDDER, 2, 40) == ()


@given(st.permutations([A, B, C, D]), st.permutations([A, B, C, D]), st.integers(0, 4), st.integers(0, 4))
def test_scores_fall_and_no_passage_comes_twice(
    dense: list[Passage], words: list[Passage], first: int, second: int
) -> None:
    hits = retrieve("?", ScriptedStore(dense[:first], words[:second]), EMBEDDER, 9, 40)
    assert {hit.passage for hit in hits} == {*dense[:first], *words[:second]}
    assert len({hit.passage.id for hit in hits}) == len(hits)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


CAPTION = "Ann's biggest boat left 'Old Port' this week"


@pytest.mark.parametrize(
    "twin", [CAPTION.replace("'", "’"), CAPTION.upper(), CAPTION.replace(" ", "\n \u00a0"), f"‘{CAPTION}.’"]
)
def test_the_same_words_are_shown_once(twin: str) -> None:
    assert texts(ScriptedStore(dense=[passage(CAPTION), A, passage(twin, 500)])) == [CAPTION, A.text]


def test_a_passage_within_another_gives_it_its_better_rank() -> None:
    fuller = f"Before it. {CAPTION} After it."
    hits = retrieve("?", ScriptedStore(dense=[passage(CAPTION), A, passage(fuller, 99)]), EMBEDDER, 9, 40)
    assert [hit.passage.text for hit in hits] == [fuller, A.text]
    assert hits[0].score == pytest.approx(1 / 61)
    assert texts(ScriptedStore(dense=[passage(fuller), A, passage(CAPTION, 99)])) == [fuller, A.text]


def test_a_passage_that_holds_two_others_takes_the_place_of_both() -> None:
    both = f"{A.text} {B.text}"
    assert texts(ScriptedStore(dense=[A, C, B, passage(both, 99)])) == [both, C.text]


@pytest.mark.parametrize(
    "other", ["In 2019 they sold 5 boats.", "In 2018 they sold 51 boats.", "In 2018 they sold 5 boats of 9."]
)
def test_one_other_number_is_another_passage(other: str) -> None:
    first = passage("In 2018 they sold 5 boat s")
    assert len(texts(ScriptedStore(dense=[first, passage(other, 99)]))) == 2


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path, EMBEDDER.name) as opened:
        yield opened


def report(words_each: int, count: int) -> Document:
    sentence = "word " * (words_each - 2) + "number {}."
    return Document("d", "Title", ("a.txt",), "\n\n".join(sentence.format(n) for n in range(count)))


def test_a_printed_twice_caption_is_one_hit(store: Library) -> None:
    caption = "Ann's biggest, fastest boat (center) left 'Old Port' this week, said two officials"
    text = "\n\n".join([report(30, 1).text, caption, caption.replace("'", "’"), report(60, 1).text])
    index(store, [Document("d", "Title", ("a.txt",), text)], EMBEDDER)
    hits = retrieve("Which boat left Old Port?", store, EMBEDDER, 8, 40)
    assert sum(hit.passage.text.count("fastest boat") for hit in hits) == 1
