"""Turns question rows into training examples and token batches; knows nothing of models."""

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from qa.evaluation.sets import read_rows

Span = tuple[int, int]  # half-open, in characters or in tokens as the name beside it says

# Share of each source's answerable questions drawn in one epoch: few rows fit into the time there
# is, so those nearest to readers' questions come first. A source not named is never read (UnAnsQ
# and what was joined through it state no licence).
SHARES: dict[str, float] = {
    "squad_v2.0_train_first10": 1.0,
    "squad_v1.1_train_du_split": 1.0,
    "squad_v1.1_dev_13_extra_articles": 1.0,
    "squadshifts_new_wiki": 1.0,
    "squadshifts_reddit": 0.15,
    "squadshifts_amazon_reviews": 0.15,
    "qamr_wikinews_sentences": 0.3,
    "qamr_wikipedia_sentences": 0.1,
    "fairytaleqa_train_explicit": 0.2,
    "timeqa_human_train": 0.2,
}
# Share of all examples; the rest is answerable. "real" are the few written by people.
NEGATIVE_SHARES: dict[str, float] = {
    "window": 0.06,  # the same paragraph, cropped where the answer is not
    "mined": 0.11,  # a paragraph BM25 ranks high for the question
    "article": 0.06,  # the closest other paragraph of the article, from the negatives file
    "swapped": 0.04,  # the question with a name or year exchanged
}
MINED_DEPTH = 6  # a mined negative is drawn from this many best ranked paragraphs
WORDS = (45, 140, 65)  # least, most and likeliest words of a cropped passage
LONGEST_SEGMENT = 60  # words; a longer sentence is cut so that windows stay near their target
HELD_OUT_IN = 40  # one article in so many is held out for the quick score


@dataclass(frozen=True, slots=True)
class Row:
    """One question on one paragraph; `spans` are character offsets, empty without answer."""

    id: str
    title: str
    source: str
    question: str
    passage: str
    spans: tuple[Span, ...]
    answers: tuple[str, ...] = ()  # texts a negative must not hold


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of `[CLS] question [SEP] passage [SEP]`; `spans` are inclusive token pairs."""

    ids: list[int]
    types: list[int]
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded arrays, (n, t) int64; `starts`, `ends` (n, k) with -1 for "no more spans"."""

    ids: np.ndarray
    mask: np.ndarray
    types: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        """The number of examples."""
        return int(self.ids.shape[0])

    def split(self, parts: int) -> list["Batch"]:
        """At most `parts` batches of nearly equal size, each cut to its own longest sequence."""
        pieces = []
        for rows in np.array_split(np.arange(len(self)), min(parts, len(self))):
            longest = int(self.mask[rows].sum(axis=1).max())
            ids, mask, types = (a[rows, :longest] for a in (self.ids, self.mask, self.types))
            pieces.append(Batch(ids, mask, types, self.starts[rows], self.ends[rows]))
        return pieces


@dataclass(frozen=True, slots=True)
class Corpus:
    """All rows that may be drawn: answerable, each kind of negative, and the held-out ones."""

    answerable: tuple[Row, ...]
    negatives: dict[str, tuple[Row, ...]]
    held_out: tuple[Row, ...]
    sentences: tuple[str, ...]  # one-sentence paragraphs, joined to each other as distractors


def is_held_out(title: str) -> bool:
    """Whether the article is kept out of training for the quick score; stable across runs."""
    return bool(title) and int(hashlib.sha1(title.encode()).hexdigest(), 16) % HELD_OUT_IN == 0


def holds_answer(passage: str, answers: Sequence[str]) -> bool:
    """Whether any accepted answer stands in the passage, letter case aside."""
    lowered = passage.lower()
    return any(a.lower().strip(" .,\"'") in lowered for a in answers if a.strip(" .,\"'"))


def segments(text: str) -> list[Span]:
    """Sentence-like pieces that together cover the text, none over `LONGEST_SEGMENT` words."""
    cuts = [0, *(m.end() for m in re.finditer(r"[.!?][\"'”’)\]]*\s+", text))]
    if cuts[-1] != len(text):
        cuts.append(len(text))
    pieces: list[Span] = []
    for start, end in pairwise(cuts):
        words = [start + m.start() for m in re.finditer(r"\S+", text[start:end])]
        inner = [start, *words[LONGEST_SEGMENT::LONGEST_SEGMENT], end]
        pieces.extend(pairwise(inner))
    return pieces


def window(text: str, keep: Span | None, words: int, rng: random.Random) -> Span:
    """Character span of about `words` words made of whole segments, holding `keep` if given."""
    pieces = segments(text)
    counts = [len(text[a:b].split()) for a, b in pieces]
    if keep is None:
        first = last = rng.randrange(len(pieces))
    else:
        inside = [i for i, (a, b) in enumerate(pieces) if a < keep[1] and b > keep[0]]
        first, last = inside[0], inside[-1]
    total = sum(counts[first : last + 1])
    while total < words and (first > 0 or last + 1 < len(pieces)):
        if last + 1 == len(pieces) or (first > 0 and rng.random() < 0.5):
            first -= 1
            total += counts[first]
        else:
            last += 1
            total += counts[last]
    start, end = pieces[first][0], pieces[last][1]
    return start, start + len(text[start:end].rstrip())


def crop(row: Row, words: int, rng: random.Random) -> Row:
    """The row on a window of its passage; spans outside the window are dropped, offsets move."""
    keep = rng.choice(row.spans) if row.spans else None
    start, end = window(row.passage, keep, words, rng)
    spans = tuple((a - start, b - start) for a, b in row.spans if a >= start and b <= end)
    return replace(row, passage=row.passage[start:end], spans=spans)


def crop_away(row: Row, words: int, rng: random.Random) -> Row | None:
    """The row on a window of its own passage that holds no accepted answer, or None."""
    free = [(a, b) for a, b in segments(row.passage) if not holds_answer(row.passage[a:b], row.answers)]
    runs: list[Span] = []
    for a, b in free:
        if runs and runs[-1][1] == a:
            runs[-1] = (runs[-1][0], b)
        else:
            runs.append((a, b))
    runs = [(a, b) for a, b in runs if len(row.passage[a:b].split()) >= 20]
    if not runs:
        return None
    a, b = rng.choice(runs)
    cut = crop(replace(row, passage=row.passage[a:b].rstrip(), spans=()), words, rng)
    return None if holds_answer(cut.passage, row.answers) else cut


def join_sentences(row: Row, others: Sequence[str], rng: random.Random) -> Row:
    """A one-sentence row among one to three other sentences at a random place."""
    picked = [rng.choice(others) for _ in range(rng.randint(1, 3))]
    picked = [s for s in picked if not holds_answer(s, row.answers)]
    before = "".join(s.strip() + " " for s in picked[: rng.randint(0, len(picked))])
    after = "".join(" " + s.strip() for s in picked if s.strip() + " " not in before)
    spans = tuple((a + len(before), b + len(before)) for a, b in row.spans)
    return replace(row, passage=before + row.passage + after, spans=spans)


def curl_quotes(text: str) -> str:
    """Straight quotes as typographic ones, one character for one, so that offsets hold."""
    text = re.sub(r"(?<![\w])'(?=\w)", "‘", text).replace("'", "’")
    return re.sub(r'(?<![\w.,!?])"(?=\w)', "“", text).replace('"', "”")


def mistype(text: str, rng: random.Random) -> str:
    """The text with one slip inside a word of five letters or more: swap, drop or double."""
    words = [m.span() for m in re.finditer(r"[A-Za-z]{5,}", text)]
    if not words:
        return text
    start, end = rng.choice(words)
    at = rng.randrange(start + 1, end - 1)
    slip = rng.choice((text[at + 1] + text[at], text[at + 1], text[at] * 2 + text[at + 1]))
    return text[:at] + slip + text[at + 2 :]


def augment(row: Row, rng: random.Random) -> Row:
    """Cheap variety: the question's case, mark, quotes and a slip; the passage keeps length."""
    question, passage = row.question, row.passage
    if rng.random() < 0.15:
        question = question.lower()
    if rng.random() < 0.15:
        question = question.rstrip("? ")
    if rng.random() < 0.05:
        question = mistype(question, rng)
    if rng.random() < 0.25:
        passage = curl_quotes(passage)
    if rng.random() < 0.15:
        question = curl_quotes(question)
    return replace(row, question=question, passage=passage)


NAMED = re.compile(r"\b(?:1[0-9]|20)\d\d\b|(?<=[a-z,] )[A-Z][\w-]+(?: (?:of |the )?[A-Z][\w-]+)*")


def swap_name(row: Row, names: Sequence[str], rng: random.Random) -> Row | None:
    """The question with one year or name exchanged for one its passage does not hold, or None."""
    found = list(NAMED.finditer(row.question))
    if not found:
        return None
    hit = rng.choice(found)
    old = hit.group()
    if old.isdigit():
        new = str(int(old) + rng.choice((-20, -10, -3, -1, 1, 2, 5, 10, 30)))
    else:
        tries = [rng.choice(names) for _ in range(8)] if names else []
        fitting = [n for n in tries if not n.isdigit() and n.lower() not in row.passage.lower()]
        if not fitting:
            return None
        new = fitting[0]
    if new in row.passage or old.lower() not in row.passage.lower():
        return None
    question = row.question[: hit.start()] + new + row.question[hit.end() :]
    return replace(row, id=row.id + "#swap", question=question, spans=())


def load_rows(data: Path) -> list[Row]:
    """The licensed rows of `reader_train`, with their paragraphs."""
    contexts = {c["context_id"]: c["text"] for c in read_rows(data / "reader_train_contexts.jsonl.gz")}
    rows = []
    for raw in read_rows(data / "reader_train.jsonl.gz"):
        if raw["source"] not in SHARES:
            continue
        answers = raw["answers"]
        spans = tuple(sorted({(a["start"], a["start"] + len(a["text"])) for a in answers}))
        rows.append(
            Row(
                id=raw["id"],
                title=raw["title"],
                source=raw["source"],
                question=raw["question"].strip(),
                passage=contexts[raw["context_id"]],
                spans=spans,
                answers=tuple(a["text"] for a in answers),
            )
        )
    return rows


def mine_negatives(rows: Sequence[Row], depth: int = MINED_DEPTH) -> Iterator[Row]:
    """For each row, up to `depth` rows on the paragraphs BM25 ranks best that hold no answer."""
    from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]

    passages = sorted({row.passage for row in rows})
    counter = CountVectorizer(stop_words="english", dtype=np.float32)
    counts = counter.fit_transform(passages).tocsr()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    present = np.asarray((counts > 0).sum(axis=0)).ravel()
    rarity = np.log(1 + (len(passages) - present + 0.5) / (present + 0.5))
    saturation = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
    weights = counts.copy()
    of_row = np.repeat(np.arange(len(passages)), np.diff(counts.indptr))
    weights.data = counts.data * 2.2 / (counts.data + saturation[of_row])
    weights.data *= rarity[counts.indices]
    turned = weights.T.tocsr()
    for begin in range(0, len(rows), 512):
        part = rows[begin : begin + 512]
        questions = counter.transform([row.question for row in part])
        questions.data[:] = 1.0
        scores = (questions @ turned).toarray()
        best = np.argpartition(-scores, depth + 6, axis=1)[:, : depth + 6]
        for row, order, line in zip(part, best, scores, strict=True):
            fitting = [
                passages[i]
                for i in sorted(order, key=lambda i: (-line[i], i))
                if line[i] > 0 and passages[i] != row.passage and not holds_answer(passages[i], row.answers)
            ]
            for rank, passage in enumerate(fitting[:depth]):
                yield replace(row, id=f"{row.id}#mined{rank}", passage=passage, spans=())


def load_corpus(data: Path, seed: int) -> Corpus:
    """Reads, mines and splits everything once; the same seed gives the same corpus."""
    rng = random.Random(seed)
    rows = load_rows(data)
    by_id = {row.id: row for row in rows}
    contexts = {c["context_id"]: c["text"] for c in read_rows(data / "reader_train_contexts.jsonl.gz")}
    article = []
    for raw in read_rows(data / "reader_train_auto_negatives.jsonl.gz"):
        row = by_id.get(raw["id"].split("#")[0])
        passage = contexts[raw["context_id"]]
        if row is not None and not holds_answer(passage, row.answers):
            article.append(replace(row, id=raw["id"], passage=passage, spans=()))
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row.title, []).extend(NAMED.findall(row.question))
    answered = [row for row in rows if row.spans]
    # Questions on one sentence, story, comment or review lean on their passage ("What did they
    # like?") and another passage may well answer them: negatives across passages come from
    # encyclopaedic questions only.
    asking = [r for r in answered if r.source.startswith("squad") and r.title]
    asking_wiki = [r for r in asking if not re.search("reddit|amazon", r.source)]
    mined = list(mine_negatives(asking_wiki))
    article = [r for r in article if not re.search("reddit|amazon", r.source)]
    swapped = []
    for row in asking_wiki:
        new = swap_name(row, names[row.title], rng)
        if new is not None:
            swapped.append(new)
    negatives = {
        "real": [row for row in rows if not row.spans],
        "window": [r for r in asking if len(r.passage.split()) > 60],
        "mined": mined,
        "article": article,
        "swapped": swapped,
    }
    plain = [r for r in asking_wiki if is_held_out(r.title)]
    apart = [r for r in mined if is_held_out(r.title)]
    held_out = rng.sample(plain, min(150, len(plain))) + rng.sample(apart, min(50, len(apart)))
    return Corpus(
        answerable=tuple(r for r in answered if not is_held_out(r.title)),
        negatives={kind: tuple(r for r in kept if not is_held_out(r.title)) for kind, kept in negatives.items()},
        held_out=tuple(held_out),
        sentences=tuple(sorted({r.passage for r in answered if r.source.startswith("qamr")})),
    )


def epoch_plan(corpus: Corpus, seed: int, epoch: int) -> list[tuple[str, Row]]:
    """The shuffled (kind, row) pairs of one epoch; kind is "answerable" or one of negatives."""
    rng = random.Random(f"{seed}/{epoch}")
    by_source: dict[str, list[Row]] = {}
    for row in corpus.answerable:
        by_source.setdefault(row.source, []).append(row)
    plan: list[tuple[str, Row]] = []
    for source, rows in sorted(by_source.items()):
        picked = rng.sample(rows, round(len(rows) * SHARES[source]))
        plan.extend(("answerable", row) for row in picked)
    whole = len(plan) / (1 - sum(NEGATIVE_SHARES.values()))
    plan.extend(("real", row) for row in corpus.negatives.get("real", ()))
    for kind, share in sorted(NEGATIVE_SHARES.items()):
        rows = list(corpus.negatives.get(kind, ()))
        plan.extend((kind, row) for row in rng.sample(rows, min(len(rows), round(whole * share))))
    rng.shuffle(plan)
    return plan


def make_example(kind: str, row: Row, sentences: Sequence[str], rng: random.Random) -> Row | None:
    """One augmented, cropped example, or None where the kind cannot be made from the row."""
    words = round(rng.triangular(*WORDS))
    if kind == "window":
        cut = crop_away(row, words, rng)
        if cut is None:
            return None
    elif row.source.startswith("qamr") and sentences and rng.random() < 0.6:
        cut = join_sentences(row, sentences, rng)
    else:
        cut = crop(row, words, rng)
    return augment(cut, rng)


def load_tokenizer(path: Path, max_tokens: int) -> Tokenizer:
    """The encoder's tokenizer, cutting the passage only; a written "[SEP]" stays plain text."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens, strategy="only_second")
    tokenizer.encode_special_tokens = True
    return tokenizer


def encode(row: Row, tokenizer: Tokenizer) -> Encoded | None:
    """Tokens and labels; None when truncation has cut every answer of an answerable row."""
    coded = tokenizer.encode(row.question, row.passage)
    offsets, sequences = coded.offsets, coded.sequence_ids
    inside = [i for i, s in enumerate(sequences) if s == 1]
    spans: list[Span] = []
    for start, end in row.spans:
        held = [i for i in inside if offsets[i][0] < end and offsets[i][1] > start]
        if held and offsets[held[-1]][1] >= end:
            spans.append((held[0], held[-1]))
    if row.spans and not spans:
        return None
    return Encoded(coded.ids, coded.type_ids, sorted(set(spans)))


def collate(examples: Sequence[Encoded]) -> Batch:
    """Pads examples to one length; an unanswerable one has the single span (0, 0), the CLS."""
    longest = max(len(e.ids) for e in examples)
    most = max(1, max(len(e.spans) for e in examples))
    shape, labels = (len(examples), longest), (len(examples), most)
    ids, mask, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    starts, ends = (np.full(labels, -1, dtype=np.int64) for _ in range(2))
    for i, example in enumerate(examples):
        size = len(example.ids)
        ids[i, :size], mask[i, :size], types[i, :size] = example.ids, 1, example.types
        for k, (start, end) in enumerate(example.spans or [(0, 0)]):
            starts[i, k], ends[i, k] = start, end
    return Batch(ids, mask, types, starts, ends)


class BatchStream:
    """Batch number `step` of an endless stream, the same for the same seed: resuming is free."""

    def __init__(
        self,
        corpus: Corpus,
        tokenizer: Tokenizer,
        *,
        seed: int,
        batch: int,
        chunk: int = 24,
    ) -> None:
        """`chunk` batches at a time are drawn, sorted by length and cut, so padding is little."""
        self.corpus, self.tokenizer = corpus, tokenizer
        self.seed, self.batch, self.chunk = seed, batch, chunk
        self.plans: dict[int, list[tuple[str, Row]]] = {0: epoch_plan(corpus, seed, 0)}
        self.chunks: dict[int, list[Batch]] = {}

    def __getitem__(self, step: int) -> Batch:
        """The batch of the step, counted from 0."""
        number, inner = divmod(step, self.chunk)
        if number not in self.chunks:
            self.chunks = {number: self._draw(number)}
        return self.chunks[number][inner % len(self.chunks[number])]

    def _draw(self, number: int) -> list[Batch]:
        size = self.batch * self.chunk
        per_epoch = len(self.plans[0])
        examples: list[Encoded] = []
        for position in range(number * size, (number + 1) * size):
            epoch, index = divmod(position, per_epoch)
            if epoch not in self.plans:
                self.plans[epoch] = epoch_plan(self.corpus, self.seed, epoch)
            plan = self.plans[epoch]
            kind, row = plan[index % len(plan)]
            rng = random.Random(f"{self.seed}/{position}")
            made = make_example(kind, row, self.corpus.sentences, rng)
            coded = None if made is None else encode(made, self.tokenizer)
            if coded is not None:
                examples.append(coded)
        examples.sort(key=lambda e: len(e.ids))
        groups = np.array_split(np.arange(len(examples)), min(self.chunk, len(examples)))
        batches = [collate([examples[i] for i in group]) for group in groups]
        random.Random(f"{self.seed}/chunk/{number}").shuffle(batches)
        return batches
