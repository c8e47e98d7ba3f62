"""The terms that a text is searched by: its words without endings, accents and case; knows no index."""

import functools
import re
import unicodedata

_WORD = re.compile(r"\w+")
_TERM = re.compile(r"[^\W_]+")
# Words of questions rather than of answers; dropped where that leaves something to search for.
_STOP_WORDS = """a about an and any are as at be been but by can could d did do does for from had has have he her
    him his how i if in into is it its ll m me my of on or our re s she should so t than that the their them then
    there these they this those to us ve was we were what when where which while who whom whose why will with
    would you your"""
_UNSEARCHED = frozenset(_STOP_WORDS.split())


def searched(text: str) -> list[str]:
    """The words of `text` to search for, each once."""
    words = list(dict.fromkeys(_WORD.findall(text.casefold())))
    return [word for word in words if word not in _UNSEARCHED] or words


def terms(text: str) -> list[str]:
    """The words of `text` in order, as FTS5's "porter unicode61 remove_diacritics 2" has them: Porter's stems."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    words = _TERM.findall(bare.casefold())
    return [
        stem or word for stem, word in zip(_stemmer().stemWords(words), words, strict=True)
    ]  # of "s" nothing is left


@functools.cache
def _stemmer() -> "Stemmer":  # type: ignore[name-defined]  # noqa: F821
    import Stemmer

    return Stemmer.Stemmer("porter", 0)  # without its cache, which threads may not share
