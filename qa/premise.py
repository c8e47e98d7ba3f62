"""Tells where a sentence takes from its question what the evidence says otherwise; knows no documents.

A question may name whom the evidence calls "he"; it is no proof that he, and not whom the evidence names, did it.
"""

import re
from collections.abc import Sequence

from qa.quantities import is_date, quantities
from qa.wording import names, stems

_CLAUSE = re.compile(r"[.;:,()!?“”\"]+(?=\s|$)|\s-+\s|—")
_AFTER_PREPOSITION = re.compile(r"\b(?:in|at|on|of|from|to|for|with|near|by|the)\s+\Z", re.IGNORECASE)
_YEAR = re.compile(r"1\d{3}|20\d{2}")


def another_named(sentence: str, evidence: Sequence[str], taken: Sequence[str]) -> bool:
    """Whether the evidence names somebody else where the sentence has a name that only its question holds.

    taken: those names. Somebody else stands before the first word that a clause of the evidence shares with the
    sentence, while no name of the sentence does.
    """
    if not taken:
        return False
    mine = names(sentence)
    named = frozenset(stem for name in mine for stem in stems(name))
    wanted = frozenset(stems(sentence)) - named
    clauses = [clause for each in evidence for clause in _CLAUSE.split(each)]
    return any(_is_of_another(clause, wanted, named) for clause in clauses)


def another_counted(sentence: str, evidence: Sequence[str], question: str) -> bool:
    """Whether a number or year that only the question holds takes the place of another of its kind in the evidence."""
    given = {form for each in evidence for form in quantities(each) if not is_date(form)}
    asked = set(quantities(question)) - given
    said = [form for form in quantities(sentence) if not is_date(form)]
    left = given - set(said)
    return any(_is_year(form) == _is_year(other) for form in said if form in asked for other in left)


def _is_of_another(clause: str, wanted: frozenset[str], named: frozenset[str]) -> bool:
    words = re.finditer(r"[^\W_][\w’'-]*", clause)
    first = next((word.start() for word in words if wanted & set(stems(word[0]))), None)
    if first is None:
        return False
    before = [name for name in names(clause) if 0 <= clause.find(name) < first]
    subjects = [name for name in before if not _AFTER_PREPOSITION.search(clause[: clause.find(name)])]
    return bool(subjects) and not named & {stem for name in before for stem in stems(name)}


def _is_year(form: str) -> bool:
    return _YEAR.fullmatch(form) is not None
