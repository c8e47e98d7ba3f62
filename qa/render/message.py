"""Turns the events of an answer into a chat message in Markdown, piece by piece; knows nothing of who shows it.

The pieces in order are one text: the short answer, the sentences with their [n] marks, what became of the question
where it was not answered, and the sources with their quotes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from qa.render.escaping import escape_markdown
from qa.render.text import source_markdown
from qa.render.words import OUTCOME_WORDS, UNDERSTOOD_WORDS, is_notice, same_question, short_numbers
from qa.types import (
    UNSUPPORTED_WORDS,
    Answer,
    Answered,
    Citation,
    Claim,
    Event,
    Found,
    Outcome,
    Retrieved,
    Support,
    Written,
)

SOURCES = "**Sources**"
PARAGRAPH = "\n\n"
_QUOTED = re.compile("^“|”$")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the number of a citation stands in the message: characters start..end, its brackets included."""

    number: int
    start: int
    end: int


@dataclass
class Message:
    """What the events so far have become.

    question: as it was asked. marks: those of the answer's text, not of the list of sources. answer: at the end.
    """

    question: str
    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    citations: tuple[Citation, ...] = ()
    short: str | None = None
    answer: Answer | None = None
    _written: bool = False

    def piece(self, event: Event) -> str:
        """What the message grows by with this event; "" mostly with the first."""
        before = len(self.text)
        match event:
            case Retrieved(_, asked):
                if not self.text and not same_question(self.question, asked):
                    self._add(f"*{UNDERSTOOD_WORDS} {escape_markdown(asked)}*", ())
            case Found(short, citations):
                self.short, self.citations = short, citations
                if short:
                    self._add(f"**{escape_markdown(short)}**", short_numbers(short, citations), PARAGRAPH)
            case Written(claim, _):
                self._add_claim(claim)
            case Answered(answer):
                self.answer = answer
                self._add_end(answer)
            case _:  # pragma: no cover - mypy proves that there is no other event
                assert_never(event)
        return self.text[before:]

    def _add_claim(self, claim: Claim) -> None:
        if self.short and _QUOTED.sub("", claim.text) in {each.quote.text for each in self.citations}:
            return  # it stands in the list of sources
        first = not self._written
        self._written = True
        warning = f" *({UNSUPPORTED_WORDS})*" if claim.support is Support.UNSUPPORTED else ""
        self._add(escape_markdown(claim.text), claim.citations, PARAGRAPH if first else " ")
        self.text += warning

    def _add_end(self, answer: Answer) -> None:
        if is_notice(answer):
            self._add(escape_markdown(answer.notice), (), PARAGRAPH)
        elif answer.outcome is not Outcome.ANSWERED:
            self._add(f"*{OUTCOME_WORDS[answer.outcome]}*", (), PARAGRAPH)
        if answer.citations:
            lines = [f"[{each.number}] {source_markdown(each)}" for each in answer.citations]
            self._add(PARAGRAPH.join([SOURCES, *lines]), (), PARAGRAPH)

    def _add(self, text: str, numbers: Sequence[int], gap: str = "") -> None:
        self.text += (gap if self.text else "") + text
        for number in numbers:
            start = len(self.text) + 1
            self.text += f" [{number}]"
            self.marks.append(Mark(number, start, len(self.text)))
