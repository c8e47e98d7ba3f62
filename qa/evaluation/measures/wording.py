"""Compares the words of an answer with accepted ones; knows no documents and no citations."""

import re
import string
from collections import Counter
from collections.abc import Sequence

TYPOGRAPHY = str.maketrans("“”„«»‘’‚‐‑–—―", '"""""\'\'\'---  ')  # a long dash parts words, a short one joins them
"""Curly quotation marks and dashes -> the ASCII ones, which SQuAD's normal form takes away."""


def normalise(text: str) -> str:
    """Lower case, without ASCII punctuation and the articles a, an, the; words one space apart.

    Source: `normalize_answer` of the SQuAD 1.1 evaluation script (Rajpurkar et al. 2016, arXiv:1606.05250).
    """
    kept = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def occurs(accepted: str, shown: str) -> bool:
    """Whether the normalised accepted answer is a run of whole words of the normalised shown text.

    Unlike SQuAD's, this match sees no typography: “Tuesday.” shows Tuesday.
    An accepted answer of which normalising leaves nothing ("A") must be the whole shown text, case aside.
    Source: the "has answer" match of DrQA (Chen et al. 2017, arXiv:1704.00051), on SQuAD's normal form.
    """
    if words := normalise(accepted.translate(TYPOGRAPHY)):
        return f" {words} " in f" {normalise(shown.translate(TYPOGRAPHY))} "
    return accepted.strip().casefold() == shown.strip().casefold()


def exact_match(prediction: str, answers: Sequence[str]) -> bool:
    """Whether the normalised prediction equals a normalised accepted answer. Source: SQuAD 1.1."""
    return normalise(prediction) in {normalise(answer) for answer in answers}


def f1(prediction: str, answers: Sequence[str]) -> float:
    """Best over the accepted answers of 2PR / (P + R) on bags of normalised words, 0..1. Source: SQuAD 1.1.

    Two texts of which nothing is left agree (1); one such text agrees with nothing (0).
    """
    return max(_word_f1(normalise(prediction).split(), normalise(answer).split()) for answer in answers)


def _word_f1(predicted: list[str], wanted: list[str]) -> float:
    if not predicted or not wanted:
        return float(predicted == wanted)
    # 2PR / (P + R) with P = common / predicted and R = common / wanted
    common = (Counter(predicted) & Counter(wanted)).total()
    return 2 * common / (len(predicted) + len(wanted))
