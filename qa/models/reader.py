"""Turns a question and texts into scores for every token, with trained weights; decides no answer.

Long texts are read in overlapping windows, so that every token of a text gets a score.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelCorrupt
from qa.models.texts import encodable
from qa.models.weights import (
    MEND_READER,
    READER_FOLDER,
    READER_WEIGHTS,
    check_sha256,
    reader_files,
)

Logits: TypeAlias = NDArray[np.float32]

STRIDE = 64  # tokens that two neighbouring windows share, at most: twice the longest answer
BATCH = 8  # windows a run
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("start_logits", "end_logits", "answerable_logit")


@dataclass(frozen=True, slots=True)
class TokenScores:
    """What the weights make of one text; all are logits, higher is better.

    start, end: (t,) that an answer starts or ends (inclusive) with each of the text's t tokens.
    offsets: (t, 2) half-open character offsets of each token in the text.
    null_start, null_end: of the place that means "not here". answerable: that the text holds an answer.
    windows: in how many pieces the text was read.
    """

    start: Logits
    end: Logits
    offsets: NDArray[np.int64]
    null_start: float
    null_end: float
    answerable: float
    windows: int = 1


@dataclass(frozen=True, slots=True)
class _Window:
    """One run of the weights: a question and a part of a text. text: which one; first: its first token there."""

    text: int
    first: int
    encoding: Any


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

    def __init__(self, name: str, settings: Mapping[str, Any], session: Any, tokenizer: Any) -> None:  # noqa: ANN401
        self.name = name
        self.settings = settings
        self.max_tokens = int(settings["max_tokens"])
        self.max_answer_tokens = int(settings["max_answer_tokens"])
        fitted = settings.get("calibration", {"scale": 1 / float(settings["temperature"]), "bias": 0})
        self.calibration = Calibration(float(fitted["scale"]), float(fitted["bias"]))
        self.threshold = float(settings["threshold"])
        self._session = session
        self._tokenizer = tokenizer

    def score(self, question: str, texts: Sequence[str]) -> list[TokenScores]:
        """Scores of each text, in their order. A question of more than half the window is cut."""
        windows = list(self._windows(self._cut(encodable(question)), list(map(encodable, texts))))
        by_length = sorted(range(len(windows)), key=lambda place: len(windows[place].encoding.ids))
        scored: dict[int, _Scored] = {}
        for places in _batches(by_length, BATCH):
            runs = self._run([windows[place].encoding for place in places])
            scored.update(zip(places, runs, strict=True))
        pairs: list[list[tuple[_Window, _Scored]]] = [[] for _ in texts]
        for place, window in enumerate(windows):
            pairs[window.text].append((window, scored[place]))
        return [_merged(of_text) for of_text in pairs]

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

    def _run(self, encodings: Sequence[Any]) -> list[_Scored]:
        shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
        feed = {name: np.zeros(shape, dtype=np.int64) for name in INPUTS}
        for row, encoding in enumerate(encodings):
            length = len(encoding.ids)
            feed["input_ids"][row, :length] = encoding.ids
            feed["attention_mask"][row, :length] = encoding.attention_mask
            feed["token_type_ids"][row, :length] = encoding.type_ids
        starts, ends, answerables = self._session.run(list(OUTPUTS), feed)
        rows = zip(starts, ends, answerables, strict=True)
        return [_Scored(start, end, float(answerable)) for start, end, answerable in rows]


def load_reader_weights(folder: Path = READER_FOLDER) -> ReaderWeights:
    """The reader in a folder with reader.onnx, tokenizer.json and reader.json; it runs on one thread.

    Raises `ModelNotFound`, `ModelCorrupt`.
    """
    settings, files = reader_files(folder)
    for path, sha256 in files.items():
        check_sha256(path, sha256, MEND_READER)
    try:
        name = str(settings.get("name", f"reader@{files[folder / READER_WEIGHTS][:8]}"))
        session, tokenizer = _loaded(folder, int(settings["max_tokens"]))
        return ReaderWeights(name, settings, session, tokenizer)
    except (KeyError, ValueError, TypeError) as error:
        raise ModelCorrupt(f"{folder}: its description is incomplete ({error!r})", MEND_READER) from error


def _loaded(folder: Path, max_tokens: int) -> tuple[Any, Any]:
    try:
        return _session(folder / READER_WEIGHTS), _tokenizer(folder / "tokenizer.json", max_tokens)
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


def _session(path: Path) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1  # at question time one thread is the quickest beside a busy neighbour
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors only
    return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _merged(pairs: Sequence[tuple[_Window, _Scored]]) -> TokenScores:
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
    return TokenScores(start, end, offsets, null_start, null_end, answerable, len(pairs))


def _batches(items: Sequence[int], size: int) -> Iterator[list[int]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
