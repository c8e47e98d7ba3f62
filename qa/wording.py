"""Compares wordings: normal forms of words, numbers and proper names; knows nothing of documents or questions."""

import functools
import re
import unicodedata

_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛`´", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—", "-"))

_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*\.?")

# Words that carry no fact by themselves; what is left must be covered by a quote.
STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being both but by can could did
    do does doing down during each few for from further had has have having he her here hers him his how i if in
    into is it its itself just may me might more most must my no nor not now of off on once only or other our out
    over own per same shall she should so some such than that the their theirs them then there these they this
    those through to too under until up upon us very was we were what when where which while who whom whose why
    will with would you your yours""".split()  # noqa: SIM905 - a column of eighty strings is harder to read
)

_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen twenty""".split()  # noqa: SIM905
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90"}

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")

_NEGATION = re.compile(
    r"\b(not|no|never|nor|none|neither|nobody|nothing|without|cannot|hardly|den(?:y|ies|ied)|refus\w*|reject\w*"
    r"|fail(?:s|ed)? to|declin\w*)\b|n['’]t\b",
    re.IGNORECASE,
)
_NAME_PARTICLES = "of|the|de|van|von|der|den|la|le|al|bin|ibn|da|di|du"
_CAPITAL = r"(?:[A-Z][\w’'.-]*[\w.]|[A-Z])"
_NAME = re.compile(rf"{_CAPITAL}(?:\s+(?:(?:{_NAME_PARTICLES})\s+)?{_CAPITAL})*")

_CAPITALISED_BY_PLACE = STOP_WORDS | frozenset(
    """according tell name list give show explain describe summarise summarize say says said yes no whether asked
    however meanwhile earlier later today yesterday""".split()  # noqa: SIM905
)


def fold(text: str) -> str:
    """`text` in one form of quotation marks, dashes, width and case; its length may change."""
    return unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()


def words(text: str) -> list[str]:
    """The words of `text`, folded, without possessive endings or full stops at their end."""
    return [_bare(match.group()) for match in _WORD.finditer(fold(text))]


def stems(text: str) -> list[str]:
    """The words of `text` that carry meaning, as Snowball (Porter 2) stems, numbers in digits."""
    stemmer = _stemmer()
    return [_NUMBER_WORDS.get(word) or stemmer.stemWord(word) for word in words(text) if word not in STOP_WORDS]


def numbers(text: str) -> frozenset[str]:
    """The numbers of `text` in digits: "two" is "2", "1,000" is "1000"; a bare "one" counts too."""
    folded = fold(text)
    digits = {re.sub(r"(?<=\d),(?=\d{3})", "", match.group()) for match in _NUMBER.finditer(folded)}
    return frozenset(digits | {_NUMBER_WORDS[word] for word in words(folded) if word in _NUMBER_WORDS})


def names(text: str) -> tuple[str, ...]:
    """Runs of capitalised words of `text` (people, places, organisations, weekdays), in order, each once.

    A word that is capitalised by its place alone (the first of a sentence, when it is a common word) is left out.
    """
    found = (_trimmed(match.group()) for match in _NAME.finditer(text))
    return tuple(dict.fromkeys(name for name in found if name))


def denies(text: str) -> bool:
    """Whether `text` holds a word that turns its sense around: "not", "never", "refused to"."""
    return _NEGATION.search(text) is not None


def _bare(word: str) -> str:
    return re.sub(r"'s$", "", word.rstrip(".")) if word.count(".") <= 1 else word.replace(".", "")


def _trimmed(run: str) -> str:
    parts = run.split()
    while parts and parts[0].lower().rstrip(".,") in _CAPITALISED_BY_PLACE:
        parts = parts[1:]
    return re.sub(r"['’]s$", "", " ".join(parts)).rstrip(".") if parts else ""


@functools.cache
def _stemmer() -> "Stemmer":  # type: ignore[name-defined]  # noqa: F821
    import Stemmer

    return Stemmer.Stemmer("english")
