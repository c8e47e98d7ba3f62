"""The page as a browser would parse it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from qa.evaluation.page import Exchange, to_html
from qa.evaluation.report import About, Report
from qa.evaluation.run import evaluate
from qa.types import Outcome
from tests.evaluation.systems import EXAMPLES, TEXTS, always_answers, always_refuses, perfect

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> https://evil.example/ \u202e{{ 7 * 7 }}'


class Parsed(HTMLParser):
    """Elements with their attributes, and the visible text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())


def test_figures_intervals_kinds_and_faults_stand_on_the_page() -> None:
    text = Parsed(to_html(evaluate(EXAMPLES, always_answers, TEXTS))).text
    assert "4 questions: 4 answered, 0 unverified, 0 not found." in text
    assert "right, with evidence 100.0 % 44–100 3 questions with answers and evidence" in text
    assert "1 answered, though the documents do not say" in text
    assert "question kind confidence evidence at rank F1 burnt when" in text
    assert re.search(r"who 2 100\.0 % 34–100 –", text)
    assert re.search(r"when 2 100\.0 % 21–100 0\.0 %", text)
    assert "No answer was shown with a confidence" in text
    assert "All 4 questions have the same confidence" in text


def test_the_rank_of_the_evidence_and_the_confidence_are_told() -> None:
    score = replace(evaluate(EXAMPLES[:1], perfect, TEXTS).scores[0], text_hit=False, short_hit=False, f1=0.25)
    page = Parsed(to_html(Report((replace(score, reciprocal_rank=1 / 3, confidence=0.5),), None)))
    assert "1 another answer than an accepted one" in page.text
    assert "master who 0.50 3 0.25" in page.text


def test_nothing_is_fetched_or_run() -> None:
    report = evaluate(EXAMPLES, always_answers, TEXTS)
    sure = tuple(replace(score, confidence=place / 4) for place, score in enumerate(report.scores))
    page = to_html(replace(report, scores=sure))
    parsed = Parsed(page)
    policy = next(held["content"] for tag, held in parsed.elements if "http-equiv" in held)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert {tag for tag, _ in parsed.elements} & {"script", "link", "img", "iframe", "object", "a", "form"} == set()
    assert {
        name for _, held in parsed.elements for name in held if name in {"src", "href"} or name[:2] == "on"
    } == set()
    assert set(re.findall(r"https?://[^\s\"']+", page)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in page
    assert "@import" not in page
    assert sum(tag == "svg" and held["class"] == "plot" for tag, held in parsed.elements) == 3


def test_hostile_names_ids_and_answers_stay_text() -> None:
    report = evaluate(EXAMPLES, always_refuses, TEXTS)
    scores = tuple(replace(score, id=HOSTILE, kind=HOSTILE) for score in report.scores)
    named = replace(report, scores=scores, about=About(system=HOSTILE, questions=HOSTILE, licence=HOSTILE))
    parsed = Parsed(to_html(named, {HOSTILE: Exchange(HOSTILE, (HOSTILE,), HOSTILE)}))
    assert {tag for tag, _ in parsed.elements} & {"script", "img"} == set()
    assert not any(name.startswith("on") for _, held in parsed.elements for name in held)
    shown = HOSTILE.replace("\u202e", "⟨U+202E⟩")
    # title and heading name system and questions; one line each of about; kind; three refused: id, kind, three texts
    assert parsed.text.count(shown) == 4 + 3 + 1 + 3 * 5


def test_words_are_shown_only_when_they_are_given() -> None:
    report = evaluate(EXAMPLES, always_answers, TEXTS)
    alone, told = to_html(report), to_html(report, {"burnt": Exchange("When did it burn?", (), "six villages [1]")})
    assert not any(words in alone for words in ("Brandt", "1871", "villages", "burn?"))
    assert "When did it burn? accepted no answer answered six villages [1]" in Parsed(told).text
    assert "a run with --records" in Parsed(alone).text
    assert "--records" not in Parsed(told).text


@pytest.mark.parametrize(
    ("report", "says"),
    [
        (Report((), None), ["No question was asked.", "there are no times", "unnamed system on its questions"]),
        (evaluate(EXAMPLES[:1], perfect, TEXTS), ["1 questions: 1 answered", "Nothing that is measured went wrong"]),
        (evaluate(EXAMPLES[:1], always_refuses, TEXTS), ["1 no passage that was given holds the evidence"]),
    ],
)
def test_few_or_no_questions_make_a_whole_page(report: Report, says: list[str]) -> None:
    text = Parsed(to_html(report)).text
    assert [words for words in says if words not in text] == []
    assert "nan" not in text.lower().split()


def test_a_system_that_is_always_right_but_unsure_has_a_point_and_no_fault() -> None:
    (score,) = evaluate(EXAMPLES[:1], perfect, TEXTS).scores
    page = to_html(Report((replace(score, confidence=0.2, outcome=Outcome.ANSWERED),), None))
    assert "20\u00a0% sure, 100\u00a0% right (21\u00a0% to 100\u00a0%), 1 answers" in page
