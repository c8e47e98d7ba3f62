"""Turns Answers into Markdown and terminal text; knows nothing of HTML."""

from rich.console import Group
from rich.text import Text

from qa.render.escaping import escape_markdown, visible
from qa.render.words import (
    NEAREST_COUNT,
    NEAREST_WORDS,
    OUTCOME_WORDS,
    is_notice,
    opening,
    place,
    prose,
    quoted,
    short_numbers,
)
from qa.types import UNSUPPORTED_WORDS, Answer, Citation, Claim, Outcome, Support


def to_markdown(answer: Answer) -> str:
    """The question and its answer, with the quotes as footnotes."""
    paragraphs = [f"**{escape_markdown(answer.question)}**", *_answer_markdown(answer)]
    footnotes = "\n".join(_footnote(citation) for citation in answer.citations)
    return "\n\n".join(filter(None, [*paragraphs, footnotes])) + "\n"


def _answer_markdown(answer: Answer) -> list[str]:
    if is_notice(answer):
        return [escape_markdown(answer.notice)]
    marks = "".join(f"[^{number}]" for number in short_numbers(answer))
    short = escape_markdown(answer.short) + marks if answer.short else ""
    outcome = "" if answer.outcome is Outcome.ANSWERED else f"*{OUTCOME_WORDS[answer.outcome]}*"
    return [short, " ".join(map(_claim_markdown, prose(answer))), outcome]


def _claim_markdown(claim: Claim) -> str:
    marks = "".join(f"[^{number}]" for number in claim.citations)
    warning = f" *({UNSUPPORTED_WORDS})*" if claim.support is Support.UNSUPPORTED else ""
    return f"{escape_markdown(claim.text)}{marks}{warning}"


def _footnote(citation: Citation) -> str:
    where = ", ".join(escape_markdown(part) for part in place(citation))
    return f"[^{citation.number}]: {escape_markdown(quoted(citation.quote.text))} — {where}"


def to_terminal(answer: Answer) -> Group:
    """The answer for a terminal: short answer, sentences, outcome, then numbered sources with their quotes."""
    if is_notice(answer):
        return Group(Text(visible(answer.notice)))
    lines = [*_short(answer), *map(_claim, prose(answer)), *_outcome(answer)]
    for citation in answer.citations:
        lines += [Text(), *_source(citation)]
    return Group(*lines)


def _short(answer: Answer) -> list[Text]:
    if not answer.short:
        return []
    return [Text.assemble((visible(answer.short), "bold green"), _marks(short_numbers(answer)))]


def _claim(claim: Claim) -> Text:
    warning = f" ({UNSUPPORTED_WORDS})" if claim.support is Support.UNSUPPORTED else ""
    return Text.assemble(visible(claim.text), _marks(claim.citations), (warning, "yellow"))


def _marks(numbers: tuple[int, ...]) -> tuple[str, str]:
    return "".join(f" [{number}]" for number in numbers), "cyan"


def _outcome(answer: Answer) -> list[Text]:
    if answer.outcome is Outcome.ANSWERED:
        return []
    lines = [Text(OUTCOME_WORDS[answer.outcome], style="yellow")]
    nearest = answer.hits[:NEAREST_COUNT] if answer.outcome is Outcome.NOT_FOUND else ()
    if nearest:
        lines.append(Text(NEAREST_WORDS))
    return lines + [Text(f"  · {visible(opening(hit.passage.text))}", style="dim") for hit in nearest]


def _source(citation: Citation) -> list[Text]:
    where = ", ".join(map(visible, place(citation)))
    return [Text(f"[{citation.number}] {where}", style="cyan"), Text(f"    {visible(quoted(citation.quote.text))}")]
