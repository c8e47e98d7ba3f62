"""Turns Answers into Markdown and terminal text; knows nothing of HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group
from rich.text import Text

from qa.render.escaping import escape_markdown, visible
from qa.render.words import (
    NEAREST_COUNT,
    NEAREST_WORDS,
    OUTCOME_WORDS,
    UNDERSTOOD_WORDS,
    is_notice,
    opening,
    place,
    prose,
    quoted,
    short_numbers,
    understood,
)
from qa.types import UNSUPPORTED_WORDS, Answer, Citation, Claim, Outcome, Support


def to_markdown(answers: Sequence[Answer]) -> str:
    """The questions and their answers, with the quotes as footnotes that are numbered through all of them."""
    parts, first = [], 0
    for answer in answers:
        parts.append(_Markdown(answer, first).text())
        first += len(answer.citations)
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class _Markdown:
    """One answer whose citation n is footnote `before` + n."""

    answer: Answer
    before: int

    def text(self) -> str:
        footnotes = "\n".join(map(self._footnote, self.answer.citations))
        asked = understood(self.answer)
        alone = f"*{UNDERSTOOD_WORDS} {escape_markdown(asked)}*" if asked else ""
        question = escape_markdown(self.answer.question)
        heading = f"**{question}**" if question else ""  # four stars alone would be a rule across the page
        paragraphs = [heading, alone, *self._said(), footnotes]
        return "\n\n".join(filter(None, paragraphs)) + "\n"

    def _said(self) -> list[str]:
        answer = self.answer
        if is_notice(answer):
            return [escape_markdown(answer.notice)]
        written = prose(answer)
        mentioned = {number for claim in written for number in claim.citations}
        unmentioned = tuple(each.number for each in answer.citations if each.number not in mentioned)
        if answer.short:  # a footnote that no mark leads to would not be shown
            marks = self._marks(tuple(sorted({*short_numbers(answer.short, answer.citations), *unmentioned})))
            short, quotes = [escape_markdown(answer.short) + marks], []
        else:
            short, quotes = [], [claim for claim in answer.claims if set(claim.citations) & set(unmentioned)]
        sentences = " ".join(map(self._claim, dict.fromkeys([*written, *quotes])))
        outcome = "" if answer.outcome is Outcome.ANSWERED else f"*{OUTCOME_WORDS[answer.outcome]}*"
        return [*short, sentences, outcome]

    def _claim(self, claim: Claim) -> str:
        warning = f" *({UNSUPPORTED_WORDS})*" if claim.support is Support.UNSUPPORTED else ""
        return f"{escape_markdown(claim.text)}{self._marks(claim.citations)}{warning}"

    def _marks(self, numbers: Sequence[int]) -> str:
        return "".join(f"[^{self.before + number}]" for number in numbers)

    def _footnote(self, citation: Citation) -> str:
        return f"[^{self.before + citation.number}]: {source_markdown(citation)}"


def source_markdown(citation: Citation) -> str:
    """A quote and where it stands, on one line."""
    where = ", ".join(escape_markdown(part) for part in place(citation))
    return f"{escape_markdown(quoted(citation.quote.text))} — {where}"


def to_terminal(answer: Answer) -> Group:
    """The answer for a terminal: short answer, sentences, outcome, then numbered sources with their quotes."""
    if is_notice(answer):
        return Group(Text(visible(answer.notice)))
    asked = understood(answer)
    lines = [Text(f"{UNDERSTOOD_WORDS} {visible(asked)}", style="dim")] if asked else []
    lines += [*_short(answer), *map(_claim, prose(answer)), *_outcome(answer)]
    for citation in answer.citations:
        lines += [*([Text()] if lines else []), *_source(citation)]
    return Group(*lines)


def to_plain(answer: Answer) -> str:
    """The question and its answer as text for a letter or a note: sentences with marks, then the numbered sources."""
    lines = to_terminal(answer).renderables
    return "\n".join([visible(answer.question), "", *(line.plain for line in lines if isinstance(line, Text))]) + "\n"


def _short(answer: Answer) -> list[Text]:
    if not answer.short:
        return []
    return [Text.assemble((visible(answer.short), "bold green"), _marks(short_numbers(answer.short, answer.citations)))]


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
