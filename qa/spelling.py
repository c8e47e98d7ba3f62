"""A question's misspelt words become those that the passages or English spell so; knows nothing of what is asked.

A word is misspelt when neither the passages nor an English dictionary hold it. A name that was typed with a capital is
changed by one letter at most: another name is another person.
"""

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA

_WORD = re.compile(r"(?<![\w'’.@/-])[^\W\d_]{4,}(?![\w@/-]|['’.]\w)")
_ASKING = ("which", "what", "when", "where", "whom", "whose")
_LONG = 8  # letters from which two may be wrong
_OPENING = 6  # characters within which an asking word begins: "On which"
_LONG_NAME = 6  # letters from which one of a capitalised word may be


def mended(question: str, texts: Sequence[str]) -> str:
    """`question` with its misspelt words as `texts` (the passages found for it) or English spell them.

    Nothing is changed where no word is close enough. The first letter is taken to be right.
    """
    held = Counter(match.group().casefold() for text in texts for match in re.finditer(r"[^\W\d_]+", text))
    return _WORD.sub(lambda match: _mended(match.group(), held, opens=match.start() < _OPENING), question)


def _mended(word: str, held: Mapping[str, int], *, opens: bool) -> str:
    plain = word.casefold()
    if plain in held or plain in _ASKING or not word.isascii() or word[1:] != plain[1:] or plain in _english():
        return word
    if opens and (asking := _nearest(plain, dict.fromkeys(_ASKING, 1), 1)):
        return asking.capitalize() if word[0].isupper() else asking
    name = word[0].isupper()
    if name and len(word) < _LONG_NAME:
        return word
    near = _nearest(plain, held, 2 if len(plain) >= _LONG and not name else 1)
    found = near or ("" if name else _english().correction(plain) or "")
    if not found or _british(plain) == _british(found):
        return word
    return found.capitalize() if name else found


def _nearest(word: str, known: Mapping[str, int], most: int) -> str:
    """The known word at the least distance (letters left out, added, changed or exchanged), then the most frequent."""
    near = [
        (distance, -known[other], other)
        for other in known
        if other[0] == word[0] and len(other) > 3 and (distance := OSA.distance(word, other, score_cutoff=most)) <= most
    ]
    return min(near)[2] if near else ""


def _british(word: str) -> str:
    """One form of what is spelt in two ways: "criticise", "colour", "centre"."""
    return word.replace("z", "s").replace("our", "or").replace("tre", "ter")


@functools.cache
def _english() -> "SpellChecker":  # type: ignore[name-defined]  # noqa: F821
    from spellchecker import SpellChecker  # its dictionary takes 0.15 s: only once a word is in no passage

    return SpellChecker(language="en", distance=1)
