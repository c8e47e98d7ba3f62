"""Tells whether a text asserts that someone spoke: not in "if she says", "he could have said", "nobody said"."""

import re

_AT_MOST = r"(?:(?!(?:and|but|then|that)\b)[\w’'\-]+\s+){0,3}\Z"  # words of a title between the opening and the name
_OPENED = re.compile(
    r"(?:\b(?:if|unless|whether|neither|nor)|\AHad|\b(?:not (?:true|the case|clear)|untrue|false|doubtful|unlikely|"
    rf"(?:an?|no|the) (?:myth|lie|rumou?r|evidence|proof))\s+that)\s+{_AT_MOST}",
    re.IGNORECASE,
)
_UNREAL = re.compile(r"\b(?:could|might|would|may|must|should)\s+(?:\w+\s+)?have\s+(?:\w+\s+)?\Z", re.IGNORECASE)
_NOBODY = re.compile(r"(?:nobody|no ?one|none|neither|no|few)\b", re.IGNORECASE)


def is_asserted(before: str, subject: str, between: str) -> bool:
    """Whether the subject spoke, as far as the text goes.

    before: the sentence up to the subject. between: what stands before the verb, up to it.
    """
    return not (_OPENED.search(before) or _NOBODY.match(subject) or _UNREAL.search(between))
