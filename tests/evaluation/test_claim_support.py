"""The measure of the claim check, on responses whose figures can be counted by hand."""

import gzip
import json
import math
from pathlib import Path

from benchmarks.claim_support import (
    TOGETHER,
    Judged,
    best_thresholds,
    by_cause,
    by_set,
    figures,
    first_half,
    judge,
    parts,
    read,
)
from qa.support import Cause

WICE, SUMMEDITS = TOGETHER


def judged(supported: bool, coverage: float, *causes: Cause, name: str = WICE) -> Judged:
    return Judged(name, supported, True, frozenset(causes), coverage, coverage)


ROWS = (
    judged(True, 0.9),
    judged(True, 0.6),
    judged(True, 0.9, Cause.NAME),
    judged(True, 1.0),
    judged(False, 0.9),
    judged(False, 0.4),
    judged(False, 0.9, Cause.NAME),
    judged(False, 0.9, Cause.NUMBER),
)


def test_figures_are_shares_of_what_passes_and_of_what_should() -> None:
    found = figures(ROWS, lambda row: row.passes(0.8, 0.8))
    assert (found.supported, found.unsupported) == (4, 4)
    assert (found.precision, found.recall, found.caught, found.balanced) == (2 / 3, 0.5, 0.75, 0.625)
    assert math.isnan(figures((), lambda row: row.supported).precision)


def test_the_best_threshold_lies_between_the_two_kinds_and_is_the_strictest_of_equals() -> None:
    assert best_thresholds(ROWS, [(WICE,)]) == (0.6, 0.6)
    assert best_thresholds(ROWS, [(WICE,)], quoted=[0.3]) == (0.6, 0.3)
    assert best_thresholds(ROWS, [(WICE,)], weight=9.0) == (1.0, 1.0)


def test_a_cause_is_worth_what_is_lost_without_it() -> None:
    assert judged(True, 0.9, Cause.NAME).passes(0.8, 0.8, Cause.NAME)
    assert not judged(True, 0.1, Cause.NAME).passes(0.8, 0.8, Cause.NAME)
    assert judged(True, 0.1).passes(0.8, 0.8, Cause.COVERAGE)
    lines = {line.split("|")[1].strip(): line.split("|")[2:] for line in by_cause(ROWS, 0.8, 0.8).splitlines()}
    assert lines["name"][0].strip() == "50% of 2"
    assert lines["number"][0].strip() == "100% of 1"
    assert lines["name"][6].strip() == "0.625"  # one of each kind more passes
    assert lines["number"][6].strip() == "0.500"
    assert lines["*any response*"][0].strip() == "50%"


def test_the_table_tells_each_set_and_the_two_as_one() -> None:
    rows = (*ROWS, judged(True, 1.0, name=SUMMEDITS), judged(False, 0.0, name=SUMMEDITS))
    lines = by_set(rows, 0.8, 0.8).splitlines()
    assert f"| {WICE} | 4 | 4 | 0.667 | 0.500 | 0.750 | 0.625 |" in lines
    assert f"| {SUMMEDITS} | 1 | 1 | 1.000 | 1.000 | 1.000 | 1.000 |" in lines
    assert lines[-1].endswith("| 5 | 5 | 0.750 | 0.600 | 0.800 | 0.700 |")


def test_a_response_is_judged_by_its_worst_sentence() -> None:
    row = {
        "source_text": "Anna Lind spoke on Sunday. The bridge is open.",
        "question": "",
        "response": "The bridge is open. Anna Lind spoke on Monday. The mill is red.",
        "label": "hallucinated",
    }
    found, times = judge(row, WICE)
    assert (found.set, found.supported, found.causes) == (WICE, False, frozenset({Cause.DATE}))
    assert (found.coverage, found.quoted, len(times)) == (0.0, 0.0, 3)


def test_a_source_is_in_one_half_whatever_its_blanks() -> None:
    assert first_half("one  two\nthree") == first_half("one two three")
    assert {first_half(str(number)) for number in range(20)} == {True, False}


def test_only_rows_with_a_clear_mark_of_a_known_set_are_read(tmp_path: Path) -> None:
    given = [
        ("wice_dev", "partial"),
        ("wice_dev", "generic"),
        ("wice_tokens_dev", "supported"),
        ("faithbench", "supported"),
    ]
    path = tmp_path / "groundedness.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"set": name, "label": label}) + "\n" for name, label in given)
    assert [(name, row["label"]) for name, row in read(path)] == [
        ("WiCE claims", "partial"),
        ("FaithBench", "supported"),
    ]


def test_every_generated_part_has_its_place_on_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
    for name in parts(ROWS, [1.0]):
        assert f"<!-- {name} -->\n" in page
        assert f"<!-- /{name} -->" in page
