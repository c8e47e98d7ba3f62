"""Checks a question, and tells small talk and other languages from questions; knows nothing of answers or history."""

import functools
import re

from qa.errors import BadQuestion
from qa.wording import words

MAX_QUESTION_CHARACTERS = 2000  # some 400 words: longer is a paste, not a question

CANNOT_READ = "I can only answer questions in English for now, so I will not guess. Please ask again in English."
ABOUT = (
    "I answer questions about your documents and prove each answer with their exact words. "
    "Ask who said something, when or where it happened, how many, or why."
)
THANKS = "You are welcome."
GREETING = "Hello. " + ABOUT

_GREETINGS = re.compile(
    r"^(hi|hello|hey|good (morning|afternoon|evening|day)|greetings)( there| all| again)?$", re.IGNORECASE
)
_THANKED = re.compile(
    r"^(thanks|thank you|thx|cheers|great|ok|okay|bye|goodbye)( so much| very much| a lot)?$", re.IGNORECASE
)
_ABOUT_US = re.compile(
    r"^(who|what) are you$|^what can (you|i) (do|ask)( here)?$|^help( me)?$|^how (does this|do you) work$"
    r"|^how are you( doing)?$|^what is this$|^what do you do$|^how can you help( me)?$",
    re.IGNORECASE,
)

# Words that only English has among the languages that its questions are confused with.
_ENGLISH = frozenset(
    """who whom whose what when where which why how the did does are were has have there about from with that this
    said and tell list any many much would should could say you of to""".split()  # noqa: SIM905
)
_SURELY_OTHER = 0.01  # P(English) under this: no name or short question of ours was that low (benchmarks/LOG.md)
_PERHAPS_OTHER = 0.05
_LIKELY = 0.5


def checked(question: str) -> str:
    """The question without surrounding white space. Raises `BadQuestion` when it is empty or over-long."""
    stripped = question.strip()
    if not words(stripped):
        raise BadQuestion("the question is empty", 'ask something, for example: qa ask "Who said what?"')
    if len(stripped) > MAX_QUESTION_CHARACTERS:
        raise BadQuestion(
            f"the question has {len(stripped):,} characters, more than {MAX_QUESTION_CHARACTERS:,}",
            "ask a shorter question; `qa index FILE` takes a long text in as a document",
        )
    return stripped


def notice(question: str) -> str:
    """What to say of ourselves instead of answering: small talk, or a question not in English; "" for a question."""
    bare = re.sub(r"[^\w\s]", "", question).strip()
    if _GREETINGS.match(bare):
        return GREETING
    if _THANKED.match(bare):
        return THANKS
    if _ABOUT_US.match(bare):
        return ABOUT
    return "" if _is_english(question) else CANNOT_READ


def _is_english(question: str) -> bool:
    """Whether a question may be English: only a text without one English function word is looked at closely."""
    if _ENGLISH & set(words(question)):
        return True
    ranked = _language_ranking()(question)
    english = dict(ranked).get("en", 0.0)
    return not (english < _SURELY_OTHER or (english < _PERHAPS_OTHER and ranked[0][1] > _LIKELY))


@functools.cache
def _language_ranking():  # type: ignore[no-untyped-def]  # noqa: ANN202
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True).rank
