import io

from rich.console import Console

from qa.evaluation.report import Report
from qa.evaluation.run import evaluate
from qa.evaluation.tables import interval, show, side_by_side, to_markdown, to_table
from qa.evaluation.totals import MEASURES, Total
from tests.evaluation.systems import EXAMPLES, TEXTS, System, always_answers, always_refuses, perfect

BY_NAME = {measure.name: measure for measure in MEASURES}


def report_on(system: System) -> Report:
    return evaluate(EXAMPLES, system, TEXTS)


def printed(report: Report, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(to_table(report))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_values_are_shown_in_their_unit() -> None:
    assert show(BY_NAME["right"], Total(0.8125, 16)) == "81.2 %"
    assert show(BY_NAME["mrr"], Total(0.8125, 16)) == "0.812"
    assert show(BY_NAME["total_p50"], Total(12.4, 16)) == "12 ms"
    assert show(BY_NAME["right"], Total(None, 0)) == "–"


def test_intervals_are_in_the_unit_and_times_have_none() -> None:
    scores = report_on(always_answers).scores
    assert interval(BY_NAME["answer_precision"], scores) == "30–95"  # Wilson, 3 of 4
    assert interval(BY_NAME["refusal_precision"], scores) == ""  # no refusal
    assert interval(BY_NAME["f1"], scores) == "1.00–1.00"
    assert interval(BY_NAME["total_p50"], scores) == ""


def test_the_table_fits_a_terminal_and_states_denominators() -> None:
    lines = printed(report_on(perfect), width=120)
    assert lines[0].strip() == "4 questions: 3 answered, 0 unverified, 1 not found"
    assert any("refusal recall" in line and "100.0 %" in line and "1 unanswerable questions" in line for line in lines)
    assert any("right, kind when" in line and "1, refused 100.0 % (1)" in line for line in lines)
    narrow = printed(report_on(perfect), width=80)
    assert max(map(len, narrow)) <= 80
    assert sum("refusal recall" in line or "with evidence" in line for line in narrow) == 9  # unbroken


def test_markdown_has_a_row_for_each_measure_and_kind() -> None:
    lines = to_markdown(report_on(always_refuses)).splitlines()
    assert lines[0] == "4 questions: 0 answered, 0 unverified, 4 not found."
    assert '| refusal precision | 25.0 % | 5–70 | 4 answers "not found" |' in lines
    assert "| verbatim citations | – |  | 0 citations |" in lines
    assert "| when | 0.0 % (1) | 100.0 % (1) |" in lines
    assert "| who | 0.0 % (2) | – |" in lines
    assert sum(line.startswith("|") for line in lines) == 2 + len(MEASURES) + 2 + 2


def test_reports_stand_side_by_side() -> None:
    lines = side_by_side({"ours": report_on(perfect), "refuser": report_on(always_refuses)}).splitlines()
    assert lines[:2] == ["| measure | ours | refuser |", "|---|---:|---:|"]
    assert "| right, with evidence | 100.0 % (3) | 0.0 % (3) |" in lines
    assert "| verbatim citations | 100.0 % (3) | – |" in lines
