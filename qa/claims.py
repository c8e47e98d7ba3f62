"""A question, its short answer and citations become an answer's claims; knows nothing of how evidence is found.

Each drafted sentence is checked before it is given. One that the quotes do not prove is left out, so that the quotes
stand in its place, or given marked as unsupported: the default model's are left out, a chosen model's are marked.
"""

import logging
from collections.abc import Generator, Sequence
from contextlib import closing

from qa import citations, writing
from qa.errors import ModelError
from qa.types import Citation, Claim, LanguageModel

log = logging.getLogger(__name__)


def claims(
    question: str,
    short: str,
    cited: Sequence[Citation],
    language_model: LanguageModel | None,
    *,
    capable: bool = False,
    marks_unproved: bool = False,
) -> Generator[Claim, None, None]:
    """The model's sentences, checked; then each quote that none of them mentions. Closing it stops the model.

    capable: the model writes from the quotes, instead of only joining question and short answer. marks_unproved: a
    sentence that no quote proves is given, marked.
    """
    mentioned: set[int] = set()
    if cited and language_model is not None and (short or capable):  # there must be something to join
        messages = (
            writing.compose_messages(question, short, cited) if capable else writing.join_messages(question, short)
        )
        with closing(writing.write(messages, language_model)) as drafts:
            # of several sentences one says the short answer; a lone one that does not say it answers something else
            needed = "" if capable else short
            for claim in _checked(drafts, question, needed, cited, marks_unproved=marks_unproved):
                mentioned.update(claim.citations)
                yield claim
    yield from (citations.quoted_claim(each) for each in cited if each.number not in mentioned)


def _checked(
    drafts: Generator[str, None, None],
    question: str,
    short: str,
    cited: Sequence[Citation],
    *,
    marks_unproved: bool,
) -> Generator[Claim, None, None]:
    seen: set[str] = set()
    try:
        for draft in drafts:
            claim = citations.checked_claim(draft, cited, question, short)
            if claim is None and marks_unproved:
                claim = citations.unproved_claim(draft)
            if claim is not None and claim.text not in seen:
                seen.add(claim.text)
                yield claim
    except ModelError as error:  # the quotes stand without the model: say so in the log, not in the answer
        log.warning("the language model gave no sentence: %s (%s)", error.message, error.hint)
