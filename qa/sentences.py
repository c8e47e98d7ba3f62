"""Finds the sentences of a text as exact spans; knows nothing of documents or passages.

The boundaries are those of Punkt (Kiss and Strunk 2006, "Unsupervised Multilingual Sentence Boundary
Detection") with the English parameters that LlamaIndex carries, so that nothing is downloaded. LlamaIndex's
own `PunktSentenceTokenizer()` runs without them and ends a sentence at every "Mr.". What Punkt still gets
wrong in news text is mended here: curly quotes, initials, acronyms before names, attributions after "?".
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Protocol

from qa.types import Span

_WRAPPED_LINE = 120  # no text is hard-wrapped wider: next to a longer line, a newline ends a paragraph

_WINDOW = 10_000  # characters

_STRAIGHT = str.maketrans("‘’‚‛“”„‟«»", '\'\'\'\'""""""')  # one character for one: offsets hold

_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+\S|[ \t]*$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•‣◦]\s|\d{1,3}[.)]\s|\|)")

_OPEN = "\"'‘“«(\\["
_CLOSE = "\"'’”»)\\]"
# words that open a sentence and hardly ever continue a name: after "the U.S." they tell an end from a name
_STARTERS = (
    "A|After|Although|An|And|As|Asked|At|Because|Before|But|By|For|From|Had|Has|He|Her|Here|His|How|However|I"
    "|If|In|It|Its|My|Not|On|Or|Our|She|Since|So|That|The|Their|Then|There|These|They|This|Those|To|Under"
    "|Until|We|What|When|Where|While|Who|Why|With|You|Your"
)
_STARTER = re.compile(rf"[{_OPEN}]*(?:{_STARTERS})\b")
_ACRONYM = re.compile(r"\b(?:[A-Za-z]\.){2,}$")
_INITIAL = re.compile(r"(?:^|[\s(‘“\"'.])[A-Z]\.$")
_NEVER_LAST = re.compile(
    r"\b(?:Adm|Amb|Brig|Capt|Cmdr|Col|Cpl|Dr|Fr|Gen|Gov|Hon|Lt|Maj|Messrs|Mlle|Mme|Mr|Mrs|Ms|Pres|Prof|Pvt"
    r"|Rep|Reps|Rev|Sen|Sens|Sgt|St|Supt|approx|cf|e\.g|i\.e|vs|v)\.$"
)
_BEFORE_NUMBER = re.compile(r"\b(?:No|Nos|Nr|Fig|Figs|Art|Sec|Vol|Ch|Eq|Par|p|pp)\.$", re.IGNORECASE)
_RUNS_ON = re.compile(rf"[{_OPEN}]*[a-zß-öø-ÿ]|[^\w{_OPEN}]*$|[{_CLOSE}.,;:!?…]+(?:\s|$)|(?:\[\d{{1,3}}\])+(?:\s|$)")
_ATTRIBUTION = re.compile(r"(?:[A-Z][\w’'.-]* ){1,3}(?:added|asked|replied|said|says|shouted|told|tweeted|wrote)\b")
_EXCLAIMED = re.compile(r"[?!][\"'’”]$")
_GAP = re.compile(r"\s+")
_ENDED = re.compile(rf"[.!?][{_CLOSE}]*\s+(?=\S|$)")
# ends that Punkt has no notion of: an acronym before a starter, a footnote mark, the full stops of Chinese
_FURTHER_END = re.compile(
    rf"(?<![\w.])(?:[A-Za-z]\.){{2,9}}[{_CLOSE}]*\s+(?=[{_OPEN}]*(?:{_STARTERS})\b)"
    rf"|[.!?][{_CLOSE}]*(?:\[\d{{1,3}}\])+\s+(?=[{_OPEN}]*[A-Z])"
    r"|[。！？][」』”’）]*\s*(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item, a table row or a heading; span: without white space around it."""

    span: Span
    is_heading: bool


class _Tokenizer(Protocol):
    def span_tokenize(self, text: str) -> Iterator[tuple[int, int]]: ...


def sentences(text: str, within: Span | None = None) -> tuple[Span, ...]:
    """The sentences of `text`, or of its part `within`, in order, without white space around them.

    A heading, a paragraph, a list item and a table row each end a sentence. Every character but white space
    lies in exactly one sentence.
    """
    return tuple(sentence for block in blocks(text, within) for sentence in divide(text, block.span))


def blocks(text: str, within: Span | None = None) -> Iterator[Block]:
    """The blocks of `text`, or of its part `within`, in order: every character but white space is in one."""
    start, end = (within.start, within.end) if within else (0, len(text))
    block = _OpenBlock()
    fenced = False
    for line in text[start:end].splitlines(keepends=True):
        content = line.strip()
        begin = start + line.find(content)
        fence = bool(_FENCE.match(line))
        heading = not fenced and bool(_HEADING.match(line))
        if not fenced and block.lines == 1 and _UNDERLINE.match(line):
            yield Block(Span(block.start, begin + len(content)), is_heading=True)
            block = _OpenBlock()
        else:
            apart = not content or heading or fence or (not fenced and bool(_ITEM.match(line)))
            if block.lines and (apart or max(block.width, len(line)) > _WRAPPED_LINE):
                yield block.closed()
                block = _OpenBlock()
            if heading:
                yield Block(Span(begin, begin + len(content)), is_heading=True)
            elif content:
                block.take(begin, begin + len(content), len(line))
        fenced ^= fence
        start += len(line)
    if block.lines:
        yield block.closed()


@dataclass(slots=True)
class _OpenBlock:
    """A block while its lines are read; width: characters of its last line."""

    start: int = 0
    end: int = 0
    lines: int = 0
    width: int = 0

    def take(self, start: int, end: int, width: int) -> None:
        self.start = self.start if self.lines else start
        self.end, self.width = end, width
        self.lines += 1

    def closed(self) -> Block:
        return Block(Span(self.start, self.end), is_heading=False)


def heading_words(line: str) -> str:
    """The words of a Markdown heading's first line, without the marks around them; 200 characters at most."""
    words = line.strip().lstrip("#").strip()
    unmarked = words.rstrip("#")
    closed = unmarked != words and unmarked[-1:] in ("", " ", "\t")  # "# On C#" is not closed
    return " ".join((unmarked if closed else words).split())[:200]


def divide(text: str, span: Span) -> Iterator[Span]:
    """The sentences of one block, in order."""
    block = span.within(text)
    start = 0
    for end in (*_boundaries(block), len(block)):
        sentence = block[start:end].rstrip()
        if sentence:
            yield Span(span.start + start, span.start + start + len(sentence))
        start = end


def _boundaries(block: str) -> list[int]:
    """The offsets at which a new sentence begins, the block's own start left out."""
    starts = {end.end() for end in _FURTHER_END.finditer(block)}
    for window in _windows(block):
        straight = window.within(block).translate(_STRAIGHT)
        found = [window.start + start for start, _ in _punkt().span_tokenize(straight)]
        starts.update(found if _ENDED.search(block, max(0, window.start - 9), window.start) else found[1:])
    return [start for start in sorted(starts) if start and not _belong_together(block, start)]


def _windows(block: str) -> Iterator[Span]:
    """A block in parts that Punkt reads at once, from white space to white space, after a sentence if it can.

    NLTK stops with an error when a text keeps it busy for 5 s: a megabyte without a line break does.
    """
    start = 0
    while len(block) - start > _WINDOW:
        half, end = start + _WINDOW // 2, start + _WINDOW
        gaps = [*_ENDED.finditer(block, half, end)] or [*_GAP.finditer(block, half, end)]
        end = gaps[-1].end() if gaps else end
        yield Span(start, end)
        start = end
    if start < len(block):
        yield Span(start, len(block))


def _belong_together(block: str, start: int) -> bool:
    """Whether what begins at `start` continues the sentence before it."""
    before = block[max(0, start - 40) : start].rstrip()  # 40 and 80 characters hold the longest pattern
    after = block[start : start + 80]
    if _RUNS_ON.match(after) or _NEVER_LAST.search(before):
        return True
    if _ACRONYM.search(before) or _INITIAL.search(before):
        return not _STARTER.match(after)
    if _BEFORE_NUMBER.search(before):
        return after[0].isdigit()
    return bool(_EXCLAIMED.search(before) and _ATTRIBUTION.match(after))


@lru_cache(maxsize=1)
def _punkt() -> _Tokenizer:
    """Punkt with the parameters in LlamaIndex's package, which is located without being imported (0.8 s)."""
    package = find_spec("llama_index.core")
    assert package, "llama-index-core is a dependency"
    folder = str(Path(package.origin or "").parent / "_static" / "nltk_cache")
    with _uninitialised("nltk"):
        import nltk.data
        from nltk.tokenize.punkt import PunktTokenizer

        if folder not in nltk.data.path:
            nltk.data.path.append(folder)
        tokenizer: _Tokenizer = PunktTokenizer("english")
    return tokenizer


@contextmanager
def _uninitialised(package: str) -> Iterator[None]:
    """Imports of the package's modules do not run its own `__init__` in here, and are forgotten afterwards.

    nltk's imports scikit-learn, scipy and pandas for what nobody here uses: 1.5 of the 3 seconds of a first answer.
    """
    found = find_spec(package)
    if package in sys.modules or found is None:
        yield
        return
    bare = ModuleType(package)
    bare.__path__ = list(found.submodule_search_locations or ())
    sys.modules[package] = bare
    try:
        yield
    finally:
        for name in [each for each in sys.modules if each == package or each.startswith(f"{package}.")]:
            del sys.modules[name]
