"""Drawing, racers and the page of the race: nothing is installed and nothing is asked."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.compare_tables import rewritten
from benchmarks.race import page, samples
from benchmarks.race.racers import BY_NAME, RACERS, Racer
from benchmarks.race.running import failed, is_current, made_of
from benchmarks.race.samples import Closest, Course, Sample, Size, draw
from qa.evaluation import About, Report, evaluate
from qa.types import Example
from tests.evaluation.systems import EXAMPLES, TEXTS, always_refuses, perfect

RAILWAY = "The railway to Lund was never finished."
SHELF = {**TEXTS, "railway": RAILWAY}


def result(name: str, refuser: bool = False, fails: int = 0) -> page.Result:
    report = evaluate(EXAMPLES, always_refuses if refuser else perfect, TEXTS)
    about = About(system=name, licence="CC0", note="tiny", memory_mb=1234.5, setup_seconds=6.7)
    return page.Result(BY_NAME[name], replace(report, about=about), "1.2", "2026-11-24 14:00", 3.25, fails)


def test_a_question_without_evidence_belongs_to_the_document_that_shares_its_rare_words() -> None:
    closest = Closest(SHELF)
    assert closest.to("When did the mill burn down?") == "mill"
    assert closest.to("Who never built the railway?") == "railway"
    assert closest.to("xyz") == "harbour"  # the first by name


def test_drawn_questions_are_about_drawn_documents_and_always_the_same() -> None:
    both = draw(EXAMPLES, TEXTS, Size(2, 10), seed=1)
    assert both == Sample(("harbour", "mill"), ("master", "wheel", "opened", "burnt"))
    one = draw(EXAMPLES, SHELF, Size(1, 10), seed=3)
    about = {"harbour": ("master", "opened"), "mill": ("wheel", "burnt"), "railway": ()}
    assert one.questions == about[one.documents[0]]
    assert draw(tuple(reversed(EXAMPLES)), SHELF, Size(1, 10), seed=3).documents == one.documents
    assert len(draw(EXAMPLES, TEXTS, Size(2, 2), seed=1).questions) == 2


def test_evidence_that_no_one_document_holds_leaves_a_question_out() -> None:
    split = Example("split", "What?", evidence=("The harbour of Varn opened in 1871.", "The mill at Osk"))
    assert draw([split], TEXTS, Size(2, 5), seed=1).questions == ()


def test_samples_hold_ids_and_come_back(tmp_path: Path) -> None:
    drawn = {"shipped": Sample(("a.md",), ("q1", "q2"))}
    samples.write_samples(drawn, tmp_path / "samples.json")
    assert samples.read_samples(tmp_path / "samples.json") == drawn
    assert json.loads((tmp_path / "samples.json").read_text())["seed"] == samples.SEED


def test_the_committed_samples_are_of_the_stated_sizes() -> None:
    committed = samples.read_samples()
    assert {name: len(sample.questions) for name, sample in committed.items()} == {
        name: size.questions for name, size in samples.SIZES.items()
    }
    assert {name: len(sample.documents) for name, sample in committed.items()} == {
        name: size.documents for name, size in samples.SIZES.items()
    }
    assert all(size.questions <= 150 for size in samples.SIZES.values())


def test_the_shipped_sample_is_laid_out_and_left_alone_the_second_time(tmp_path: Path) -> None:
    course = samples.lay_out("shipped", tmp_path / "no-data", tmp_path / "set")
    assert tuple(example.id for example in course.questions) == samples.read_samples()["shipped"].questions
    (document,) = map(json.loads, course.texts.read_text(encoding="utf-8").splitlines())
    assert set(document) == {"id", "title", "text"}
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "set").rglob("*")}
    samples.lay_out("shipped", tmp_path / "no-data", tmp_path / "set")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "set").rglob("*") if path.is_file()} == {
        path: when for path, when in before.items() if path.is_file()
    }
    # redrawn from the same questions, it is the same
    with samples._whole("shipped", tmp_path) as (_, examples, files):
        texts = {file.name: file.read_text(encoding="utf-8") for file in files}
        assert draw(examples, texts, samples.SIZES["shipped"], samples.SEED) == samples.read_samples()["shipped"]


def test_a_result_is_made_of_the_racer_and_the_questions(tmp_path: Path) -> None:
    course = Course("tiny", tmp_path, EXAMPLES)
    (tmp_path / "questions.jsonl").write_text("{}\n")
    hashes = {made_of(racer, course) for racer in RACERS}
    assert len(hashes) == len(RACERS)
    (tmp_path / "questions.jsonl").write_text('{"id": "q"}\n')
    assert hashes.isdisjoint({made_of(racer, course) for racer in RACERS})
    assert not is_current(RACERS[0], course)


@pytest.mark.parametrize("racer", [racer for racer in RACERS if racer.requirements], ids=lambda racer: racer.name)
def test_every_rival_is_pinned_without_cuda(racer: Racer) -> None:
    assert racer.requirements is not None
    lines = racer.requirements.read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all("==" in line for line in pins)
    assert not [line for line in pins if line.startswith(("nvidia", "cuda", "triton", "torch=="))]
    assert racer.version in " ".join(lines)


def test_failed_questions_are_those_without_answer_or_refusal() -> None:
    report = Report(evaluate(EXAMPLES, perfect, TEXTS).scores, None)
    assert failed(report) == 0
    broken = replace(report.scores[0], claims=0)
    assert failed(replace(report, scores=(broken, *report.scores[1:]))) == 1


def test_losses_name_the_rivals_that_are_better() -> None:
    assert "squad2_dev, shown answers right: qa" not in page.losses({"squad2_dev": [result("qa"), result("haystack")]})
    lost = page.losses({"squad2_dev": [result("qa", refuser=True), result("haystack"), result("qa-no-prose")]})
    assert "- squad2_dev, right, with evidence: qa 0.0 %; Haystack 2 100.0 %\n" in lost
    assert "without prose" not in lost
    light = result("long-context")
    light = replace(light, report=replace(light.report, about=replace(light.report.about, memory_mb=280.0)))
    assert page.losses({"shipped": [result("qa", fails=1), light]}) == (
        "- shipped, failed: qa 1; long context 0\n- shipped, memory: qa 1,234 MB; long context 280 MB\n"
    )
    assert page.losses({"squad2_dev": [result("qa")]}) == "Nowhere in these tables.\n"
    assert page.losses({"squad2_dev": [result("haystack")]}) == "Not known: ours has not run.\n"


def test_the_page_has_a_row_a_racer_and_says_who_is_missing() -> None:
    results = {"squad2_dev": [result("qa"), result("haystack", refuser=True, fails=2)]}
    text = "\n".join(f"<!-- {name} -->\n<!-- /{name} -->" for name in page.generated({}, {}))
    made = rewritten(text, page.generated(results, {"paper-qa": "pip install: ERROR: no such version"}))
    assert "### squad2_dev" in made
    assert "| qa | 100.0 % (44–100; 3) |" in made
    assert "| Haystack 2 | 0.0 % (0–56; 3) |" in made
    assert "| 2 |" in made
    assert "| 1,234 MB | 7 s |" in made
    assert "- squad2_dev, paper-qa: pip install: ERROR: no such version" in made
    assert "- shipped, qa: not run yet" in made
    assert "| squad2_dev | CC0 | 4 | 1 |" in made
    assert "| squad2_dev | Haystack 2 | 1.2 | 2026-11-24 14:00 | 3.2 |" in made
    assert rewritten(made, page.generated(results, {"paper-qa": "pip install: ERROR: no such version"})) == made


def test_a_racer_that_has_not_answered_all_says_so() -> None:
    half = result("paper-qa")
    half = replace(half, report=replace(half.report, scores=half.report.scores[:2]))
    made = page.generated({"squad2_dev": [half, result("qa")]}, {})
    assert "| paper-qa (2 of 4 questions) | 100.0 % (34–100; 2) |" in made["results"]()
    assert "| squad2_dev | CC0 | 4 | 1 |" in made["sets"]()


def test_the_page_holds_the_results() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    parts = page.generated(page.load(), page.read_unable())
    assert all(f"<!-- {name} -->\n" in text and f"<!-- /{name} -->" in text for name in parts)
    assert rewritten(text, parts) == text, "run `make docs`"
