"""A question about speech and the documents' statements become findings; knows nothing of how statements are read.

"Who said that …?" is answered by a speaker, "What did X say about …?" by words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from qa.aliases import known_of
from qa.passages import sentences, sentences_of
from qa.statements.cues import FORMS
from qa.types import Embedder, Finding, Passage, Span, Statement
from qa.wording import denies, names, stems, words
from qa.wordlists import PERSON_NOUNS, TITLES

# The least mean of cosine and shared words at which a statement is what was asked for: see benchmarks/LOG.md.
THRESHOLD = 0.5

PARAPHRASE = 0.2
ANOTHER = 0.25  # what a statement loses in rank that names nobody and nothing of what was asked
_NAMED = re.compile(
    r"^.*?\bwho (?:\w+ )?(?:called|described|dubbed|labelled|labeled|branded)\b(?! (?:for|on)\b)", re.IGNORECASE
)
_WRITING = re.compile(r"\b(?:wrote|writ\w+|tweet\w*|post(?:ed|s)?)\b", re.IGNORECASE)

_SAYING = (
    r"(said|say|says|saying|spoke|spoken|talked|told|tells?|wrote|writes?|written|tweet\w*|post(?:ed|s)|claim\w*|"
    r"(?<!of )stat(?:ed?|es)|announc\w*|add(?:ed|s)|argu\w*|insist\w*|warn\w*|suggest\w*|believ\w*|thought|thinks?|"
    r"call(?:ed|s)( for| on)?|urg\w*|promis\w*|prais\w*|commend\w*|complain\w*|den(?:y|ied|ies)|hint\w*|declar\w*|"
    r"quot\w*|utter\w*|assert\w*|demand\w*|recommend\w*|advis\w*|propos\w*|remark\w*|comment\w*)"
)
_OPENING = re.compile(
    r"^\W*(?:and |but )?(?:who|by whom|whose \w+|according to whom|which (?:\w+ ){1,3}?)\b[^,;:]{0,30}?"
    rf"\b{_SAYING}\b(?:\s+that)?",
    re.IGNORECASE,
)
_ASKS_SPEAKER = re.compile(
    rf"\b(who|(?<!on )(?<!in )(?<!at )which (?!of)(?:\w+ ){{1,3}}?)\b[^?,;]{{0,30}}?\b{_SAYING}\b"
    rf"|\bby whom\b[^?]{{0,30}}\b{_SAYING}\b"
    rf"|\b(whose|which \w+'s) (words?|tweets?|quote|statement|claim|opinion|view|remark|comment|announcement|demand)\b"
    rf"|\bwho(se words| is quoted| was quoted| made the (claim|statement|remark|comment))"
    rf"|^according to whom\b",
    re.IGNORECASE,
)


_DETERMINER = re.compile(r"^\s*(?:the|an?|mr|mrs|ms|dr)\s+")
_BELONGING = re.compile(r"\b(?:of|for|from|with|to|by|at|in|on|against|about|who|whom|whose|that)\b")
_OWNS = re.compile(r"[’']s?\s+\w")
_ANY_SAYING = r"say|said|tell|told|write|written|wrote|tweet|tweeted|(?<!of )state|claim|reply|respond|answer|think"
_NAMING = frozenset({"call", "describe", "dub", "brand", "label", "state"})  # "What did X call Y?": the words name Y
_ASKS_WORDS = re.compile(
    r"^\W*(?:and |but )?what (?:did|does|has|have|had) (?P<speaker>.+?) "
    rf"(?:(?:{_ANY_SAYING})|(?P<act>{'|'.join(sorted(FORMS.keys() - _NAMING, key=len, reverse=True))}))\b(?P<topic>.*)",
    re.IGNORECASE,
)
ON_TOPIC = 0.3  # least fit of a statement to what a "say about" question is about
AROUND = 0.8  # what the sentence around the words says of their topic ("Asked about Lind, he said") counts less
MOST_STATEMENTS = 3  # of one speaker, shown together when the question names no topic


def words_findings(
    question: str, passages: Sequence[Passage], statements: Sequence[Statement], embedder: Embedder
) -> tuple[Finding, ...]:
    """Findings whose span is what the speaker asked about said, best first; none for another kind of question.

    "say" asks for statements of every kind, a verb that tells more ("deny", "commend") for those told with it.
    Without a topic ("What did X say?") the first finding carries the speaker's first `MOST_STATEMENTS` direct
    quotations as its evidence. probability: how well the words fit the topic, 1 without one.
    """
    asked = _ASKS_WORDS.match(question.split(" (")[0])
    if asked is None:
        return ()
    placed = [
        (statement, passage)
        for statement in statements
        if _is_named(statement.speaker, asked["speaker"])
        and (not asked["act"] or statement.cue in FORMS[asked["act"].lower()])
        and (passage := _holding(statement, passages)) is not None
    ]
    placed = [each for each in placed if not any(_is_part(each[0], other) for other, _ in placed)]
    topic = re.sub(r"^\W*(?:about|of|on|to|in|that)?\b", "", asked["topic"]).strip(" ?.!")
    if stems(topic):
        return _on_topic(topic, placed, embedder)
    direct = [each for each in placed if not each[0].reported] or placed
    if not direct:
        return ()
    first, passage = direct[0]
    evidence = dict.fromkeys(statement.quote.span for statement, _ in direct[:MOST_STATEMENTS])
    evidence |= dict.fromkeys((first.speaker_quote.span,))
    return (_words_finding(first, passage, 1.0, evidence),)


def _on_topic(topic: str, placed: Sequence[tuple[Statement, Passage]], embedder: Embedder) -> tuple[Finding, ...]:
    if not placed:
        return ()
    told = [text for statement, passage in placed for text in (statement.words, _around(statement, passage))]
    vectors = embedder.embed([topic, *told])
    fits = [_fit(topic, text, float(cosine)) for text, cosine in zip(told, vectors[1:] @ vectors[0], strict=True)]
    found = []
    for (statement, passage), said, around in zip(placed, fits[::2], fits[1::2], strict=True):
        fit = max(said, AROUND * around)
        if fit >= ON_TOPIC:
            evidence = dict.fromkeys((statement.quote.span, statement.speaker_quote.span))
            found.append(_words_finding(statement, passage, fit, evidence))
    return tuple(sorted(found, key=lambda finding: -finding.probability))


def _words_finding(statement: Statement, passage: Passage, fit: float, evidence: Iterable[Span]) -> Finding:
    """The words without the comma that leads on to "she said"."""
    text = statement.quote.text.rstrip(" ,")
    span = Span(statement.quote.span.start, statement.quote.span.start + len(text))
    return Finding(passage, span, text, fit, tuple(evidence))


def _is_part(quoted: Statement, told: Statement) -> bool:
    """Whether a direct quotation is a few words of what is told of its speaker: she said that it “hums”."""
    here, whole = quoted.quote, told.quote
    return (
        told.reported
        and not quoted.reported
        and here.document_id == whole.document_id
        and whole.span.contains(here.span)
    )


def _is_named(speaker: str, asked: str) -> bool:
    """Whether the question means this speaker: by name, or by every word of a description."""
    if not names(speaker):
        described = set(stems(speaker))  # none of a pronoun for which nobody was found
        return bool(described) and described <= set(stems(asked))
    said = words(speaker)
    if asked.islower():
        return _means(words(_DETERMINER.sub("", asked)), said)
    return any(_means(words(name), said) for name in _asked_names(asked))


def _asked_names(asked: str) -> Iterator[str]:
    """The names that someone is asked by: in "Lind's lawyer" and "the man who hit Lind" nobody called Lind."""
    for piece in asked.split(","):
        for name in names(piece):
            before, _, after = piece.partition(name)
            if not (_BELONGING.search(before) or _OWNS.match(after)):
                yield name


def _means(asked: Sequence[str], said: Sequence[str]) -> bool:
    """Whether a name means another's bearer: by the surname, or by the beginning; given names in both must agree."""
    plain = [word for word in asked if word not in TITLES and word not in PERSON_NOUNS]
    if not plain or plain[-1] != said[-1]:
        return bool(plain) and plain == list(said[: len(plain)])
    given, known = plain[:-1], said[:-1]
    return (
        not given
        or not known
        or any(one[0] == other[0] and (one == other or 1 in (len(one), len(other))) for one in given for other in known)
    )


def asks_for_words(question: str) -> bool:
    """Whether the answer to `question` is what someone said."""
    return _ASKS_WORDS.match(question) is not None


def asks_for_speaker(question: str) -> bool:
    """Whether the answer to `question` is the name of someone who said something."""
    return _ASKS_SPEAKER.search(question) is not None


def speaker_findings(
    question: str, passages: Sequence[Passage], statements: Sequence[Statement], embedder: Embedder
) -> tuple[Finding, ...]:
    """Findings whose span is the speaker's name, best first.

    statements: those of the passages' documents; only a statement that lies in one of `passages` counts.
    evidence: the words, then the places that name the speaker.
    probability: how well the best of the statement's sentences fits (`_fit`); `THRESHOLD` and above means that this is
    the statement asked for. A question about something written puts written statements that fit before all others, and
    of two that fit the one that names what the question names comes first.
    """
    placed = [
        (statement, passage) for statement in statements if (passage := _holding(statement, passages)) is not None
    ]
    if not placed:
        return ()
    core = _asked_words(question)
    told = [(place, part) for place, (statement, _) in enumerate(placed) for part in _sentences(statement)]
    vectors = embedder.embed([core, *(part for _, part in told)])
    fits = [0.0] * len(placed)
    for (place, part), cosine in zip(told, vectors[1:] @ vectors[0], strict=True):
        fits[place] = max(fits[place], _fit(core, part, float(cosine)))
    around = [known_of(_around(*each)) for each in placed]
    named = " ".join(names(_NAMED.sub("", question))) if _NAMED.search(question) else ""
    fits = [fit / 2 if known.missing(named) else fit for fit, known in zip(fits, around, strict=True)]
    written = _WRITING.search(question) is not None
    asked_of = len(names(core)) or 1

    def rank(place: int) -> tuple[bool, float]:
        fitting_and_written = written and fits[place] >= THRESHOLD and bool(_WRITING.search(placed[place][0].cue))
        return fitting_and_written, fits[place] * (1 - ANOTHER * len(around[place].missing(core)) / asked_of)

    ranked = sorted(range(len(placed)), key=rank, reverse=True)
    return tuple(_finding(*placed[place], fits[place]) for place in ranked)


def _around(statement: Statement, passage: Passage) -> str:
    """The sentences that hold the words."""
    return " ".join(passage.at(each) for each in sentences_of(passage) if each.overlaps(statement.quote.span))


def _sentences(statement: Statement) -> list[str]:
    return [span.within(statement.words) for span in sentences(statement.words)] or [statement.words]


def _fit(asked: str, told: str, cosine: float) -> float:
    """How well what was told fits what was asked, 0..1.

    The mean of the cosine and of the share of the asked words, names apart, that were told; or, for a paraphrase that
    shares no word, the cosine less a margin. Halved where only one of the two denies something.
    """
    named = set(stems(" ".join(names(asked))))
    wanted = set(stems(asked)) - named or set(stems(asked))
    covered = len(wanted & set(stems(told))) / max(1, len(wanted))
    fit = min(1.0, max(0.0, (cosine + covered) / 2, cosine - PARAPHRASE))
    return fit if denies(asked) == denies(told) else fit / 2


def _asked_words(question: str) -> str:
    """The question without "who said that" before what was said, and without the exchange that it carries."""
    question = question.split(" (")[0]
    opening = _OPENING.match(question)
    rest = question[opening.end() :] if opening else question
    return rest.strip(" ?:") if len(words(rest)) >= 2 else question


def _holding(statement: Statement, passages: Sequence[Passage]) -> Passage | None:
    for passage in passages:
        if passage.document_id == statement.quote.document_id and passage.span.contains(statement.quote.span):
            return passage
    return None


def _finding(statement: Statement, passage: Passage, score: float) -> Finding:
    evidence = tuple(dict.fromkeys((statement.quote.span, statement.speaker_quote.span, statement.named_at.span)))
    return Finding(passage, statement.named_at.span, statement.named_at.text, score, evidence)
