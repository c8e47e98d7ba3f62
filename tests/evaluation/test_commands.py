"""`qa eval` as a stranger meets it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from qa.evaluation import evaluate, to_json
from tests.evaluation.systems import EXAMPLES, TEXTS, always_refuses, perfect
from tests.test_cli import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The questions and documents of tests/evaluation/systems.py as files, and two reports."""
    (tmp_path / "documents").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "documents" / f"{name}.txt").write_text(text)
    rows = (
        {"id": e.id, "question": e.question, "answers": e.answers, "evidence": e.evidence, "answerable": e.answerable}
        for e in EXAMPLES
    )
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    many = [replace(example, id=f"{example.id}{n}") for n in range(20) for example in EXAMPLES]
    for name, system in (("good", perfect), ("bad", always_refuses)):
        (tmp_path / f"{name}.json").write_text(json.dumps(to_json(evaluate(many, system, TEXTS))))
    return tmp_path


FUNCTION = ("--system", "tests.evaluation.named:perfect", "--documents", "documents")


def test_another_system_is_scored_its_answers_kept_and_the_report_written(folder: Path) -> None:
    kept = ("--records", "records.jsonl", "--out", "report.json")
    shown = run("eval", "run", "questions.jsonl", *FUNCTION, *kept, "--markdown", folder=folder)
    assert shown.returncode == 0, shown.stderr
    assert "| right, with evidence | 100.0 % | 44–100 | 3 questions with answers and evidence |" in shown.stdout
    assert "System: tests.evaluation.named:perfect." in shown.stdout
    stored = json.loads((folder / "report.json").read_text())
    assert (stored["totals"]["right"], stored["about"]["questions"]) == ({"value": 1.0, "over": 3}, "questions.jsonl")
    again = run("eval", "run", "questions.jsonl", *FUNCTION, *kept, folder=folder)
    assert "4 answers reused from records.jsonl." in again.stderr
    assert json.loads((folder / "report.json").read_text())["scores"] == stored["scores"]


def test_a_page_is_written_of_a_run_with_its_words_and_of_a_kept_report_without(folder: Path) -> None:
    kept = ("--records", "records.jsonl", "--out", "report.json", "--html", "page.html")
    shown = run("eval", "run", "questions.jsonl", *FUNCTION, *kept, folder=folder)
    assert "Page written: page.html. It holds questions and answers: it is for this machine." in shown.stderr
    assert "100.0 %" in (folder / "page.html").read_text()
    again = run("eval", "show", "bad.json", "--html", "bad.html", "--markdown", folder=folder)
    assert (again.returncode, again.stderr) == (0, "Page written: bad.html.\n")
    assert "| right, with evidence | 0.0 % | 0–6 | 60 questions with answers and evidence |" in again.stdout
    page = (folder / "bad.html").read_text()
    assert "master19" in page
    assert "master of the harbour" not in page


def test_a_sample_is_drawn_with_its_seed(folder: Path) -> None:
    shown = run("eval", "run", "questions.jsonl", *FUNCTION, "--sample", "2", "--seed", "5", "--json", folder=folder)
    about = json.loads(shown.stdout)["about"]
    assert (about["sample"], about["seed"], len(json.loads(shown.stdout)["scores"])) == (2, 5, 2)


def test_a_folder_is_a_question_set(folder: Path) -> None:
    shown = run("eval", "run", ".", *FUNCTION[:2], "--json", folder=folder)
    assert json.loads(shown.stdout)["totals"]["right"] == {"value": 1.0, "over": 3}


def test_comparing_exits_with_1_on_a_regression_and_names_it(folder: Path) -> None:
    worse = run("eval", "compare", "good.json", "bad.json", "--markdown", folder=folder, COLUMNS="200")
    assert worse.returncode == 1
    assert "| right, with evidence | 100.0 % | 0.0 % | −100.0 % |" in worse.stdout
    assert "Regression: right, with evidence went from 100.0 % to 0.0 %" in worse.stdout
    assert worse.stderr == ""
    better = run("eval", "compare", "bad.json", "good.json", folder=folder, COLUMNS="200")
    assert (better.returncode, "No regression." in better.stdout) == (0, True)
    tolerated = run("eval", "compare", "good.json", "bad.json", "--tolerance", "1", "--guard", "right", folder=folder)
    assert tolerated.returncode == 0
    found = json.loads(run("eval", "compare", "good.json", "bad.json", "--json", folder=folder).stdout)
    assert found["regressions"]["right"] == {"least": 1.0}
    assert found["changes"]["right"]["interval"] == [-1.0, -1.0]


def test_questions_are_drafted_from_documents_and_never_written_over(folder: Path) -> None:
    made = run("eval", "make-questions", "documents", "--out", "drafts.jsonl", folder=folder)
    assert (made.returncode, "Next:  edit them, then  qa eval run drafts.jsonl" in made.stdout) == (0, True)
    rows = [json.loads(line) for line in (folder / "drafts.jsonl").read_text().splitlines()]
    assert "What belongs in the gap: “The harbour of Varn opened in _____.”" in [row["question"] for row in rows]
    again = run("eval", "make-questions", "documents", "--out", "drafts.jsonl", folder=folder)
    assert (again.returncode, "drafts.jsonl: is there already" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["questions.jsonl"], "Hint: qa eval run questions.jsonl"),
        (["run", "nowhere.jsonl"], "nowhere.jsonl"),
        (["run", "documents"], "documents/questions.jsonl"),
        (["run", "questions.jsonl", "--markdown", "--json"], "exclude each other"),
        (["run", "questions.jsonl", "--out", "no/report.json"], "the folder no does not exist"),
        (["run", "questions.jsonl", "--system", "ours", "--documents", "documents"], "'ours' is of no known kind"),
        (["run", "questions.jsonl", "--system", "a:b", "--no-prose"], "takes no settings of qa"),
        (["run", "questions.jsonl", *FUNCTION, "--records", "good.json"], "not a file of records"),
        (["run", "questions.jsonl", "--html", "no/page.html"], "the folder no does not exist"),
        (["show", "good.json", "--html", "documents"], "documents: is a folder"),
        (["show", "good.json", "--markdown", "--json"], "exclude each other"),
        (["show", "questions.jsonl"], "questions.jsonl"),
        (["compare", "good.json", "nowhere.json"], "nowhere.json"),
        (["compare", "good.json", "questions.jsonl"], "questions.jsonl"),
        (["compare", "good.json", "bad.json", "--guard", "rigth"], "no measure is called 'rigth'"),
        (["unpack", "squad", "--data", ".", "--to", "to"], "no question set is called 'squad'"),
        (["unpack", "rgb", "--data", ".", "--to", "to"], "news_rgb.jsonl.gz"),
        (["support", "--data", "."], "groundedness.jsonl.gz"),
    ],
)
def test_bad_input_is_one_error_and_one_hint(arguments: list[str], message: str, folder: Path) -> None:
    shown = run("eval", *arguments, folder=folder)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert re.fullmatch(r"Error: [^\n]+\nHint: [^\n]+\n", shown.stderr)
    assert message in shown.stderr


@pytest.mark.parametrize("command", ["run", "show", "compare", "unpack", "support", "make-questions"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    shown = run("eval", command, "--help")
    assert shown.returncode == 0
    assert re.search(rf"Example: +qa eval {command}", shown.stdout)


def test_the_sets_are_listed_with_their_licences() -> None:
    shown = run("eval", "sets", COLUMNS="200").stdout
    assert re.search(r"squad2_dev +│ SQuAD 2.0, development set, test part +│ CC BY-SA 4.0", shown)
