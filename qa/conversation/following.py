"""Rewrites a follow-up by rules so that it stands alone; knows no language model.

A pronoun becomes whom or what the last turns were about, a fragment ("Why?", "And in Dunmore?", "Who else?") the
question before it with that part changed. What fits no rule and yet leans on the exchange before it carries that along.
"""

import re
from collections.abc import Sequence

from qa.conversation.shapes import AUXILIARY, Shape, carried, is_identifying, shape
from qa.conversation.topics import Topic
from qa.names import Gender
from qa.types import Turn
from qa.wording import names, stems, words

_SHORT = 3  # words: "How many exactly?" means nothing alone
_LONGEST_EXCLUDED = 8  # words of an answer that "else" leaves out

_CONNECTIVE = re.compile(r"^(?:and|but|so|ok|okay|well|then|also|or)[, ]+(?=\S)", re.IGNORECASE)
_WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_ADJUNCT = re.compile(
    r"^(?P<asking>(?:(?:since|until|by|with|to|for|from|at|on|in|against) )?"
    r"(?:when|where|why|how|whom|what|which|whose)"
    r"(?: (?!many\b|much\b)\w+)?(?: exactly)?)"
    r"(?: (?:is|was|did|does|has) (?:that|this|it)(?: happen| happened| occur| be| so)?)?\W*$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(?:and |but )?(?:what|how) about (?P<new>.+?)\W*$|^(?:and|or) (?P<bare>.+?)\W*$", re.IGNORECASE)
_ELSE = re.compile(rf"^(?P<asking>(?P<wh>{_WH})(?: other \w+)?|any(?:one|body|thing)) else\W*$", re.IGNORECASE)
_MORE = re.compile(
    r"^(?:(?:please )?(?:tell me|say|can you say|could you say) )?(?:some )?more(?: details?)?(?: please)?\W*$"
    r"|^(?:go on|details|please elaborate|elaborate)\W*$",
    re.IGNORECASE,
)
_SAID_SO = re.compile(
    r"^(?P<asking>.+?) (?:did|does|do) (?P<who>he|she|they|[A-Z][\w'’. -]*?) (?:say|do|tell|write|call|tweet)"
    r" (?:it|that|this|so)\W*$",
    re.IGNORECASE,
)

_PERSON = re.compile(r"\b(?P<he>he|him|his)\b|\b(?:she|her|hers)\b", re.IGNORECASE)
_PEOPLE = re.compile(r"\b(?:they|them|their|theirs)\b", re.IGNORECASE)
_THING = re.compile(r"\b(?:it|its)\b", re.IGNORECASE)
_POSSESSIVE = frozenset({"his", "hers", "their", "theirs", "its"})
_OBJECT_HER = re.compile(
    r"\s*(?:$|[^\w\s])|\s+(?:about|as|at|by|for|from|in|on|say|said|that|to|with|mean|before|after)\b"
)
_OBJECT = frozenset({"him", "them", "her"})
_OWN_BODY = re.compile(
    r"\b(?:his|her) (?:own )?(?:country|nation|company|firm|employer|party|team|club|city|town|council|bank|paper"
    r"|newspaper|ministry|department|university|school)\b",
    re.IGNORECASE,
)
_IMPERSONAL_IT = re.compile(
    r"\b(?:is|was|does|did|will|would|has) it (?:true|said|that|known|possible|likely|necessary|worth|important|"
    r"safe|legal|the|an?|mean|rain|feel|(?:cost|take)(?= (?:\w+ )?to\b))\b|"
    r"\bit (?:is|was) (?:said|true|known|possible)\b|\btime (?:is|was) it\b|"
    r"\bhow (?:far|hot|cold|warm|dark|late) (?:is|was|will) it\b|\bfar is it (?:from|to)\b",
    re.IGNORECASE,
)
_SEVERAL_ACT = re.compile(
    r"\b(?:do|did|can|could|will|would|should|are|were|have) (?:the |all |most |some )?[a-z]+s\b(?! of)"
)
_ANY_ONE = r"(?:the|an?|every|each|any) [a-z]+"
_SUBORDINATED = r"(?:if|when|that|before|after|while|because|until|once)"
_THERE = re.compile(r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere(?=\W*$)", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(?:that|this|those|these|there|then|before|afterwards?)\W*$|\b(?:say|said|saying|mean|meant|do|did|done|about)"
    r" (?:so|it|that|this)\b(?! \w+)|^(?:is|are|was|were|does|did|do) (?:that|this|those|these)\b",
    re.IGNORECASE,
)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked by someone who had not heard `history` (oldest first).

    A question that names what it is about, or has no history, comes back as it is.
    """
    if not history:
        return question
    topic = Topic(history)
    for rule in (_another, _more, _instead, _completed, _said_so):
        if resolved := rule(question, topic):
            return resolved
    return _resolved(question, topic)


def _resolved(question: str, topic: Topic) -> str:
    """The question with its pronouns put as names; with the exchange before it where that is not enough."""
    plain = _capital(_CONNECTIVE.sub("", question))
    resolved = _persons_named(plain, topic)
    resolved = _named(_PEOPLE, resolved, topic.several())
    if not _POINTS_BACK.search(resolved) and not _IMPERSONAL_IT.search(resolved):
        resolved = _named(_THING, resolved, topic.thing(acted_on=_is_acted_on(resolved)))
    resolved = _with_exclusion(_placed(resolved, topic), topic)
    if resolved == plain == question and (names(question) or len(words(question)) > _SHORT):
        leans = bool(_POINTS_BACK.search(question) or _unnamed(question))
    else:
        leans = bool(_POINTS_BACK.search(resolved) or _unnamed(resolved) or not _says_something(resolved))
    return f"{resolved} ({topic.exchange})" if leans else resolved


def _is_acted_on(question: str) -> bool:
    """Whether the question's "it" is what a verb acts on ("Who oversaw it?"), not what acts ("When was it built?")."""
    found = _THING.search(question)
    if not found or found.group().lower() == "its" or re.search(rf"\b(?:{AUXILIARY}) $", question[: found.start()]):
        return False
    return _OBJECT_HER.match(question[found.end() :]) is not None


def _says_something(question: str) -> bool:
    return bool(names(question)) or len(words(question)) > _SHORT


def _unnamed(question: str) -> bool:
    """Whether a pronoun was left for which nobody and nothing was found."""
    if _IMPERSONAL_IT.search(question):
        return False
    return any(
        not _has_antecedent(question, found)
        for found in re.finditer(rf"{_PERSON.pattern}|{_PEOPLE.pattern}|{_THING.pattern}", question, re.IGNORECASE)
    )


def _placed(question: str, topic: Topic) -> str:
    """The question with "there" at its end put as the place that was spoken of."""
    place = topic.place() if _THERE.search(question) else ""
    if not place:
        return question
    return _THERE.sub(place if re.match(r"(?:in|on|at|near|aboard) ", place) else f"in {place}", question)


def _persons_named(question: str, topic: Topic) -> str:
    found = _PERSON.search(question)
    if not found:
        return question
    acted_on = found.group().lower() in _OBJECT and not _has_antecedent(question, found)
    besides = " ".join(names(question[: found.start()])) if acted_on else ""  # "What did Ruiz say about him?"
    person = topic.person(Gender.MALE if found["he"] else Gender.FEMALE, besides)
    own = _OWN_BODY.search(question)
    if own and person and not names(question[: own.start()]) and (body := topic.body_of(person)):
        question = question[: own.start()] + body + question[own.end() :]  # "his country's" is "Norway's"
    return _named(_PERSON, question, person)


def _named(pronoun: re.Pattern[str], question: str, name: str) -> str:
    """`question` with the first such pronoun put as `name`; the later ones then read well as they are."""
    found = pronoun.search(question)
    if not found or not name or _has_antecedent(question, found):
        return question
    word = found.group().lower()
    owns = word in _POSSESSIVE or (word == "her" and not _OBJECT_HER.match(question[found.end() :]))
    put = _owned(name) if owns else name
    return _capital(question[: found.start()] + put + question[found.end() :])


def _has_antecedent(question: str, pronoun: re.Match[str]) -> bool:
    """Whether the question itself names, before the pronoun, what it stands for ("Did Ruiz say he would leave?").

    A pronoun that is an object does not mean the subject of its own clause, so "What did Ruiz say about her?" does not.
    """
    before = question[: pronoun.start()]
    word = pronoun.group().lower()
    if _names_its_own(word, before):
        return True
    if word in _OBJECT and not (word == "her" and not _OBJECT_HER.match(question[pronoun.end() :])):
        return False
    if word in {"it", "its"}:
        return bool(names(before)) and (
            word == "its" or bool(re.search(r" (?:said|say|that|if|whether|when|before|after) $", before))
        )
    return bool(names(before))


def _names_its_own(word: str, before: str) -> bool:
    """Whether a common noun of the same question is meant: "plants … their enemies", "a company … when it fails"."""
    if word in {"their", "theirs", "they"}:
        return bool(_SEVERAL_ACT.search(before))
    coupled = word in _POSSESSIVE | {"her"} and re.search(rf"\b{_ANY_ONE} and $", before)
    return bool(coupled or re.search(rf"\b(?:an?|every|each|any) \w+\b.* {_SUBORDINATED} $", before))


def _another(question: str, topic: Topic) -> str:
    """For “Who else?”: the last question again, without the answer that is known."""
    found = _ELSE.match(_CONNECTIVE.sub("", question))
    last = shape(carried(topic.last))
    if not found or last is None:
        return ""
    asking = last.asking or "Who"
    middle = " ".join(filter(None, [last.auxiliary, last.rest]))
    if not last.asking and last.auxiliary:
        return ""
    return _with_exclusion(f"{_capital(asking)} else {middle}?", topic)


def _with_exclusion(question: str, topic: Topic) -> str:
    """The question with the known answer named as the one that "else" leaves out."""
    known = topic.short
    asks_again = re.search(r"\b(?:else|other)\b", question) and "besides" not in question
    if not asks_again or not known or len(known.split()) > _LONGEST_EXCLUDED:
        return question
    last = shape(carried(topic.last))
    if last is None or last.asking.lower().split()[-1:] != words(question)[:1]:
        return question
    return f"{question.rstrip(' ?')}, besides {known}?"


def _more(question: str, topic: Topic) -> str:
    """For “Tell me more”: about what the last exchange was about."""
    if not _MORE.match(_CONNECTIVE.sub("", question)):
        return ""
    about = next(iter(topic.mentions), None)
    return f"Tell me more about {about.text if about else carried(topic.last).rstrip(' ?')}."


def _instead(question: str, topic: Topic) -> str:
    """For “What about Dunmore?”: the last question, asked of another person, place or time."""
    found = _ABOUT.match(question)
    new = (found["new"] or found["bare"] or "") if found else ""
    if not found or (found["bare"] and re.match(rf"(?:\w+ )?(?:{_WH}|{AUXILIARY})\b", new, re.IGNORECASE)):
        return ""
    last = carried(topic.last)
    if _PERSON.search(new) or _PEOPLE.search(new) or _THING.search(new):
        return ""
    if found["bare"] and len(words(new)) > 2 * _SHORT:
        return ""
    asked = last.rstrip(" ?.!")
    preposition = re.match(
        r"(of|in|on|at|for|with|from|by|to|after|before|during|under)((?: [a-z]+){0,2}) (?=[\w’'-])", new, re.IGNORECASE
    )
    if preposition:
        named = r"(?:the )?[A-Z0-9][\w’'-]*(?: [A-Z0-9][\w’'-]*)*"
        kind = rf"\b{preposition[1]}{re.escape(preposition[2])} {named}"  # "in group B" stands for "in group A"
        place = re.search(kind, asked) or re.search(rf"\b{preposition[1]} {named}", asked)
        return f"{asked[: place.start()]}{new}{asked[place.end() :]}?" if place else f"{asked} {new}?"
    old = _counterpart(new, asked, topic)
    if not old:
        return f"{_capital(question)} ({topic.exchange})"
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, asked, count=1) + "?"


def _counterpart(new: str, asked: str, topic: Topic) -> str:
    """The name in the last question in whose place `new` stands: the first of its kind, else the first."""
    there = [name for name in names(asked) if name != new]
    if not names(new) or not there:
        return ""
    person = topic.is_person(names(new)[0])
    return next((name for name in there if topic.is_person(name) == person), there[0])


def _completed(question: str, topic: Topic) -> str:
    """For “Why?”, “And on which day?”, “When was that?”: asked of what the last exchange told."""
    found = _ADJUNCT.match(_CONNECTIVE.sub("", question))
    if not found or names(found["asking"].split(" ", 1)[-1]):
        return ""
    told = _told(topic)
    return f"{_capital(found['asking'])} {told}?" if told else ""


def _said_so(question: str, topic: Topic) -> str:
    """For “In what setting did he say it?”, after a question that the speaker answered."""
    found = _SAID_SO.match(_CONNECTIVE.sub("", question))
    last = shape(carried(topic.last))
    if not found or not re.match(rf"(?:\w+ )?{_WH}\b", found["asking"], re.IGNORECASE):
        return ""
    if last is None or last.auxiliary or last.asking.lower() != "who" or not topic.short:
        return ""
    return f"{_capital(found['asking'])} {_told(topic)}?"


def _told(topic: Topic) -> str:
    """What the last exchange told, to stand after an asking word ("did Lind open the bridge"); "" when unclear."""
    asked, short = carried(topic.last), topic.short
    last = shape(asked)
    if last is None or re.match(r"not\b", last.rest, re.IGNORECASE):
        return ""
    if is_identifying(asked):
        told = last.auxiliary and short and not re.match(r"what\b", asked, re.IGNORECASE)
        return f"{last.auxiliary} {last.rest} {short}" if told else ""
    if not last.auxiliary:
        return f"was it that {short} {last.rest}" if short else ""
    if not last.asks_for_object:
        return f"{last.auxiliary} {last.rest}"
    return _filled(last, short)


def _filled(last: Shape, short: str) -> str:
    """The hole of a question about an object filled with its answer; without an answer, with "it" left out."""
    if not short:
        return ""
    if last.is_be:
        return f"{last.auxiliary} {short} {last.rest}"
    rest = re.sub(r" do$", "", last.rest) if set(stems(short)) - set(stems(last.rest)) else last.rest
    return f"{last.auxiliary} {rest} {short}"


def _owned(name: str) -> str:
    return f"{name}’" if name.endswith("s") and name[:1].islower() else f"{name}'s"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
