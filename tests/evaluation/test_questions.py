import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import BadQuestionFile
from qa.evaluation.questions import read_questions
from qa.types import Example

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


def write(file: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    file.write_text(text, encoding="utf-8")
    return file


def test_every_key_is_read_and_others_are_left_alone(file: Path) -> None:
    line = {
        "id": "q1",
        "question": "And when?",
        "history": ["Who?"],
        "answers": ["1871"],
        "evidence": ["opened in 1871"],
        "answerable": True,
        "kind": "when",
        "group": "harbour",
    }
    assert read_questions(write(file, line)) == (
        Example("q1", "And when?", ("Who?",), ("1871",), ("opened in 1871",), True, "when"),
    )


def test_id_and_question_are_enough(file: Path) -> None:
    assert read_questions(write(file, {"id": "q1", "question": "Who?"})) == (Example("q1", "Who?"),)


def test_blank_lines_byte_order_mark_and_windows_newlines_are_fine(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbf{"id": "1", "question": "a"}\r\n\r\n{"id": "2", "question": "b"}\r\n')
    assert [example.id for example in read_questions(file)] == ["1", "2"]


def test_unicode_line_separators_do_not_break_a_line(file: Path) -> None:
    write(file, '{"id": "1", "question": "a\u2028b"}')
    assert read_questions(file)[0].question == "a\u2028b"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("not json", "Invalid JSON: expected ident at column 2"),
        ('{"id": "2", "question": "a"', "Invalid JSON"),
        ('["2"]', "should be an object"),
        ({"question": "a"}, "id: Field required"),
        ({"id": 2, "question": "a"}, "id: Input should be a valid string"),
        ({"id": "2", "question": " "}, "question: is blank"),
        ({"id": "2", "question": "a", "answers": "b"}, "answers: Input should be a valid"),
        ({"id": "2", "question": "a", "answers": [""]}, "answers: entry 1: is blank"),
        ({"id": "2", "question": "a", "history": [{"question": "b"}]}, "history: entry 1: Input should be"),
        ({"id": "2", "question": "a", "evidence": None}, "evidence: Input should be"),
        ({"id": "2", "question": "a", "answerable": "no"}, "answerable: Input should be a valid boolean"),
        ({"id": "2", "question": "a", "answers": ["b"], "answerable": False}, '"answerable" is false'),
        ({"id": "1", "question": "a"}, "id '1' stands on line 1 already"),
    ],
)
def test_bad_line_is_named_with_its_reason(file: Path, line: object, complaint: str) -> None:
    write(file, {"id": "1", "question": "a"}, "", line)
    with pytest.raises(BadQuestionFile, match=rf"questions\.jsonl, line 3: .*{complaint}") as caught:
        read_questions(file)
    assert caught.value.hint


def test_bytes_that_are_no_utf_8_are_named_by_line(file: Path) -> None:
    file.write_bytes(b'{"id": "1", "question": "a"}\n{"id": "2", "question": "\xe9"}\n')
    with pytest.raises(BadQuestionFile, match="line 2: not UTF-8"):
        read_questions(file)


def test_a_file_without_questions_is_refused(file: Path) -> None:
    with pytest.raises(BadQuestionFile, match="holds no question"):
        read_questions(write(file, "", " "))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadQuestionFile, match=r"nowhere\.jsonl: cannot be read"):
        read_questions(tmp_path / "nowhere.jsonl")
    with pytest.raises(BadQuestionFile, match="cannot be read"):
        read_questions(tmp_path)


@given(content=st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.jsonl"
    file.write_bytes(content)
    with suppress(BadQuestionFile):  # the one way in which it may fail
        assert read_questions(file)


def test_the_shipped_questions_are_read() -> None:
    examples = read_questions(SEEDS / "questions.jsonl")
    assert len(examples) == 100
    assert all(example.evidence and example.answers for example in examples if example.answerable)
    assert not any(example.evidence for example in examples if not example.answerable)
