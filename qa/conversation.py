"""A follow-up and its history become a question that stands alone; knows nothing of documents or models.

The rules: a pronoun for a person becomes the person last spoken of, a pronoun for a thing the thing last
asked about, and a question that leans on the whole last exchange ("And on which day?") carries it along.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.errors import BadQuestion
from qa.types import Outcome, Turn
from qa.wording import names, words

MAX_QUESTION_CHARACTERS = 2000  # some 400 words: longer is a paste, not a question

CANNOT_READ = "I can only answer questions in English for now, so I will not guess. Please ask again in English."
ABOUT = (
    "I answer questions about your documents and prove each answer with their exact words. "
    "Ask who said something, when or where it happened, how many, or why."
)
THANKS = "You are welcome."
GREETING = "Hello. " + ABOUT

_PERSON = re.compile(r"\b(he|him|his|she|her|hers)\b", re.IGNORECASE)
_PEOPLE = re.compile(r"\b(they|them|their|theirs)\b", re.IGNORECASE)
_THING = re.compile(r"\b(it|its)\b", re.IGNORECASE)
_POSSESSIVE = frozenset({"his", "hers", "their", "theirs", "its"})
_OBJECT_HER = re.compile(
    r"\s*(?:$|[^\w\s])|\s+(?:about|as|at|by|for|from|in|on|say|said|that|to|with|mean|before|after)\b"
)
_IMPERSONAL_IT = re.compile(
    r"\b(?:is|was|does|did|will|would|has) it (?:true|said|that|known|the|an?)\b", re.IGNORECASE
)

# A question that leans on the whole exchange before it: "And on which day?", "When was that?", "Did he mean it?"
_ELLIPTIC = re.compile(r"^(?:and|but|so|what about|how about)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(?:that|this|those|these|there|then|before|afterwards?)\W*$|\b(?:say|said|saying|mean|meant|do|did|done|about)"
    r" (?:so|it|that|this)\b(?! \w+ed\b)",
    re.IGNORECASE,
)
_IDENTIFIES = frozenset({"is", "was", "are", "were", "s"})  # "Who is Heather Nauert?": she is who was asked about
_SHORT = 3  # words: "How many exactly?" means nothing alone

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


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked by someone who had not heard `history` (oldest first).

    A question that names what it is about, or has no history, comes back as it is.
    """
    if not history:
        return question
    topic = _Topic.of(history)
    resolved = question
    for pronoun, meant in ((_PERSON, topic.person), (_PEOPLE, topic.person)):
        resolved = _named(pronoun, resolved, meant)
    if not _leans(resolved):
        if not _IMPERSONAL_IT.search(question):
            resolved = _named(_THING, resolved, topic.thing)
        if names(resolved) or len(words(resolved)) > _SHORT:
            return resolved
    return f"{resolved} ({topic.exchange})"


@dataclass(frozen=True, slots=True)
class _Topic:
    """What the last exchange was about. person, thing: "" when it names none."""

    exchange: str
    person: str
    thing: str

    @classmethod
    def of(cls, history: Sequence[Turn]) -> "_Topic":
        last = history[-1].answer
        question = last.standalone_question
        short = (last.short or "").rstrip(".") if last.outcome is Outcome.ANSWERED else ""
        asked, answered = names(question), names(short)
        opening = [*words(question), "", ""]
        identifies = opening[1] in _IDENTIFIES
        person_asked = opening[0] in {"who", "whom", "whose", "by"} and not identifies
        people = (*answered, *asked) if person_asked else (*asked, *answered)
        if not people and len(history) > 1:
            people = (cls.of(history[:-1]).person,)
        asks_thing = opening[0] in {"what", "which"} and not identifies and not _THING.search(question)
        things = (short, *asked) if asks_thing else (*asked, short)
        return cls(
            exchange=f"{_innermost(question)} {short}".strip(),
            person=next(iter(people), ""),
            thing=next(filter(None, things), ""),
        )


def _leans(question: str) -> bool:
    """Whether the question has a sense only together with the exchange before it."""
    return bool(_POINTS_BACK.search(question) or (_ELLIPTIC.match(question) and not names(question)))


def _innermost(question: str) -> str:
    """The exchange that a question already carries, else the question itself: contexts do not nest."""
    carried = re.search(r"\(([^()]*)\)$", question)
    return carried.group(1) if carried else question


def _named(pronoun: re.Pattern[str], question: str, name: str) -> str:
    """`question` with the first such pronoun put as `name`; the later ones then read well as they are."""

    def put(match: re.Match[str]) -> str:
        word = match.group().lower()
        owns = word in _POSSESSIVE or (word == "her" and not _OBJECT_HER.match(question[match.end() :]))
        return f"{name}'s" if owns else name

    return pronoun.sub(put, question, count=1) if name else question


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
