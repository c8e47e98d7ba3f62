"""Tells what kind of answer a question wants, by its wording; knows no documents and no readers."""

import re

from qa.wording import numbers
from qa.wordlists import AUXILIARIES, DAYS, MONTHS

_YES_NO = re.compile(rf"^\W*(?:and |but |so |or )?(?:am|{AUXILIARIES})(?:n['’]t)? (?!\d|.*\bor\b)", re.IGNORECASE)
_ALL = re.compile(
    r"^\W*(?:and |so |please |can you |could you )*(?:(?:name|list|give|show|tell)(?: me)?|who are|what are|which are) "
    r"(?:(?:every|all|each)(?:one|body|thing)?\b|(?:the )?(?:names|people|persons)\b)|^\W*who all\b",
    re.IGNORECASE,
)
_ALL_WHO = re.compile(r"^.*?(?:one|body|people|persons|all|those|names of) (?:who|that)\b (?P<rest>.+)$", re.IGNORECASE)
_ALL_OF = re.compile(r"^.*?\b(?:every|all|each)(?: of)?(?: the)? (?P<rest>.+)$", re.IGNORECASE)
_MONTH = re.compile(r"\b(?:which|what) month\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:which|what) year\b", re.IGNORECASE)
_DAY = re.compile(r"\b(?:which|what) (?:day|date)\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:which|what)(?: (?:are|were))?(?: the)? (?:two|three|four|five|six)\b(?!-| (?:word|letter|headed))",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[,;&/–\n]|\b(?:and|as well as|or|versus|to)\b", re.IGNORECASE)
_COUNT = re.compile(r"\bhow (?:many|old)\b", re.IGNORECASE)

_A_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})", re.IGNORECASE)
_A_DAY = re.compile(
    rf"\d|{DAYS}|\b(?:to|yester)day\b|\btomorrow\b|\b(?:christ|new year|eve\b|east)"
    r"|\bday\b",
    re.IGNORECASE,
)
_A_COUNT = re.compile(
    r"\b(?:an?|no|none|one|once|twice|both|half|third|quarter|single|double|couple|pair|few|several|some|many|most|all"
    r"|\w+teen|\w+ty|(?:dozen|hundred|thousand|million|billion|ten|score|handful|decade)s?|centur\w+|percent\w*|infinite\w*)\b",
    re.IGNORECASE,
)


def asks_yes_or_no(question: str) -> bool:
    """Whether "yes" or "no" would answer `question`; one that offers two things ("tea or coffee?") wants neither."""
    return _YES_NO.match(question) is not None


def asks_for_all(question: str) -> bool:
    """Whether `question` wants everything that answers it ("Name everyone who spoke"), not the best answer."""
    return _ALL.match(question) is not None


def for_one(question: str) -> str:
    """A question that asks for all as one that asks for the best: "Name everyone who spoke" is "Who spoke?"."""
    found = _ALL_WHO.match(question) or _ALL_OF.match(question)
    if not asks_for_all(question) or not found:
        return question
    return f"{'Who' if found.re is _ALL_WHO else 'Which'} {found['rest'].rstrip(' .?!')}?"


def fits(question: str, text: str) -> bool:
    """Whether `text` can be the answer by its kind: a number to "how many", a month to "which month".

    Only where the question leaves no doubt about the kind; any text fits any other question.
    """
    if _MONTH.search(question):
        return _A_MONTH.search(text) is not None
    if _YEAR.search(question):
        return re.search(r"\d\d", text) is not None
    if _DAY.search(question):
        return _A_DAY.search(text) is not None or _A_MONTH.search(text) is not None
    if _COUNT.search(question):
        return bool(numbers(text)) or _A_COUNT.search(text) is not None
    return True


def names_too_few(question: str, text: str) -> bool:
    """Whether `question` asks for two things or more, by their number, and `text` names but one of them."""
    return _SEVERAL.search(question) is not None and _JOINED.search(text) is None
