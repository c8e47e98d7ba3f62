"""The ablations without their models: each variant changes the one thing that it says, and the page tells it."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import ablations, plots
from benchmarks.compare_tables import rewritten
from benchmarks.variants import VARIANTS, Built, widen
from qa.config import Config
from qa.evaluation import About, compare, comparison_to_json, evaluate, to_json
from qa.indexing import index
from qa.library import Library
from qa.types import Finding, FoundBy, Outcome, Reading, Span
from tests.builders import document
from tests.evaluation.systems import EXAMPLES, TEXTS, always_answers, always_refuses, perfect
from tests.fakes import ScriptedReader, WordEmbedder

TEXT = "\n\n".join(f"The ferry number {n} left Varn with {n} lamps. " * 12 for n in range(12))


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """An assistant over one document of several passages, whose reader finds nothing."""
    embedder = WordEmbedder()
    store = Library.create(tmp_path / "library", embedder.name)
    index(store, [document(TEXT)], embedder)
    made = Built(store, embedder, ScriptedReader(Reading((), ())), None)
    made.resources.callback(store.close)
    return made


def asked(built: Built) -> list[Span]:
    """The places that the reader was given to read."""
    while hasattr(built.reader, "reader"):
        built = replace(built, reader=built.reader.reader)
    assert isinstance(built.reader, ScriptedReader)
    return [passage.span for _, passages in built.reader.asked for passage in passages]


@pytest.mark.parametrize(("name", "found_by"), [("dense", FoundBy.DENSE), ("words", FoundBy.WORDS)])
def test_one_search_alone_finds_the_passages(name: str, found_by: FoundBy, built: Built) -> None:
    with built, VARIANTS[name].made(built) as variant:
        hits = variant.ask("How many lamps had the ferry?").hits
        assert {hit.found_by for hit in built.ask("How many lamps had the ferry?").hits} == {FoundBy.BOTH}
    assert {hit.found_by for hit in hits} == {found_by}


@pytest.mark.parametrize(("name", "count"), [("first", 1), ("three", 3)])
def test_only_the_first_passages_are_read(name: str, count: int, built: Built) -> None:
    with built:
        variant = VARIANTS[name].made(built)
        hits = variant.ask("How many lamps had the ferry?").hits
        assert asked(variant) == [hit.passage.span for hit in hits[:count]]
    assert len(hits) > count


def test_passages_are_read_with_their_neighbours(built: Built) -> None:
    with built:
        variant = VARIANTS["wide"].made(built)
        hits = variant.ask("How many lamps had the ferry?").hits
        wide = asked(variant)
    assert len(wide) == len(hits)
    assert all(a.contains(h.passage.span) for a, h in zip(wide, hits, strict=True))
    assert sum(a.end - a.start for a in wide) > sum(h.passage.span.end - h.passage.span.start for h in hits)


def test_a_document_that_does_not_mention_the_name_is_read_without_the_name_check(built: Built) -> None:
    question = "How many lamps had Quimby's ferry?"
    with built:
        assert (built.ask(question).outcome, asked(built)) == (Outcome.NOT_FOUND, [])
        variant = VARIANTS["names"].made(built)
        variant.ask(question)
        assert len(asked(variant)) > 0


def test_an_unlikely_finding_is_shown_without_a_threshold(built: Built) -> None:
    with built:
        (passage, *_) = built.store.passages(document(TEXT).id)
        place = Span(passage.span.start, passage.span.start + 9)
        finding = Finding(passage, place, place.within(TEXT), 0.1, (place,))
        unlikely = replace(built, reader=ScriptedReader(Reading((finding,), (0.9,))))
        assert unlikely.ask("What left?").outcome is Outcome.NOT_FOUND
        assert VARIANTS["threshold"].made(unlikely).ask("What left?").short == "The ferry"


def test_who_said_it_is_left_to_the_reader_without_statements(tmp_path: Path) -> None:
    text = 'Ilse Brandt opened the gate. "The harbour needs a lamp," Ilse Brandt said.'
    embedder = WordEmbedder()
    with Library.create(tmp_path / "library", embedder.name) as store:
        index(store, [document(text)], embedder)
        built = Built(store, embedder, ScriptedReader(Reading((), ())), None)
        assert built.ask("Who said the harbour needs a lamp?").short == "Ilse Brandt"
        assert VARIANTS["statements"].made(built).ask("Who said the harbour needs a lamp?").short is None


def kept() -> dict[str, ablations.Kept]:
    about = About(questions="a set", sample=4, seed=13)
    base = replace(evaluate(EXAMPLES, perfect, TEXTS), about=about)
    answering = evaluate(EXAMPLES, always_answers, TEXTS)
    sure = tuple(replace(s, confidence=0.9 if s.answerable else 0.2) for s in answering.scores)
    worse = {"dense": evaluate(EXAMPLES, always_refuses, TEXTS), "threshold": replace(answering, scores=sure)}
    found = {
        "base": to_json(base),
        "threshold": to_json(worse["threshold"]),
        "variants": {name: comparison_to_json(compare(base, report)) for name, report in worse.items()},
    }
    return {ablations.SHIPPED: found, "A set": found}


def test_the_table_has_the_base_and_each_difference() -> None:
    rows = [line.split(" | ") for line in ablations.to_markdown(kept()).splitlines() if line.startswith("| ")][:4]
    assert rows[0][1:4] == ["right, with evidence", "shown answers right", "evidence recall@3"]
    assert rows[1][:3] == ["| **as shipped, without the writer**", "100.0", "100.0"]
    assert rows[2][:3] == ["| search by vectors only", "**−100.0 (−100.0 … −100.0)**", "–"]
    assert rows[3][0:2] == ["| no threshold: it answers what it can", "0"]
    assert rows[3][2].startswith("−25.0 (−75.0 … ")
    assert "**A set**, 4 drawn with seed 13, 4 questions:" in ablations.to_markdown(kept())


def test_the_plots_are_of_the_published_set_without_a_threshold() -> None:
    drawn = plots.drawings(kept())
    assert set(drawn) == {"reliability.svg", "risk-coverage.svg"}
    words = "".join(ElementTree.fromstring(drawn["reliability.svg"]).itertext())
    # |1 - 0.9| · 3/4 + |0 - 0.2| · 1/4
    assert "4 answers with a confidence, in 2 of ten groups; calibration error 0.125" in words
    assert plots.drawings({ablations.SHIPPED: kept()["A set"]}) == {}


def test_kept_figures_hold_no_text_and_are_read_back(tmp_path: Path) -> None:
    text = ablations._compact(kept())
    assert ablations.to_markdown(json.loads(text)) == ablations.to_markdown(kept())
    assert len(text.splitlines()) > 10
    assert not any(words in text for words in ("Brandt", "harbour", "1871"))


def test_the_shipped_questions_come_first_and_a_set_only_with_data(tmp_path: Path) -> None:
    (only,) = ablations.question_sets(None, tmp_path, 5)
    assert (only.name, len(only.examples), only.config.prose) == (ablations.SHIPPED, 100, False)
    assert isinstance(only.config, Config)


def test_page_and_plots_are_those_of_the_kept_figures() -> None:
    figures = json.loads(ablations.RESULTS.read_text(encoding="utf-8"))
    page = ablations.PAGE.read_text(encoding="utf-8")
    assert rewritten(page, {"ablations": lambda: ablations.to_markdown(figures)}) == page
    drawn = plots.drawings(figures)
    assert {name: (plots.IMAGES / name).read_text(encoding="utf-8") for name in drawn} == drawn


def test_widening_takes_whole_neighbours_as_they_fit(tmp_path: Path) -> None:
    sentence = "word " * 68 + "number {}."
    text = "\n\n".join(sentence.format(number) for number in range(6))
    embedder = WordEmbedder()
    with Library.create(tmp_path / "library", embedder.name) as store:
        index(store, [document(text)], embedder)
        passages = store.passages("d1")
        assert len(passages) == 6
        wide = widen(passages[2], store)
        assert wide.span == Span(passages[1].span.start, passages[3].span.end)
        assert wide.text == wide.span.within(text)
        assert widen(passages[0], store).span == Span(0, passages[2].span.end)
        assert widen(passages[2], store, 150).span == Span(passages[2].span.start, passages[3].span.end)
        assert widen(passages[2], store, 10) == passages[2]
