"""What every `Store` promises, asked of the one in a folder and of the one on Milvus alike."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import DocumentNotFound, LibraryMismatch, LibraryNotFound
from qa.indexing import embedded_text, index, index_paths, prune
from qa.libraries import Library, Place, create_library, open_library
from qa.library import Library as FolderLibrary
from qa.passages import split
from qa.selection import SelectedStore, Selection
from qa.types import Document, Passage, Span, Vectors
from tests.builders import topical as document
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()


def vector(text: str) -> Vectors:
    row: Vectors = EMBEDDER.embed([text])[0]
    return row


def let_go(place: Place) -> None:
    """Ends the server that milvus-lite keeps in this process, so that the next opening reads the disk."""
    if not isinstance(place, Path):
        from milvus_lite.server_manager import server_manager_instance

        server_manager_instance.release_server(place.partition(":")[2])


def in_folder(folder: Path) -> Place:
    return folder / "library"


def in_lists(folder: Path) -> Place:
    """A folder too, whose vectors lie in lists as if they were many: the store is made so."""
    return folder / "lists"


def on_milvus(folder: Path) -> Place:
    return f"milvus:{folder}/library.db"


Where = Callable[[Path], Place]


@pytest.fixture(params=[in_folder, in_lists, on_milvus], ids=["folder", "lists", "milvus"])
def where(request: pytest.FixtureRequest) -> Where:
    chosen: Where = request.param
    return chosen


@pytest.fixture
def place(where: Where, tmp_path: Path) -> Iterator[Place]:
    chosen = where(tmp_path)
    yield chosen
    let_go(chosen)


@pytest.fixture
def store(where: Where, place: Place) -> Iterator[Library]:
    with created(where, place) as opened:
        yield opened


def created(where: Where, place: Place) -> Library:
    if where is in_lists and isinstance(place, Path):
        return FolderLibrary.create(place, EMBEDDER.name, flat_most=4)
    return create_library(place, EMBEDDER.name)


def texts(found: list[tuple[Passage, float]]) -> list[str]:
    return [passage.text for passage, _ in found]


def test_the_nearest_passages_come_first_with_their_cosine(store: Library) -> None:
    index(store, map(document, range(8)), EMBEDDER)
    wanted = vector("Where is the museum?")
    passages = [(known.title, passage) for known in store.documents() for passage in store.passages(known.id)]
    cosines = sorted((float(wanted @ vector(embedded_text(*each))) for each in passages), reverse=True)
    found = store.search_vector(wanted, 5)
    assert [score for _, score in found] == pytest.approx(cosines[:5], abs=1e-5)
    assert len(store.search_vector(wanted, 999)) == len(passages)
    assert store.search_vector(wanted, 0) == []


def test_rare_words_rank_above_common_ones(store: Library) -> None:
    common = [document(n, f"The town council met again on day {n} of the year.") for n in range(30)]
    rare = document(30, "The town council met the zeppelin captain.")
    index(store, [*common, rare], EMBEDDER)
    found = store.search_words("Which town council met a zeppelin?", 5)
    assert texts(found)[0] == rare.text
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 2 * scores[1] > 0
    assert texts(store.search_words("zeppelins", 5)) == [rare.text]
    assert store.search_words("submarine", 5) == []
    assert store.search_words("zeppelin", 0) == []


def test_a_word_said_often_in_a_short_text_ranks_above_one_said_once_in_a_long_text(store: Library) -> None:
    long = document(0, "The bridge " + "stood beside many old houses of the quiet town " * 8 + ".")
    short = document(1, "The bridge of the bridge keeper is a bridge.")
    others = [document(n, f"Nothing of note was told on day {n}.") for n in range(2, 12)]
    index(store, [long, short, *others], EMBEDDER)
    assert texts(store.search_words("bridge", 2)) == [short.text, long.text]


def test_titles_and_headings_are_searched_too(store: Library) -> None:
    text = "# The lighthouse\n\nIt was built long ago by men from the north."
    index(store, [replace(document(0, text), title="Gazetteer"), document(1)], EMBEDDER)
    for word in ("lighthouse", "gazetteer"):
        (found,) = store.search_words(word, 5)
        assert found[0].heading == "The lighthouse"
        assert "built long ago" in found[0].text


@pytest.mark.parametrize("question", ["Müller", "muller", "MÜLLER's", "the reported meetings"])
def test_words_match_without_accents_case_and_endings(store: Library, question: str) -> None:
    index(store, [document(0, "Herr Müller reports on a meeting."), document(1)], EMBEDDER)
    assert texts(store.search_words(question, 3)) == ["Herr Müller reports on a meeting."]


def test_words_of_questions_count_when_there_are_no_others(store: Library) -> None:
    index(store, [document(0, "To be or not to be."), document(1, "It tells of a bridge.")], EMBEDDER)
    assert texts(store.search_words("To be?", 3)) == ["To be or not to be."]
    assert texts(store.search_words("To be a bridge?", 3)) == ["It tells of a bridge."]


def test_documents_come_back_whole_and_in_the_order_of_adding(store: Library, place: Place) -> None:
    first = replace(document(1), pages=(0, 40), metadata={"author": "Ann"}, sources=("b", "a"))
    index(store, [first, document(0), document(2)], EMBEDDER)
    assert tuple(store.documents()) == (first, document(0), document(2))
    assert store.document(first.id) == first
    assert store.passages(first.id) == split(first)
    assert [passage.page for passage in store.passages(first.id)][:1] == [1]
    for passage in store.passages(first.id):
        assert passage.span.within(first.text) == passage.text
    assert store.passages("gone") == ()
    with pytest.raises(DocumentNotFound, match="no document 'gone' in"):
        store.document("gone")
    assert [about.characters for about in store.about()] == [len(each.text) for each in store.documents()]
    assert store.place == str(place)


@pytest.mark.parametrize(
    "identity", ["", " ", '"', "'", '" or 1 == 1 or "', "a\\", "\0", "\ud800", "ü", "%", "/change"]
)
def test_an_id_that_is_none_finds_nothing(store: Library, identity: str) -> None:
    index(store, [document(0)], EMBEDDER)
    with pytest.raises(DocumentNotFound):
        store.document(identity)
    assert store.passages(identity) == ()
    store.remove(identity)
    assert list(store.documents()) == [document(0)]


def test_adding_again_replaces_and_keeps_the_place(store: Library) -> None:
    index(store, [document(0), document(1)], EMBEDDER)
    other = replace(document(0), title="New title")
    store.add(other, split(other)[:1], EMBEDDER.embed(["one"]))
    assert list(store.documents()) == [other, document(1)]
    assert store.passages(other.id) == split(other)[:1]
    assert len(store.search_words("bridge", 99)) == 1
    assert len(store.search_vector(vector("bridge"), 99)) == 1 + len(split(document(1)))


def test_removing_leaves_nothing_behind(store: Library) -> None:
    index(store, [document(0), document(1), document(2)], EMBEDDER)
    store.remove(document(0).id)
    store.remove(document(0).id)
    assert list(store.documents()) == [document(1), document(2)]
    assert store.search_words("bridge", 9) == []
    left = {document(1).id, document(2).id}
    assert {passage.document_id for passage, _ in store.search_vector(vector("bridge"), 99)} == left
    store.erase([document(1).id, document(2).id])
    assert (list(store.documents()), dict(store.sources())) == ([], {})
    assert store.search_vector(vector("bridge"), 99) == []


def test_a_file_of_which_a_part_was_removed_meanwhile_counts_as_unread(store: Library) -> None:
    index(store, [document(0), document(1)], EMBEDDER)
    sources = [*document(0).sources, *document(1).sources]
    store.put_file("both", "stamp", sources)
    assert store.files()["both"].stamp == "stamp"
    store.remove(document(0).id)
    store.put_file("both", "later", sources)
    assert "both" not in store.files()


def test_what_cannot_be_added_whole_is_not_added_at_all(store: Library) -> None:
    index(store, [document(0)], EMBEDDER)
    passages = split(document(1))
    with pytest.raises(ValueError, match="is shorter than"):
        store.add(document(1), passages, EMBEDDER.embed(["one"]))
    with pytest.raises(LibraryMismatch, match=r"vectors' dimension \(there: '64', wanted: '3'\)"):
        store.add(document(1), passages, np.ones((len(passages), 3), dtype=np.float32))
    assert list(store.documents()) == [document(0)]
    assert store.search_words("harbour", 9) == []
    assert len(store.search_vector(vector("harbour"), 99)) == len(split(document(0)))


def test_an_empty_library_finds_nothing(store: Library) -> None:
    assert (store.search_words("bridge", 5), store.search_vector(vector("bridge"), 5)) == ([], [])
    assert (list(store.documents()), store.about(), dict(store.sources()), dict(store.files())) == ([], (), {}, {})
    store.add(document(0), (), EMBEDDER.embed([]))
    assert store.search_words("bridge", 5) == []
    assert list(store.documents()) == [document(0)]


def test_everything_is_there_after_reopening(store: Library, place: Place) -> None:
    index(store, map(document, range(4)), EMBEDDER)
    store.put_file("3.txt", "stamp", ["3.txt"])
    words, nearest = store.search_words("museum", 5), store.search_vector(vector("museum"), 5)
    kept = list(store.documents()), store.files(), store.sources(), store.change
    store.close()
    let_go(place)
    with open_library(place, EMBEDDER.name) as opened:
        assert (list(opened.documents()), opened.files(), opened.sources(), opened.change) == kept
        assert [passage for passage, _ in opened.search_words("museum", 5)] == [passage for passage, _ in words]
        found = opened.search_vector(vector("museum"), 5)
        assert [score for _, score in found] == pytest.approx([score for _, score in nearest], abs=1e-5)
        assert opened.passages(document(3).id) == split(document(3))


def test_a_library_is_opened_by_the_embedder_that_built_it_or_not_at_all(place: Place) -> None:
    with pytest.raises(LibraryNotFound, match="no library") as caught:
        open_library(place, EMBEDDER.name)
    assert caught.value.hint == f"build one: `qa index PATH --library {place}`"
    create_library(place, EMBEDDER.name).close()
    for opens in (open_library, create_library):
        with pytest.raises(LibraryMismatch, match=r"embedder \(there: 'fake-words', wanted: 'other'\)"):
            opens(place, "other")
    open_library(place).close()


HOSTILE = [
    "<script>alert(1)</script> \"quoted\" 'and' \\escaped\\ %s {0} {ids} `code`",
    "DROP TABLE words; -- or 1 == 1\n\n???\n\n!!!",
    "桥在哪里？桥在河上。\n\nÜber die Brücke 🌉 e\u0301 \u202etxet \x07 \x1b[31m",
    "line\r\nline\u2028line\tend.",
    "x" * 100_000,
    "a sentence of words. " * 600 + "桥" * 30_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_comes_back_as_it_was(store: Library, text: str) -> None:
    whole = replace(document(0, text), title=text[:200], sources=(text[:200], "b"), metadata={text[:20]: text[:200]})
    index(store, [whole], EMBEDDER)
    assert store.document(whole.id) == whole
    assert store.passages(whole.id) == split(whole)
    store.search_words(text, 5)
    found = store.search_vector(vector(text), 3)
    assert [passage for passage, _ in found if passage not in split(whole)] == []


def test_a_passage_of_any_length_is_kept(store: Library) -> None:
    text = "é" * 50_000 + " zeppelin"
    whole = Document("long", "Title", ("a",), text)
    store.add(whole, [Passage("long", Span(0, len(text)), text)], EMBEDDER.embed(["zeppelin"]))
    ((found, score),) = store.search_vector(vector("zeppelin"), 5)
    assert found.text == text
    assert score == pytest.approx(1, abs=1e-5)


_TEXTS = st.lists(
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1).filter(str.strip),
    min_size=1, max_size=4, unique=True,
)  # fmt: skip


@pytest.mark.parametrize("where", [in_folder, in_lists, on_milvus])
@settings(deadline=None, max_examples=8)
@given(_TEXTS, st.text())
def test_add_and_find_is_the_identity(
    where: Where, tmp_path_factory: pytest.TempPathFactory, texts: list[str], question: str
) -> None:
    documents = [replace(document(n, text), pages=(0,), metadata={"k": text}) for n, text in enumerate(texts)]
    place = where(tmp_path_factory.getbasetemp() / "any")
    with created(where, place) as store:
        store.erase([about.id for about in store.about()])
        index(store, documents, EMBEDDER)
        assert list(store.documents()) == documents
        assert [store.passages(each.id) for each in documents] == [split(each) for each in documents]
        assert len(store.search_vector(vector(question), 99)) == sum(len(split(each)) for each in documents)
        assert isinstance(store.search_words(question, 3), list)


def test_a_source_has_one_text(store: Library) -> None:
    both = replace(document(0), sources=("a", "b"))
    index(store, [both, document(1, source="c")], EMBEDDER)
    index(store, [document(2, source="a"), document(3, source="c")], EMBEDDER)
    assert list(store.documents()) == [
        replace(both, sources=("b",)), document(2, source="a"), document(3, source="c")
    ]  # fmt: skip
    assert dict(store.sources()) == {"b": both.id, "a": document(2).id, "c": document(3).id}
    store.add_sources(both.id, ["d", "a"])
    assert store.document(both.id).sources == ("b", "d", "a")
    with pytest.raises(DocumentNotFound):
        store.document(document(2).id)
    store.set_sources(both.id, ["d"])
    assert dict(store.sources()) == {"d": both.id, "c": document(3).id}
    assert store.search_words("school", 5) == []
    for change in (store.add_sources, store.set_sources):
        with pytest.raises(DocumentNotFound):
            change("gone", ["x"])


def test_a_file_counts_as_read_while_all_its_documents_are_there(store: Library) -> None:
    one, two = document(0, source="f#1"), document(1, source="f#2")
    index(store, [one, two], EMBEDDER)
    store.put_file("f", "stamp", ["f#1", "f#2"])
    assert (store.files()["f"].stamp, store.files()["f"].documents) == ("stamp", {"f#1": one.id, "f#2": two.id})
    store.remove(one.id)
    assert dict(store.files()) == {}


def test_the_change_counts_what_changes_passages(store: Library) -> None:
    seen = [store.change]
    index(store, [document(0)], EMBEDDER)
    seen.append(store.change)
    store.put_file("0.txt", "stamp", ["0.txt"])
    assert store.change == seen[-1]
    store.remove(document(0).id)
    seen.append(store.change)
    assert seen == sorted(set(seen))


def test_documents_go_by_id_source_or_the_beginning_of_an_id(store: Library) -> None:
    first, second = document(0), replace(document(1), sources=("1.txt", "copy.txt"))
    index(store, [first, second], EMBEDDER)
    for name in (second.id, "copy.txt", "1.txt", "id1"):
        assert store.find(name) == second
    with pytest.raises(DocumentNotFound, match=r"2 documents of .* go by 'id'"):
        store.find("id")


def test_a_selection_is_searched_alone(store: Library) -> None:
    index(store, [document(0, source="a.md"), document(8, source="b.txt")], EMBEDDER)
    selected = SelectedStore(store, Selection.of(source="*.txt"))
    assert list(selected.documents()) == [document(8, source="b.txt")]
    for found in (selected.search_words("bridge", 99), selected.search_vector(vector("bridge"), 99)):
        assert {passage.document_id for passage, _ in found} == {document(8).id}
    assert len(store.search_words("bridge", 99)) == len(split(document(0))) + len(split(document(8)))


def test_a_folder_of_files_grows_and_is_pruned(place: Place, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for name in ("a", "b"):
        (files / f"{name}.txt").write_text(f"The text {name} tells of a bridge.\n", encoding="utf-8")
    first = index_paths(place, [files], EMBEDDER, settled_s=0)
    assert (len(first.added), len(first.unchanged)) == (2, 0)
    again = index_paths(place, [files], EMBEDDER, settled_s=0)
    assert (again.added, again.replaced, len(again.unchanged)) == ((), (), 2)
    (files / "a.txt").write_text("The text a tells of a harbour.\n", encoding="utf-8")
    (files / "b.txt").unlink()
    third = index_paths(place, [files], EMBEDDER, prunes=True, settled_s=0)
    assert (len(third.replaced), len(third.removed)) == (1, 1)
    with open_library(place) as library:
        assert [each.text for each in library.documents()] == ["The text a tells of a harbour.\n"]
        assert prune(library, [files], {}) == ()
