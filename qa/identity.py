"""A question about who someone is and the documents' names become findings; knows nothing of what people said or did.

"Who is Anna Lind?" is answered with the words by which a document introduces her: an apposition ("Anna Lind, the mayor
of Kilmore,", "Kilmore's mayor, Anna Lind,"), "Anna Lind is the mayor", or a role before the name ("mayor Anna Lind").
"""

import re
from collections.abc import Callable, Iterator, Sequence

from qa.names import Name, Names
from qa.passages import sentences_of
from qa.statements.cues import CUES, DETERMINERS
from qa.types import Finding, Passage, Span
from qa.wording import STOP_WORDS, words
from qa.wordlists import OPENERS, PAST_FORMS, PERSON_NOUNS, TITLES
from qa.wordlists import words as word_set

CONFIDENCE = 0.9  # share of such introductions that were right and whole: see benchmarks/LOG.md
LONGEST = 20  # words of an introduction

_JOB = "job|role|position|post|title|profession|occupation|function"
_ASKS = tuple(
    re.compile(rf"^\W*(?:and |but |so )?{pattern}\W*$", re.IGNORECASE)
    for pattern in (
        r"who(?:['’]s| is| was) (?P<name>[^,;?()]+?)",
        rf"what(?:['’]s| is| was) (?P<name>[^,;?()]+?)['’]s? (?:{_JOB})",
    )
)
_OWNED = re.compile(r"['’]s?\s")  # "Who is Lind's deputy?" does not ask who Lind is
_ASKS_FOR_ACT = re.compile(r"\b(?:did|had)\b", re.IGNORECASE)
_ASKS_FOR_OFFICE = re.compile(
    rf"\b(?:work|represent|serve|lead|head|run|belong|become|play|speak (?:for|on behalf)|{_JOB}|office)\b",
    re.IGNORECASE,
)
_NO_ROLES = word_set(
    """mr mrs ms miss mx sir dame lord lady home health education energy finance interior foreign defence defense first
    prime former labour conservative district opposition police"""
)
_ROLES = (PERSON_NOUNS | TITLES) - _NO_ROLES
_VERBS = CUES | word_set("is was are were has had will would does did met who which that")
_OUTSIDE = _VERBS | (STOP_WORDS | OPENERS) - DETERMINERS - {"of", "for", "at", "to"}  # of the phrase of a role
_SAME_PAST = word_set("hit cut put let set beat quit shut spread hurt bet cast")  # as in the present
# a phrase before the subject: what follows its comma is the subject, unless another comma closes it
_OPENS = re.compile(
    r"\W*(?:according|after|alongside|as|at|because|before|besides|by|despite|for|from|if|in|like|on|since|together|to|"
    r"under|unlike|until|when|while|with|without|[a-z]+ing)\b[^,;:]*\Z",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:den(?:y|ies|ied)|not|never|false|whether|if|nobody|no one|doubt\w*)\b[^,;:]*\Z|n['’]t\b[^,;:]*\Z"
)
_PARTICIPLE = re.compile(r"\s+(?:by|to|as|from|in|for|with|on|at|of)\b")
_WORD = re.compile(r"[^\W_](?:[\w.&'’-]*\w)?")
_END = re.compile(r"[,;:()\[\]“”\"\n]|\s[-–—]\s|—")
_CAPITAL = r"[A-Z][\w.&-]*(?:['’]s?)?"
_SMALL = r"[a-z][\w-]{2,}"
_A_ROLE = f"(?i:{'|'.join(sorted(_ROLES, key=len, reverse=True))})"
_BEFORE = re.compile(
    r"(?<![\w'’.-])(?:(?:former|acting|late|outgoing|incoming|longtime) )?"
    rf"(?:(?i:{'|'.join(sorted(DETERMINERS))}) (?:{_SMALL} ){{0,2}})?(?:{_CAPITAL} )*(?:{_SMALL} ){{0,2}}"
    rf"{_A_ROLE}(?: (?:of|for|at|to)(?: the)? {_CAPITAL}(?: {_CAPITAL})*)?\Z"
)


def asked_about(question: str) -> str:
    """Whose identity `question` asks for, as it is written there; "" for any other question."""
    found = next((found for pattern in _ASKS if (found := pattern.match(question))), None)
    return "" if found is None or _OWNED.search(found["name"]) else found["name"]


def identity_findings(
    question: str, passages: Sequence[Passage], names_of: Callable[[str], Names]
) -> tuple[Finding, ...]:
    """Findings whose span introduces the person asked about, the fullest kind of introduction first, then by passage.

    names_of: the names of a document, by its id. probability: `CONFIDENCE`.
    """
    asked = frozenset(words(asked_about(question))) - TITLES
    if not asked:
        return ()
    found: list[tuple[int, int, Finding]] = []
    for place, passage in enumerate(passages):
        known = names_of(passage.document_id)
        for name in known.within(passage.span.start, passage.span.end):
            if known.is_person(name) and asked <= _full_words(name, known):
                for kind, span, sentence in _introductions(name, passage):
                    found.append((kind, place, Finding(passage, span, passage.at(span), CONFIDENCE, (sentence,))))
    return tuple(finding for _, _, finding in sorted(found, key=lambda each: each[:2]))


def only_introduces(question: str, finding: Finding, known: Names) -> bool:
    """Whether a finding is a part of the words that introduce someone whose act `question` asks about.

    "Whom did Lind meet?" is not answered by "Norway" in "Norway's envoy, Anna Lind, met …". known: the names of the
    finding's document.
    """
    if not _ASKS_FOR_ACT.search(question) or _ASKS_FOR_OFFICE.search(question):
        return False
    asked = frozenset(words(question))
    here = finding.passage.span
    return any(
        span.contains(finding.span)
        for name in known.within(here.start, here.end)
        if known.is_person(name) and words(name.text)[-1] in asked
        for _, span, _ in _introductions(name, finding.passage)
    )


def _full_words(name: Name, known: Names) -> frozenset[str]:
    complete = known.complete(name.text, before=name.span.start)
    return frozenset(words(complete[0] if complete else name.text))


def _introductions(name: Name, passage: Passage) -> Iterator[tuple[int, Span, Span]]:
    """The introductions beside one mention, by kind (0 the fullest), with their sentence."""
    sentence = next((each for each in sentences_of(passage) if each.contains(name.span)), None)
    if sentence is None:
        return
    end, text = name.span.end, passage.at(sentence)
    before, following = text[: name.span.start - sentence.start], text[end - sentence.start :]
    after = _opening_phrase(following[2:], end + 2) if following.startswith(", ") else None
    if after and not (_OPENS.match(before) and not text[after.end - sentence.start :].startswith(",")):
        yield 0, after, sentence
    if before.endswith(", ") and (ahead := _closing_phrase(before[:-2], sentence.start)):
        yield 1, ahead, sentence
    copula = re.match(r" (?:is|was) (?=(?:the|an?) )", following)
    if (
        copula
        and not _UNSURE.search(before)
        and (told := _opening_phrase(following[copula.end() :], end + copula.end()))
    ):
        yield 2, told, sentence
    if before.endswith(" ") and (role := _closing_phrase(before[:-1], sentence.start)):
        yield 3, role, sentence


def _opening_phrase(text: str, start: int) -> Span | None:
    """The noun phrase of a role with which `text`, at `start` of its document, begins: to a comma, bracket or dash."""
    stop = _END.search(text)
    phrase = text[: stop.start() if stop else len(text)].rstrip(" .!?")
    found = [word.casefold() for word in _WORD.findall(phrase)]
    if not 0 < len(found) <= LONGEST or set(found) & _VERBS or not set(found) & _ROLES:
        return None
    opens = found[0] in DETERMINERS or found[0] in _ROLES or re.match(r"[A-Z][\w.]*(?: [A-Z][\w.]*)*['’]s? ", phrase)
    headed = any(word in _ROLES for word in found[: 6 if opens else 3])
    return Span(start, start + len(phrase)) if (opens or headed) and not _tells(phrase) else None


def _tells(phrase: str) -> bool:
    """Whether a verb follows the role: "the mayor of Oslo lied", but not "the judge appointed by the mayor"."""
    found = list(_WORD.finditer(phrase))
    first = next(place for place, match in enumerate(found) if match[0].casefold() in _ROLES)
    return any(_is_past(match[0]) and not _PARTICIPLE.match(phrase, match.end()) for match in found[first + 1 :])


def _is_past(word: str) -> bool:
    return word.islower() and word not in _ROLES and (word.endswith("ed") or word in PAST_FORMS or word in _SAME_PAST)


def _closing_phrase(text: str, start: int) -> Span | None:
    """The noun phrase of a role with which `text`, at `start` of its document, ends; it reaches over no verb."""
    found = _BEFORE.search(text)
    if found is None:
        return None
    first = found.start()
    for match in _WORD.finditer(found.group()):
        word = match.group()
        is_verbal = word.islower() and word not in _ROLES and word.endswith(("ing", "ly"))
        if is_verbal or _is_past(word) or word.casefold() in _OUTSIDE:
            first = found.start() + match.end() + 1
    held = {word.casefold() for word in _WORD.findall(text[first:])}
    return Span(start + first, start + len(text)) if held & _ROLES else None
