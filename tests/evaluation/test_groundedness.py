import gzip
import json
from pathlib import Path

import pytest

from qa.errors import InputError
from qa.evaluation.groundedness import Agreement, Pair, agreement, read_pairs
from qa.evaluation.measures import words_support

SOURCE = "The harbour of Varn opened in 1871. Its first master was Ilse Brandt."


def test_labels_that_say_neither_are_left_out(tmp_path: Path) -> None:
    labels = ("supported", "hallucinated", "partial", "not_supported", "generic", "benign", "questionable")
    rows = [{"set": "s", "source_text": SOURCE, "response": f" {label} ", "label": label} for label in labels]
    content = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "groundedness.jsonl.gz").write_bytes(gzip.compress(content.encode()))
    assert [(pair.response, pair.supported) for pair in read_pairs(tmp_path)] == [
        ("supported", True),
        ("hallucinated", False),
        ("partial", False),
        ("not_supported", False),
    ]
    with pytest.raises(InputError, match="nowhere"):
        list(read_pairs(tmp_path / "nowhere"))


def test_a_response_passes_when_each_sentence_does() -> None:
    pairs = [
        Pair("one", SOURCE, "The harbour of Varn opened in 1871. Its master was Brandt.", True),
        Pair("one", SOURCE, "The harbour of Varn opened in 1871. It closed in 1902.", False),
        Pair("one", SOURCE, "Varn's harbour opened in 1871.", False),  # people say no, the words say yes
        Pair("two", SOURCE, "Everyone rejoiced.", True),
    ]
    found = agreement(pairs, words_support)
    assert found == {"one": Agreement(1, 2, 1.0, 0.5), "two": Agreement(1, 0, 0.0, None)}
    assert (found["one"].balanced_accuracy, found["two"].balanced_accuracy) == (0.75, None)
