"""Tells what a sentence says only in a frame ("no evidence that", "accused of", "told to"); knows no documents.

No parser: a frame opens with its words ("no evidence that", "accused of", "told to") and reaches to the end of the
clause. What stands in a frame alone is not asserted. Each rule speaks only of words that both texts hold.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.polarity import CLAUSE_END, meaningful
from qa.wording import fold, names, stems

_NOT = r"(?:\b(?:no|not|never|nobody|cannot|without|nor|hardly)\b|n['’]t\b)"
_FALSE = r"(?:false|untrue|wrong|unfounded|baseless)"
_TALK = r"(?:reports?|claims?|rumou?rs?|allegations?|suggestions?)"
# what follows is not so, or is not known to be so
_DENYING = re.compile(
    rf"{_NOT}(?:\s+[\w'’-]+){{0,3}}?\s+(?:evidence|proof|signs?|indications?|true|clear|the case|believ\w+|found|"
    r"shown?|proved|proven|established|known|guilty|liable)\s+(?:that|to|of|guilty of)\b|"
    rf"{_NOT}\s+(?:believe|think)\s|\b(?:myth|lie|hoax|falsehood|untrue|false)\s+that\b|"
    r"\bfalsely\s+(?:claim\w*|sa(?:y|id)\w*|believ\w*|report\w*|suggest\w*)\b|"
    r"\b(?:pretend\w*|dream(?:ed|t|s)|imagin\w*)\s+(?:to|that|of)\b|\b(?:has|have|had) yet to\b|"
    r"\b(?:nobody|no one)\s+(?:saw|heard|knew|knows|noticed|believes?|claims?|sa(?:id|ys))\b"
)
_FALSE_TALK = re.compile(rf"\b{_TALK}\s+that\b(?P<inside>[^.;]*?)\b(?:is|are|was|were)\s+{_FALSE}\b")
# what follows someone suspects, orders, promises, claims or denies
_HEDGING = re.compile(
    r"\b(?:accus\w+|suspect\w+|charg(?:ed|es?)|charging)\s+(?:[\w'’-]+\s+){0,4}?(?:of|with)\b|"
    r"\b(?:alleg\w+|rumou?red|believ\w+|suspect\w+|claim(?:s|ed)?)\s+that\b|"
    r"\b(?:told|ordered|asked|urged|begged|advised|instructed|invited|encouraged|forbidden|forbade|promis(?:ed|es)|"
    r"agreed|vowed|pledged|supposed|offered|threatened|demanded)\s+(?:[\w'’-]+\s+){0,3}?(?:not\s+)?to\s(?=\w)|"
    rf"\b(?:should|ought to)\s|\b{_TALK}\s+that\b"
)
_DISOWNING = re.compile(r"\bden(?:y|ies|ied|ying)\s")
_PLAIN_NOT = re.compile(r"\b(?:no|not|never|nobody|none|cannot)\b|n['’]t\b")

_LEVELS = {"no": 0, "few": 1, "some": 2, "several": 2, "many": 3, "most": 4, "all": 5, "every": 5, "each": 5}
_QUANTIFIED = re.compile(
    rf"\b(?P<level>{'|'.join(_LEVELS)})\s+(?:of\s+)?(?:(?:the|its|their|his|her|our)\s+)?(?P<noun>[a-z]+)"
)
_ONLY = re.compile(r"\bonly\b")
_NO_OTHER = re.compile(r"\b(?:only|sole|solely|alone|just|single|merely|except|exclusively|nobody else|no one else)\b")
_NUMBER = r"[$£€]?\d[\d,.]*\d|[$£€]?\d"
_LIMITED = re.compile(
    r"\b(?:(?:fewer|less|more|greater|higher|lower|larger|smaller) than|at (?:least|most)|up to)\s+"
    rf"(?P<number>{_NUMBER})"
)
_ANY_WORD = re.compile(r"[a-z]+")
_ANY_NUMBER = re.compile(rf"(?<![\w.,]){_NUMBER}")
_FORMER = re.compile(r"\b(?:former|ex|vice|deputy|acting|interim|onetime|would-be)[\s-]+(?P<noun>[a-z]+)")
_BOUND_BEFORE = re.compile(r"\b(?:(?P<than>than)|(?P<noun>[a-z]\w+)\s+of)\s+(?:the\s+)?\Z")
_JOURNEY = re.compile(r"\bfrom\s+(?P<origin>[^\W\d_a-z][\w ]*?)\s+to\s+(?P<aim>[^\W\d_a-z][\w ]*)")
_SAYING = meaningful("said says tell told write wrote state stated call called")


@dataclass(frozen=True, slots=True)
class Framed:
    """Stems of a sentence: within a frame that denies, within one that hedges, and outside of all frames.

    What someone denies is hedged: it is neither so nor not so.
    """

    denied: frozenset[str]
    hedged: frozenset[str]
    free: frozenset[str]

    @property
    def is_plain(self) -> bool:
        """Whether nothing stands in a frame."""
        return not (self.denied or self.hedged)


@lru_cache(maxsize=512)
def framed(sentence: str) -> Framed:
    """What `sentence` says within frames, and without."""
    text = fold(sentence)
    denied = [*_reach(_DENYING, text), *(match.span("inside") for match in _FALSE_TALK.finditer(text))]
    hedged = [*_reach(_HEDGING, text), *_reach(_DISOWNING, text)]
    outside, last = "", 0
    for start, end in sorted((*denied, *hedged)):
        outside, last = f"{outside} {text[last:start]}", max(last, end)
    return Framed(
        denied=_stems_in(text, denied),
        hedged=_stems_in(text, hedged),
        free=meaningful(f"{outside} {text[last:]}"),
    )


def negated_by_frame(claim: str, evidence: Sequence[str]) -> bool:
    """Whether the claim asserts what the evidence has only as false or as not known to be so."""
    return not _PLAIN_NOT.search(fold(claim)) and _only_in(claim, evidence, denied=True)


def asserted_from_frame(claim: str, evidence: Sequence[str]) -> bool:
    """Whether the claim asserts, or denies, what the evidence has only as suspected, ordered, claimed or denied."""
    return _only_in(claim, evidence, denied=False)


def _only_in(claim: str, evidence: Sequence[str], *, denied: bool) -> bool:
    if not framed(claim).is_plain:
        return False
    told = [framed(sentence) for sentence in evidence]
    free = frozenset[str]().union(*(each.free for each in told))
    inside = frozenset[str]().union(*(each.denied if denied else each.hedged for each in told)) - free
    said = meaningful(claim) - meaningful(" ".join(names(claim))) - _SAYING
    return bool(said & inside) and 2 * len(said & inside) >= len(said)


def strengthened(claim: str, evidence: Sequence[str]) -> bool:
    """Whether the claim drops what limits the evidence: "some" becomes "all", "fewer than 20" 20, a former mayor mayor.

    Only a limit that stands at every place where the evidence names the thing counts; "only" must be in the evidence.
    """
    said, given = fold(claim), " ; ".join(map(fold, evidence))
    return (
        _more(said, given)
        or bool(_ONLY.search(said) and not _NO_OTHER.search(given))
        or _unlimited(_ANY_NUMBER, _LIMITED, "number", said, given)
        or _unlimited(_ANY_WORD, _FORMER, "noun", said, given)
    )


def bound_otherwise(claim: str, evidence: Sequence[str]) -> bool:
    """Whether two names are exchanged: "older than", "from … to", "mother of" or "'s boss" holds the other one.

    Only sentences that hold both names count.
    """
    mine = names(claim)
    said = _bindings(claim, mine)
    told = [_bindings(sentence, mine) for sentence in evidence if sum(name in sentence for name in mine) > 1]
    given = frozenset[tuple[str, str]]().union(*told)
    others = {binder: {name for bound, name in given if bound == binder} for binder, _ in said}
    return any(others[binder] and name not in others[binder] for binder, name in said)


def _bindings(text: str, known: Sequence[str]) -> frozenset[tuple[str, str]]:
    """What binds each name, with the noun that it binds it to: ("than", "Lind"), ("mother of", "Lind")."""
    found = set()
    for name in known:
        for match in re.finditer(rf"\b{re.escape(name)}\b", text):
            before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() :]
            if bound := _BOUND_BEFORE.search(before):
                found.add((bound["than"] or f"{bound['noun']} of", name))
            elif owns := re.match(r"['’]s?\s+(?P<noun>[a-z]\w+)", after):
                found.add((f"'s {owns['noun']}", name))
    for journey in _JOURNEY.finditer(text):
        found |= {("from", name) for name in known if journey["origin"].startswith(name)}
        found |= {("to", name) for name in known if journey["aim"].startswith(name)}
    return frozenset(found)


def _more(said: str, given: str) -> bool:
    for match in _QUANTIFIED.finditer(said):
        noun = stems(match["noun"])
        levels = [_LEVELS[each["level"]] for each in _QUANTIFIED.finditer(given) if stems(each["noun"]) == noun]
        if noun and levels and max(levels) < _LEVELS[match["level"]]:
            return True
    return False


def _unlimited(thing: re.Pattern[str], limited: re.Pattern[str], group: str, said: str, given: str) -> bool:
    """Whether a thing that is limited wherever the evidence names it stands in the claim without a limit."""
    limits = {match.start(group): match[group] for match in limited.finditer(given)}
    if not limits:
        return False
    free = {match[0] for match in thing.finditer(given) if match.start() not in limits}
    kept = {match.start(group) for match in limited.finditer(said)}
    dropped = (match[0] for match in thing.finditer(said) if match.start() not in kept)
    return not (set(limits.values()) - free).isdisjoint(dropped)


def _reach(opening: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in opening.finditer(text):
        end = CLAUSE_END.search(text, match.end())
        yield match.end(), end.start() if end else len(text)


def _stems_in(text: str, spans: Sequence[tuple[int, int]]) -> frozenset[str]:
    return meaningful(" ".join(text[start:end] for start, end in spans))
