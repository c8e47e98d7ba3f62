from collections.abc import Sequence

import pytest

from qa.errors import BadQuestionFile
from qa.evaluation.report import Report
from qa.evaluation.run import evaluate
from qa.evaluation.totals import MEASURES
from qa.types import Answer, Example, Outcome
from tests.evaluation.systems import (
    EXAMPLES,
    MODELS,
    TEXTS,
    System,
    always,
    always_answers,
    always_refuses,
    answer,
    cites_at_random,
    dumps_everything,
    invents_quotes,
    perfect,
    place_of,
)


def report_on(system: System, examples: Sequence[Example] = EXAMPLES) -> Report:
    return evaluate(examples, system, TEXTS)


def values(system: System, *names: str) -> list[float | None]:
    totals = report_on(system).totals
    return [totals[name].value for name in names]


def test_a_perfect_system_scores_1_in_everything() -> None:
    totals = report_on(perfect).totals
    shares = {m.name: totals[m.name].value for m in MEASURES if m.unit != "ms" and m.better == 1}
    assert shares == dict.fromkeys(shares, 1.0)
    # refusing one of four is right, yet an error at full coverage: 3/4 · 0 + 1/4 · 1/4
    assert (totals["risk_coverage"].value, totals["calibration_error"].value) == (1 / 16, None)


def test_every_measure_states_its_own_denominator() -> None:
    totals = report_on(perfect).totals
    assert {name: totals[name].over for name in ("right", "f1", "overlap", "citation_exactness")} == {
        "right": 3,
        "f1": 3,
        "overlap": 3,
        "citation_exactness": 3,
    }
    assert (totals["refusal_precision"].over, totals["refusal_recall"].over) == (1, 1)
    assert (totals["total_p50"].over, totals["sentence_p50"].over) == (4, 3)
    assert (totals["total_p50"].value, totals["sentence_p50"].value) == (10.0, 3.0)


def test_always_refusing_is_exposed_by_refusal_precision_and_everything_about_answers() -> None:
    assert values(always_refuses, "right", "f1", "recall_at_10", "overlap") == [0, 0, 0, 0]
    assert values(always_refuses, "refusal_recall", "refusal_precision", "refusal_auroc") == [1, 0.25, 0.5]
    assert values(always_refuses, "citation_exactness", "citation_recall", "answer_precision") == [None, None, None]


def test_always_answering_is_exposed_by_refusal_recall_and_auroc() -> None:
    assert values(always_answers, "right", "refusal_recall", "answer_precision") == [1, 0, 0.75]
    assert values(always_answers, "refusal_precision", "refusal_auroc") == [None, 0.5]


def test_citing_at_random_is_exposed_by_citation_recall_and_evidence_overlap() -> None:
    assert values(cites_at_random, "short_hit", "citation_exactness") == [1, 1]
    assert values(cites_at_random, "right", "overlap", "citation_recall", "citation_precision") == [0, 0, 0, 0]
    assert values(cites_at_random, "claim_support") == [0]


def test_inventing_quotes_is_exposed_by_verbatim_citations() -> None:
    assert values(invents_quotes, "short_hit", "overlap") == [1, 1]
    assert values(invents_quotes, "right", "citation_exactness", "citation_recall", "claim_support") == [0, 0, 0, 0]


def test_dumping_everything_is_exposed() -> None:
    right, words, overlap, answers = values(dumps_everything, "right", "f1", "overlap", "answer_precision")
    assert right == 1  # every word was shown and cited ...
    assert words is not None
    assert words < 0.1  # ... among hundreds of others
    assert overlap is not None
    assert overlap < 0.2
    assert answers == 0.75


def test_a_right_answer_without_its_evidence_is_a_hit_but_not_right() -> None:
    def cites_next_sentence(question: str, history: tuple[str, ...]) -> Answer:
        return answer(question, "Brandt", quotes=[place_of("The book was lost")])

    (score,) = report_on(cites_next_sentence, EXAMPLES[:1]).scores
    assert (score.hit, score.right, score.overlap, score.exact_citations) == (True, False, 0, 1)


def test_an_answer_in_the_claims_alone_is_a_text_hit_and_is_what_squad_sees() -> None:
    def in_prose(question: str, history: tuple[str, ...]) -> Answer:
        return answer(question, None, "Ilse Brandt", [place_of("Its first master was Ilse Brandt")])

    (score,) = report_on(in_prose, EXAMPLES[:1]).scores
    assert (score.short_hit, score.text_hit, score.right, score.exact_match) == (False, True, True, True)


def test_marks_are_no_answer_to_how_many() -> None:
    example = Example("ships", "How many ships?", answers=("1",))
    quote = place_of("every ship was entered")
    report = report_on(always(answer("How many?", None, "Every ship.", [quote])), [example])
    assert report.scores[0].text_hit is False


def test_questions_of_which_nothing_is_known_count_for_time_alone() -> None:
    report = report_on(always(answer("Where?", "Varn")), [Example("q", "Where?")])
    (score,) = report.scores
    assert (score.hit, score.right, score.f1, score.recall, score.overlap) == (None,) * 5
    assert score.outcome is Outcome.UNVERIFIED
    assert report.totals["answer_precision"].over == 0
    assert report.totals["total_p50"].over == 1


def test_no_questions_make_an_empty_report() -> None:
    report = report_on(perfect, [])
    assert (report.scores, report.models) == ((), None)
    assert {total.value for total in report.totals.values()} == {None}


def test_missing_evidence_stops_before_anything_is_asked() -> None:
    asked: list[str] = []

    def listening(question: str, history: tuple[str, ...]) -> Answer:
        asked.append(question)
        return answer(question)

    wrong = Example("q9", "Who?", answers=("Brandt",), evidence=("no such words",))
    with pytest.raises(BadQuestionFile, match="question 'q9'"):
        report_on(listening, [EXAMPLES[0], wrong])
    assert asked == []


def test_missing_evidence_may_be_allowed_and_is_then_not_measured() -> None:
    wrong = Example("q9", "Who?", answers=("Brandt",), evidence=("no such words",))
    system = always(answer("Who?", "Brandt"))
    report = evaluate([wrong], system, TEXTS, allow_missing_evidence=True)
    assert (report.scores[0].short_hit, report.scores[0].right, report.scores[0].overlap) == (
        True,
        None,
        None,
    )


def test_progress_is_told_after_each_question() -> None:
    seen: list[tuple[str, Outcome]] = []
    evaluate(
        EXAMPLES,
        perfect,
        TEXTS,
        lambda example, given: seen.append((example.id, given.outcome)),
    )
    assert seen[0] == ("master", Outcome.ANSWERED)
    assert seen[-1] == ("burnt", Outcome.NOT_FOUND)
    assert len(seen) == len(EXAMPLES)


def test_the_same_answers_make_the_same_report() -> None:
    assert report_on(cites_at_random) == report_on(cites_at_random)
    assert report_on(perfect).models == MODELS


def test_history_is_handed_over_oldest_first() -> None:
    seen: list[tuple[str, ...]] = []

    def listening(question: str, history: tuple[str, ...]) -> Answer:
        seen.append(history)
        return answer(question)

    report_on(listening, [Example("q", "And then?", history=("Who?", "When?")), Example("p", "Who?")])
    assert seen == [("Who?", "When?"), ()]
