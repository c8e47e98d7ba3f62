import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from qa.documents import read_paths
from qa.errors import BadQuestionFile, InputError
from qa.evaluation.evidence import locate_evidence
from qa.evaluation.questions import read_questions
from qa.evaluation.sets import SETS, read_description, unpack
from qa.types import Example

PARAGRAPH = "The harbour of Varn opened in 1871. Its first master was Ilse Brandt."


def pack(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    content = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / name).write_bytes(gzip.compress(content.encode()))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A row or two in the shape of each published set."""
    answer = {"text": "Ilse Brandt", "start": PARAGRAPH.index("Ilse")}
    squad = {"title": "Varn_(town)", "context_id": "c1", "split": "test"}
    pack(tmp_path, "squad2_contexts_dev.jsonl.gz", {"context_id": "c1", "title": "Varn_(town)", "text": PARAGRAPH})
    pack(
        tmp_path,
        "squad2_dev.jsonl.gz",
        squad | {"id": "s1", "question": "Who was master? ", "is_impossible": False, "answers": [answer, answer]},
        squad | {"id": "s2", "question": "Who was mayor?", "is_impossible": True, "answers": []},
        squad | {"id": "s3", "question": "When?", "is_impossible": True, "answers": [], "split": "calib"},
    )
    asked = {"id": "x1", "question": "Who?", "answers": [{"text": "Ilse Brandt", "answer_start": answer["start"]}]}
    pack(tmp_path, "xquad_en.json.gz", {"data": [{"paragraphs": [{"context": PARAGRAPH, "qas": [asked]}]}]})
    row = {"question": "Who was master?", "answers": ["Ilse Brandt"], "answerable": True}
    row |= {"evidence": [{"doc_id": "d/1", "text": "Its first master was Ilse Brandt."}]}
    history = [{"speaker": "user", "text": "When did it open?"}, {"speaker": "agent", "text": "In 1871."}]
    documents = [{"doc_id": "d/1", "title": "Varn", "text": PARAGRAPH}, {"doc_id": "d/2", "title": "", "text": "Rye."}]
    for stem in ("docqa_clapnq", "docqa_dragonball", "docqa_mtrag_un", "news_wikinews", "news_rgb"):
        pool = {"pool_doc_ids": ["d/1"], "question_type": "Fact", "answerability": "ANSWERABLE", "history": history}
        pack(
            tmp_path,
            f"{stem}.jsonl.gz",
            row | pool | {"id": "r1"},
            row | pool | {"id": "r2", "answerable": False, "question_type": "Gone", "answerability": "NONE"},
        )
        pack(tmp_path, f"{stem}_documents.jsonl.gz", *documents)
    return tmp_path


@pytest.mark.parametrize("name", SETS)
def test_every_set_becomes_questions_whose_evidence_is_in_its_documents(name: str, data: Path) -> None:
    folder = data / "unpacked"
    described = unpack(name, data, folder)
    examples = read_questions(folder / "questions.jsonl")
    documents, failures = read_paths([folder / "documents"])
    places = locate_evidence(examples, {document.id: document.text for document in documents})
    assert failures == ()
    assert all(bool(places[example.id]) == example.answerable for example in examples)
    assert read_description(folder) == described
    assert described.licence == SETS[name].licence


def examples_of(name: str, data: Path) -> tuple[Example, ...]:
    unpack(name, data, data / name)
    return read_questions(data / name / "questions.jsonl")


def test_squad_has_its_split_its_sentence_and_its_questions_without_answer(data: Path) -> None:
    master, mayor = examples_of("squad2_dev", data)
    assert (master.question, master.answers, master.evidence) == (
        "Who was master?",
        ("Ilse Brandt",),
        ("Its first master was Ilse Brandt.",),
    )
    assert (mayor.answerable, mayor.evidence, mayor.kind) == (False, (), "unanswerable")
    assert [example.id for example in examples_of("squad2_calib", data)] == ["s3"]
    assert (data / "squad2_dev" / "documents" / "Varn__town_.txt").read_text() == f"Varn (town)\n\n{PARAGRAPH}"


def test_conversations_keep_what_the_user_asked_before(data: Path) -> None:
    first, second = examples_of("mtrag_un", data)
    assert (first.history, first.kind) == (("When did it open?",), "answerable")
    assert (second.answerable, second.answers, second.kind) == (False, (), "none")


def test_rgb_is_two_sets_and_wikinews_leaves_out_what_another_document_answers(data: Path) -> None:
    assert [example.id for example in examples_of("rgb", data)] == ["r1"]
    assert [example.id for example in examples_of("rgb_without", data)] == ["r2"]
    assert [example.id for example in examples_of("wikinews", data)] == ["r1"]
    assert [example.kind for example in examples_of("dragonball", data)] == ["Fact", "Gone"]


def test_unknown_sets_missing_files_and_other_shapes_are_named(data: Path) -> None:
    with pytest.raises(InputError, match="no question set is called 'squad'"):
        unpack("squad", data, data / "to")
    with pytest.raises(InputError, match=r"docqa_clapnq\.jsonl\.gz: No such file"):
        unpack("clapnq", data / "empty", data / "to")
    pack(data, "docqa_clapnq.jsonl.gz", {"id": "r1"})
    with pytest.raises(BadQuestionFile, match="set 'clapnq': KeyError: 'answerable'"):
        unpack("clapnq", data, data / "to")
    (data / "docqa_clapnq.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(InputError, match="docqa_clapnq"):
        unpack("clapnq", data, data / "to")
    unpack("rgb", data, data / "to")
    unpack("rgb", data, data / "to")  # the same once more
    with pytest.raises(InputError, match="to: holds the set 'rgb'"):
        unpack("rgb_without", data, data / "to")
    (data / "set.json").write_text("[]")
    with pytest.raises(BadQuestionFile, match="not the description of a set"):
        read_description(data)
