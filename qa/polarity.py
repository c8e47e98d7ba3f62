"""Tells what a sentence denies, hedges, turns into its opposite, and who does what to whom; knows no documents.

No parser: a denying or hedging word colours the next word that carries meaning within its clause, and a verb has the
names and nouns of its clause before and after it, the other way round in the passive. Each rule speaks only when both
texts hold the words in question, so what it does not understand it leaves alone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile

from qa.wording import STOP_WORDS, fold, names, stems, words
from qa.wordlists import PAST_FORMS, pairs
from qa.wordlists import words as word_set

CLAUSE_END = re.compile(r"[.;:,()!?\"]+(?=\s|$)|\s-+\s|--|\b(?:but|although|though|while|whereas|because)\b")
_NEGATORS = word_set(
    """not no never nor none neither nobody nothing without cannot hardly deny denies denied denying refuse refuses
    refused refusing reject rejects rejected rejecting decline declines declined declining fail fails failed failing
    unable lack lacks lacked lacking prevent prevents prevented false untrue except excluding"""
)
_NEGATING_PAIRS = {("instead", "of"), ("rather", "than"), ("no", "longer")}
_NEEDS_TO = word_set("fail fails failed failing decline declines declined declining")
_HEDGES = word_set(
    """may might could if unless whether alleged allegedly reportedly suspected possible possibly perhaps maybe likely
    probably plan plans planned planning expect expects expected propose proposes proposed consider considers
    considered considering intend intends intended want wants wanted hope hopes hoped threaten threatens threatened
    try tries tried trying attempt attempts attempted almost nearly would"""
)
_OPPOSITES = pairs(
    """rise fall; increase decrease; increase reduce; grow shrink; gain lose; gain loss; win lose; win loss; victory
    defeat; accept reject; approve reject; support oppose; open close; start end; start stop; begin end; begin stop;
    before after; more less; more fewer; most least; above below; up down; higher lower; high low; big small; large
    small; buy sell; arrive leave; arrive depart; alive dead; live die; guilty innocent; allow ban; allow forbid;
    permit prohibit; permit ban; male female; man woman; men women; brother sister; father mother; husband wife; son
    daughter; boy girl; north south; northern southern; east west; eastern western; first last; early late; hire
    fire; attack defend; praise criticise; praise criticize; love hate; confirm deny; succeed fail; success failure;
    strong weak; profit loss; import export; enter leave; join leave; join quit; appoint dismiss; arrest release;
    acquit convict; borrow lend; ally enemy; friend enemy; increase drop; rise drop; jump drop; surge plunge; rise
    decline; increase decline; improve worsen; positive negative; public private; legal illegal; able unable; likely
    unlikely; remember forget; include exclude; encourage discourage; raise cut; raise lower; expand cut; hot cold;
    left right; young old; rich poor; safe dangerous; best worst; better worse; minimum maximum; over under; summer
    winter; morning evening; day night; majority minority; agree disagree; agree refuse; remain leave; save spend"""
)
_PASSIVE = word_set("is are was were be been being am get gets got gotten getting")
_PRONOUNS = word_set("he she they it we i you who")
_DETERMINERS = word_set("the a an his her its their our my your this that these those")
_BEFORE_NOUNS = _DETERMINERS | word_set("of in on at for with from")
_VERB_ENDING = re.compile(r"(?:ed|s|ing|en|t|d|ew|e|ote|old|ook|aw|old|id)$")
_REACH = 3  # words that carry meaning, on either side of a verb


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a clause: folded, and its stem, "" when it carries no meaning."""

    text: str
    stem: str


@dataclass(frozen=True, slots=True)
class Polarity:
    """Stems of a text by how they are said: plainly, denied, or hedged. One stem may be in several."""

    plain: frozenset[str]
    denied: frozenset[str]
    hedged: frozenset[str]


def clauses(text: str) -> tuple[tuple[Word, ...], ...]:
    """The words of `text`, clause by clause; a clause ends at punctuation and at a word like "but"."""
    parts = CLAUSE_END.split(fold(text))
    return tuple(tuple(map(_word, words(part))) for part in parts if part.strip())


def meaningful(text: str) -> frozenset[str]:
    """The stems of the words of `text` that carry meaning, past forms led back to their verbs."""
    return frozenset(word.stem for clause in clauses(text) for word in clause if word.stem)


def polarity(text: str) -> Polarity:
    """What `text` says plainly, denies and hedges. Two denials cancel: "did not deny resigning"."""
    plain: set[str] = set()
    denied: set[str] = set()
    hedged: set[str] = set()
    for clause in clauses(text):
        deny = hedge = False
        skipped = -1  # the second word of a pair
        for place, word in enumerate(clause):
            following = clause[place + 1].text if place + 1 < len(clause) else ""
            if (word.text, following) in _NEGATING_PAIRS:
                deny, skipped = not deny, place + 1
            elif place == skipped:
                continue
            elif _denies(word.text) and (word.text not in _NEEDS_TO or following == "to"):
                deny = not deny
            elif word.text in _HEDGES:
                hedge = True
            elif word.stem and not word.text.endswith("ly"):
                (denied if deny else plain).add(word.stem)
                if hedge:
                    hedged.add(word.stem)
                deny = hedge = False
    return Polarity(frozenset(plain), frozenset(denied), frozenset(hedged))


def negation_flipped(claim: str, evidence: Sequence[str]) -> bool:
    """Whether the claim denies what the evidence says plainly, or says plainly what the evidence denies.

    A denial of something that the evidence does not mention holds only where the evidence denies at all.
    """
    said = polarity(claim)
    given = [polarity(sentence) for sentence in evidence]
    denied = frozenset[str]().union(*(each.denied for each in given))
    plain = frozenset[str]().union(*(each.plain for each in given))
    unproved = said.denied - denied if not denied else (said.denied - denied) & plain
    asserted = (said.plain - said.denied) & (denied - plain)
    return bool(unproved) or bool(asserted)


def certainty_raised(claim: str, evidence: Sequence[str]) -> bool:
    """Whether the claim says as a fact what the evidence only says may be, is planned or is alleged."""
    said = polarity(claim)
    given = [polarity(sentence) for sentence in evidence]
    hedged = frozenset[str]().union(*(each.hedged for each in given))
    certain = frozenset[str]().union(*((each.plain | each.denied) - each.hedged for each in given))
    return bool((said.plain - said.hedged) & (hedged - certain))


def opposites(claim: str, evidence: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Pairs (word of the claim, its opposite in the evidence), where neither text holds the other's word."""
    said, given = set(_stems_with_direction(claim)), set(_stems_with_direction(" ".join(evidence)))
    mine, theirs = said - given, given - said
    return tuple((word, other) for word in sorted(mine) for other in sorted(_OPPOSITE.get(word, ())) if other in theirs)


def opposites_exchanged(claim: str, evidence: Iterable[str]) -> bool:
    """Whether the claim gives a name the opposite of what the evidence gives it: "Lind on the left, Ruiz on the right".

    What a name is given is the first word with an opposite among the `_REACH` words after it that carry meaning.
    """
    named = frozenset(stem for name in names(claim) for stem in stems(name))
    said = _given(claim, named)
    told = [_given(sentence, named) for sentence in evidence]
    return any(
        any(each.get(name) in _OPPOSITE[word] for each in told) and not any(each.get(name) == word for each in told)
        for name, word in said.items()
    )


def _given(text: str, named: frozenset[str]) -> dict[str, str]:
    """Name -> the word with an opposite that follows it, before the next name."""
    line = [
        stem for stem in _stems_with_direction(text) if stem in named or stem in _OPPOSITE or stem not in STOP_WORDS
    ]
    given: dict[str, str] = {}
    for place, stem in enumerate(line):
        if stem in named:
            following = takewhile(lambda each: each not in named, line[place + 1 : place + 1 + _REACH])
            word = next((each for each in following if each in _OPPOSITE), None)
            if word is not None:
                given.setdefault(stem, word)
    return given


def roles_swapped(claim: str, evidence: Iterable[str]) -> bool:
    """Whether the claim turns an act around: "Ruiz called Lind", where the evidence says that Lind called Ruiz.

    For a verb in both: what stood before it stands after it, and the other way round; or, where the evidence has only a
    pronoun before it, somebody named after it became the one who acts. In the passive ("was called by") the sides are
    exchanged first. An act that any sentence tells in the claim's order is not turned.
    """
    named = frozenset(stem for name in names(claim) for stem in stems(name))
    given = [act for sentence in evidence for act in _acts(sentence)]
    return any(
        _turned(act, [other for other in given if other.verb == act.verb], named)
        for act in _acts(claim)
        if act.verb not in named
    )


@dataclass(frozen=True, slots=True)
class _Act:
    """A verb-like stem, and the stems close before it and close after it in its clause: who acts, who is acted upon.

    pronoun: only a pronoun stands before it.
    """

    verb: str
    before: frozenset[str]
    after: frozenset[str]
    pronoun: bool


def _turned(act: _Act, given: Sequence[_Act], named: frozenset[str]) -> bool:
    if any(act.before & other.before or (act.after & other.after and not act.before & other.after) for other in given):
        return False
    return any(_is_turned(act, other, named) for other in given)


def _is_turned(act: _Act, other: _Act, named: frozenset[str]) -> bool:
    """Whether who acts is acted upon in `other`, and the acts are exchanged, or a pronoun or another acts there."""
    if not act.before & other.after:
        return False
    another = bool(other.before and act.after & other.after)  # "Lind wrote it for Ruiz"
    return bool(act.after & other.before) or ((other.pronoun or another) and bool(act.before & other.after & named))


def _acts(text: str) -> Iterator[_Act]:
    for clause in clauses(text):
        for place, word in enumerate(clause):
            noun = place and clause[place - 1].text in _BEFORE_NOUNS
            if word.stem and not noun and _VERB_ENDING.search(word.text):
                yield _act(clause, place)


def _act(clause: Sequence[Word], place: int) -> _Act:
    before, after = _near(reversed(clause[:place])), _near(clause[place + 1 :])
    passive = any(each.text in _PASSIVE for each in clause[max(0, place - 3) : place])
    if passive and not clause[place].text.endswith("ing"):
        ends = next((at for at, each in enumerate(clause) if at > place and each.text == "by"), len(clause))
        by = list(takewhile(lambda each: each.text not in _BEFORE_NOUNS - _DETERMINERS, clause[ends + 1 :]))
        before, after = _near(by), before | _near([*clause[place + 1 : ends], *clause[ends + 1 + len(by) :]])
    pronoun = not before and any(each.text in _PRONOUNS for each in clause[:place])
    return _Act(clause[place].stem, before - after, after - before, pronoun)


def _near(line: Iterable[Word]) -> frozenset[str]:
    """The first `_REACH` stems of a line of words."""
    return frozenset(islice((word.stem for word in line if word.stem), _REACH))


def _denies(word: str) -> bool:
    return word in _NEGATORS or word.endswith(("n't", "n’t"))


@lru_cache(maxsize=20_000)
def _word(text: str) -> Word:
    return Word(text, next(iter(stems(PAST_FORMS.get(text, text))), ""))


def _stems_with_direction(text: str) -> list[str]:
    """As `stems`, but with the stop words that have an opposite."""
    return [_word(word).stem or word for word in words(text)]


def _opposite_table() -> dict[str, set[str]]:
    table: dict[str, set[str]] = {}
    for pair in _OPPOSITES:
        one, other = (_stems_with_direction(word)[0] for word in pair)
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return table


_OPPOSITE = _opposite_table()
