"""Turns a question and texts into scores for every token, with trained weights; decides no answer.

Long texts are read in overlapping windows, so that every token of a text gets a score. The weights come in two halves:
all texts go through the lower one, only the most promising through the upper one. Each window goes through them alone:
it costs no time, and int8 rounds by the range of what is in a run, so that in a batch a text's scores would change with
its neighbours.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelCorrupt
from qa.models.sessions import open_session
from qa.models.texts import encodable
from qa.models.weights import (
    MEND_READER,
    READER_FOLDER,
    READER_LOWER,
    READER_UPPER,
    check_sha256,
    reader_files,
)

Logits: TypeAlias = NDArray[np.float32]
Item = TypeVar("Item")
Made = TypeVar("Made")

STRIDE = 64  # tokens that two neighbouring windows share, at most: twice the longest answer
FIRST_HIT_LEAD = 2.0  # logits; half of it for the second hit, a third for the next
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
LOWER_OUTPUTS = ("state", "early_logit")
UPPER_OUTPUTS = ("start_logits", "end_logits", "answerable_logit")


@dataclass(frozen=True, slots=True)
class TokenScores:
    """What the weights make of one text; all are logits, higher is better.

    start, end: (t,) that an answer starts or ends (inclusive) with each of the text's t tokens.
    offsets: (t, 2) half-open character offsets of each token in the text.
    null_start, null_end: of the place that means "not here". answerable: that the text holds an answer.
    early: the same, half way up. A text that was not read to the end has no start, end and offsets (t = 0), and its
    `answerable` is `early`. windows: in how many pieces the text was read.
    """

    start: Logits
    end: Logits
    offsets: NDArray[np.int64]
    null_start: float
    null_end: float
    answerable: float
    early: float
    windows: int = 1


@dataclass(frozen=True, slots=True)
class _Window:
    """One run of the weights: a question and a part of a text. text: which one; first: its first token there."""

    text: int
    first: int
    encoding: Any


@dataclass(frozen=True, slots=True)
class _Half:
    """One window half way up: what was fed, the hidden states (1, t, d), and the early logit."""

    feed: Mapping[str, NDArray[np.int64]]
    state: Logits
    early: float


@dataclass(frozen=True, slots=True)
class _Scored:
    """Logits over one window's whole sequence, and its answerable logit."""

    start: Logits
    end: Logits
    answerable: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(an answer is right) = sigmoid(scale · z + bias), z its margin over the null plus the answerable logit."""

    scale: float
    bias: float


class ReaderWeights:
    """A trained reader, ready to score. settings: its reader.json. Threads may share it."""

    def __init__(
        self,
        name: str,
        settings: Mapping[str, Any],
        halves: tuple[Any, Any],
        tokenizer: Any,  # noqa: ANN401 - tokenizers types nothing
        threads: int = 1,
    ) -> None:
        self.name = name
        self.settings = settings
        self.max_tokens = int(settings["max_tokens"])
        self.max_answer_tokens = int(settings["max_answer_tokens"])
        fitted = settings["calibration"]
        self.calibration = Calibration(float(fitted["scale"]), float(fitted["bias"]))
        self.threshold = float(settings["threshold"])
        self.read_on = int(settings["read_on"])
        self.read_within = float(settings["read_within"])
        self._lower, self._upper = halves
        self._tokenizer = tokenizer
        self._workers = ThreadPoolExecutor(threads) if threads > 1 else None

    def score(self, question: str, texts: Sequence[str], *, to_the_end: bool = False) -> list[TokenScores]:
        """Scores of each text, in their order, the best hit first. A question of more than half the window is cut.

        Read to the end are at most `read_on` texts, those that look best half way up and no more than `read_within`
        logits worse than the best, or all of them `to_the_end`. The first hits have a lead: what found them saw other
        things than the weights do.
        """
        windows = list(self._windows(self._cut(encodable(question)), list(map(encodable, texts))))
        halves = self._each(self._half, windows)
        of_texts = _of_texts(windows, len(texts))
        early = [max(halves[place].early for place in places) for places in of_texts]
        chosen = range(len(texts)) if to_the_end else self._promising(early)
        read = [place for text in chosen for place in of_texts[text]]
        scored = dict(zip(read, self._each(self._rest, [halves[place] for place in read]), strict=True))
        return [
            _merged([(windows[place], scored[place]) for place in places], early[text])
            if text in chosen
            else _unread(early[text], len(places))
            for text, places in enumerate(of_texts)
        ]

    def feed(self, question: str, texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """The inputs of the weights, (n, t) each, for texts that fit their window, as one batch."""
        return _feed([window.encoding for window in self._windows(question, texts)])

    def _promising(self, early: Sequence[float]) -> list[int]:
        """Which texts are read to the end, by their early logits."""
        promise = [logit + FIRST_HIT_LEAD / (1 + place) for place, logit in enumerate(early)]
        least = max(promise, default=0.0) - self.read_within
        best = sorted(range(len(early)), key=lambda text: -promise[text])[: self.read_on]
        return [text for text in best if promise[text] >= least]

    def _cut(self, question: str) -> str:
        encoding = self._tokenizer.encode("", question)  # as the second of a pair, which may be cut
        places = np.asarray(encoding.offsets)[[sequence == 1 for sequence in encoding.sequence_ids]]
        room = self.max_tokens // 2
        return question if len(places) <= room else question[: places[room - 1][1]].rsplit(maxsplit=1)[0]

    def _windows(self, question: str, texts: Sequence[str]) -> Iterator[_Window]:
        for number, encoding in enumerate(self._tokenizer.encode_batch([(question, text) for text in texts])):
            first = 0
            for window in (encoding, *encoding.overflowing):
                yield _Window(number, first, window)
                first += window.sequence_ids.count(1) - _stride(self.max_tokens)

    def _each(self, run: Callable[[Item], Made], items: Sequence[Item]) -> list[Made]:
        return list(map(run, items) if self._workers is None else self._workers.map(run, items))

    def _half(self, window: _Window) -> _Half:
        feed = _feed([window.encoding])
        state, early = self._lower.run(list(LOWER_OUTPUTS), feed)
        return _Half(feed, state, float(early[0]))

    def _rest(self, half: _Half) -> _Scored:
        start, end, answerable = self._upper.run(list(UPPER_OUTPUTS), {**half.feed, "state": half.state})
        return _Scored(start[0], end[0], float(answerable[0]))


def load_reader_weights(folder: Path = READER_FOLDER, threads: int = 1) -> ReaderWeights:
    """The reader in a folder with its two halves, tokenizer.json and reader.json.

    threads: how many windows are read at a time; at question time one is the quickest beside a busy neighbour.

    Raises `ModelNotFound`, `ModelCorrupt`.
    """
    settings, files = reader_files(folder)
    for path, sha256 in files.items():
        check_sha256(path, sha256, MEND_READER)
    try:
        name = str(settings.get("name", f"reader@{files[folder / READER_LOWER][:8]}"))
        halves, tokenizer = _loaded(folder, int(settings["max_tokens"]))
        return ReaderWeights(name, settings, halves, tokenizer, threads)
    except (KeyError, ValueError, TypeError) as error:
        raise ModelCorrupt(f"{folder}: its description is incomplete ({error!r})", MEND_READER) from error


def _loaded(folder: Path, max_tokens: int) -> tuple[tuple[Any, Any], Any]:
    try:
        halves = (open_session(folder / READER_LOWER), open_session(folder / READER_UPPER))
        return halves, _tokenizer(folder / "tokenizer.json", max_tokens)
    except Exception as error:  # onnxruntime's share no class of their own, tokenizers raises Exception itself
        raise ModelCorrupt(f"{folder}: its files cannot be loaded ({error})", MEND_READER) from error


def _tokenizer(path: Path, max_tokens: int) -> Any:  # noqa: ANN401 - tokenizers types nothing
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.encode_special_tokens = True  # a "[SEP]" that stands in a document is text, not the end of it
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens, stride=_stride(max_tokens), strategy="only_second")
    return tokenizer


def _stride(max_tokens: int) -> int:
    return min(STRIDE, max_tokens // 4)  # a question takes up to half of a window


def _feed(encodings: Sequence[Any]) -> dict[str, NDArray[np.int64]]:
    """The three inputs, (n, t) each, padded to the longest."""
    shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
    feed = {name: np.zeros(shape, dtype=np.int64) for name in INPUTS}
    for row, encoding in enumerate(encodings):
        length = len(encoding.ids)
        feed["input_ids"][row, :length] = encoding.ids
        feed["attention_mask"][row, :length] = encoding.attention_mask
        feed["token_type_ids"][row, :length] = encoding.type_ids
    return feed


def _of_texts(windows: Sequence[_Window], count: int) -> list[list[int]]:
    """The places of each text's windows."""
    places: list[list[int]] = [[] for _ in range(count)]
    for place, window in enumerate(windows):
        places[window.text].append(place)
    return places


def _unread(early: float, windows: int) -> TokenScores:
    """The scores of a text that looked unpromising half way up."""
    none = np.empty(0, dtype=np.float32)
    return TokenScores(none, none, np.empty((0, 2), dtype=np.int64), 0.0, 0.0, early, early, windows)


def _merged(pairs: Sequence[tuple[_Window, _Scored]], early: float) -> TokenScores:
    """The scores of one text. Where windows overlap, a token takes those of the window it stands deeper in.

    "Not here" takes the window in which it scores lowest, as SQuAD 2.0's evaluation does; answerable the highest.
    """
    nulls = [(float(scored.start[0]), float(scored.end[0])) for _, scored in pairs]
    null_start, null_end = min(nulls, key=sum)
    count = max(window.first + window.encoding.sequence_ids.count(1) for window, _ in pairs)
    start, end = np.empty(count, dtype=np.float32), np.empty(count, dtype=np.float32)
    offsets, depths = np.empty((count, 2), dtype=np.int64), np.full(count, -1)
    for window, scored in pairs:
        own = np.flatnonzero([sequence == 1 for sequence in window.encoding.sequence_ids])
        depth = np.minimum(np.arange(own.size), np.arange(own.size)[::-1])
        deeper = depth > depths[window.first : window.first + own.size]
        target, source = window.first + np.flatnonzero(deeper), own[deeper]
        depths[target] = depth[deeper]
        start[target], end[target] = scored.start[source], scored.end[source]
        offsets[target] = np.asarray(window.encoding.offsets)[source]
    answerable = max(scored.answerable for _, scored in pairs)
    return TokenScores(start, end, offsets, null_start, null_end, answerable, early, len(pairs))
