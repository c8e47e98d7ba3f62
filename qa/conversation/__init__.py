"""A follow-up and its history become a question that stands alone; knows nothing of documents or how answers are found.

With the default models by rules: the people and things of the last turns (topics.py) are put for pronouns, and a
fragment is completed from the question before it (following.py). A capable language model may word it instead; what it
writes is checked (rewriting.py).
"""

from qa.conversation.following import standalone
from qa.conversation.notices import (
    ABOUT,
    CANNOT_READ,
    GREETING,
    MAX_QUESTION_CHARACTERS,
    THANKS,
    checked,
    notice,
)
from qa.conversation.rewriting import rewritten

__all__ = [
    "ABOUT",
    "CANNOT_READ",
    "GREETING",
    "MAX_QUESTION_CHARACTERS",
    "THANKS",
    "checked",
    "notice",
    "rewritten",
    "standalone",
]
