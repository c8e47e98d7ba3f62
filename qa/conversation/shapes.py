"""Takes a question apart: its asking words, its auxiliary, its subject; knows nothing of conversations."""

import re
from dataclasses import dataclass

from qa.wordlists import AUXILIARIES

AUXILIARY = rf"{AUXILIARIES}|isn't|aren't|didn't|doesn't"
_ASKING = re.compile(
    rf"^(?P<asking>(?!(?:{AUXILIARY})\b)(?:[\w'’.-]+ ){{1,6}}?)(?P<auxiliary>{AUXILIARY}) (?P<rest>.+)$", re.IGNORECASE
)
_YES_NO = re.compile(rf"^(?P<auxiliary>{AUXILIARY}) (?P<rest>.+)$", re.IGNORECASE)
_WH_SUBJECT = re.compile(r"^(?P<asking>who|what) (?P<rest>.+)$", re.IGNORECASE)
PARTICIPLE = re.compile(
    r"\w(?:ed|ing)$|^(?:built|made|sold|held|found|sent|shot|told|written|given|taken|seen|won|lost|paid|born|known"
    r"|shown|begun|cost|left|said|like)$"
)
_BE = frozenset({"is", "are", "was", "were"})
_WH = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_OBJECT = re.compile(r"^(?:who|whom|what|which(?: \w+){1,2}|what \w+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """A question in parts: "When did Lind open it?" is asking "When", auxiliary "did", rest "Lind open it".

    asking is "" for a yes/no question; auxiliary is "" when the asking words are the subject ("Who opened it?").
    """

    asking: str
    auxiliary: str
    rest: str

    @property
    def asks_for_object(self) -> bool:
        """Whether the answer is what the verb acts on, or the subject of a form of "be": a hole in the rest."""
        return bool(_OBJECT.match(self.asking)) and bool(self.auxiliary)

    @property
    def is_be(self) -> bool:
        """Whether the auxiliary is a form of "be"."""
        return self.auxiliary.lower() in _BE


def shape(question: str) -> Shape | None:
    """The question in parts, None when it has none of the plain forms."""
    bare = " ".join(question.split()).rstrip(" ?!.")
    if found := _YES_NO.match(bare):
        return Shape("", found["auxiliary"].lower(), found["rest"])
    if (found := _ASKING.match(bare)) and _WH.search(found["asking"]):
        if _WH_SUBJECT.match(bare) and len(found["asking"].split()) > 1:
            return Shape(bare.split()[0], "", bare.split(" ", 1)[1])  # "Who said that Lind would …"
        return Shape(found["asking"].strip(), found["auxiliary"], found["rest"])
    if found := _WH_SUBJECT.match(bare):
        return Shape(found["asking"], "", found["rest"])
    return None


def opening(question: str) -> str:
    """The first word, in lower case; "" when there is none."""
    found = re.match(r"\W*([^\W_]+)", question)
    return found[1].lower() if found else ""


def is_identifying(question: str) -> bool:
    """Whether someone or something is asked about itself: "Who is Anna Lind?", "What's the Hwasong?"."""
    found = re.match(r"\W*(?:who|what)(?:['’]s| (?:is|was|are|were)) (\S+)(?: \S+){0,3}\W*$", question, re.IGNORECASE)
    owned = re.search(r"\w['’]s? \w", found[0].split(" ", 1)[-1]) if found else None  # "Who is Lind's deputy?"
    return found is not None and not owned and not PARTICIPLE.search(found[1].rstrip("?"))


def subject_of(question: str) -> str:
    """What follows the auxiliary, where the subject stands first; "" when nothing does."""
    found = shape(question)
    return found.rest if found and found.auxiliary else ""


def carried(question: str) -> str:
    """The exchange that a question carries along in brackets, else the question itself: exchanges do not nest."""
    found = re.search(r"\(([^()]*)\)$", question)
    return found.group(1) if found else question
