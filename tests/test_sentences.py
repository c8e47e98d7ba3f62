"""Sentences are exact spans, and news text does not break where it should not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.sentences import sentences
from qa.types import Span

_WORDS = "He left.|“It is so.”|‘No?’|U.S.|Mr.|Kim|a.m.|e.g.|J.|said|。|…|# Head|- item|```|===|---|[12]|5.|é|𝔘"
_GAPS = ("| a |", "\n", "\n\n", "\r\n", " ", "\t", "\u00a0", "\u2028", "\f", "x" * 130)
_BITS = st.sampled_from([*_WORDS.split("|"), *_GAPS])
TEXTS = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs"])), st.lists(_BITS).map("".join), st.lists(_BITS).map(" ".join)
)


def texts_of(text: str) -> list[str]:
    return [span.within(text) for span in sentences(text)]


@settings(deadline=None)
@given(TEXTS)
def test_every_character_but_white_space_is_in_exactly_one_sentence(text: str) -> None:
    end = 0
    for span in sentences(text):
        sentence = span.within(text)
        assert sentence == sentence.strip()
        assert not text[end : span.start].strip()
        assert span.start >= end
        end = span.end
    assert not text[end:].strip()


@settings(deadline=None)
@given(TEXTS, st.data())
def test_a_part_of_a_text_has_its_sentences_in_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start == end:
        return
    shifted = [Span(span.start + start, span.end + start) for span in sentences(text[start:end])]
    assert list(sentences(text, Span(start, end))) == shifted


@pytest.mark.parametrize(
    "written",
    [
        ["Mr. Smith of the U.S. Foreign Office met Gen. J. R. Lee.", "She left."],
        ["‘He is here.", "Rex is here.’", "She left."],
        ["“Go now.”", "Then he left."],
        ['"No. 5 is up!" he said.', "It cost 3.5 U.S. dollars."],
        ["He lives in the U.S.", "The end came.", "It rained at 5 p.m.", "He slept."],
        ["They met at 5 p.m. Tuesday.", "Sen. Bob came."],
        ["‘Is it so?’ he asked.", "“Come!” John Smith said.", "“Come!”", "John Smith left."],
        ["Prof. Ng, Ph.D., of St. Louis, spoke.", "U.K. Prime Minister May did not."],
        ["See Sec. 3.2, e.g. Figure 3, of No. 7.", "The answer was no.", "Then it ended."],
        ["It fell.[12]", "It rose."],
        ["我们去。", "他说：“来。”", "好。"],
        ["Wait... what is this?!", "Nothing."],
        ["He wrote to washington@state.gov on 3.4.2017.", "DailyMail.com said so."],
    ],
)
def test_where_sentences_end(written: list[str]) -> None:
    assert texts_of(" ".join(written)) == written
    assert texts_of("\n".join(written)) == written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A caption without a stop\n\nThe text.", ["A caption without a stop", "The text."]),
        ("A caption\r\n \t\r\nThe text.", ["A caption", "The text."]),
        ("Text goes on\nin the next line.", ["Text goes on\nin the next line."]),
        ("# Head\nText.", ["# Head", "Text."]),
        ("Head\n====\nText.", ["Head\n====", "Text."]),
        ("Todo:\n- one\n- two\n  more\n3. three", ["Todo:", "- one", "- two\n  more", "3. three"]),
        ("| a | b |\n|---|---|\n| c. | D |", ["| a | b |", "|---|---|", "| c. | D |"]),
        ("```\n# no head\n- no item\n```", ["```\n# no head\n- no item", "```"]),
        ("Headline\n" + "word " * 30 + "end", ["Headline", ("word " * 30 + "end")]),
        ("page one\fpage two", ["page one\fpage two"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_blocks_end_sentences(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


def test_a_repeated_sentence_has_its_own_place() -> None:
    assert sentences("Same. Same. Same.") == (Span(0, 5), Span(6, 11), Span(12, 17))


def test_boundaries_need_no_network_no_home_and_no_llama_index(tmp_path: Path) -> None:
    program = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = refuse\n"
        "from qa.passages import sentences\n"
        "assert 'nltk' not in sys.modules\n"
        "assert len(sentences('Mr. Lee left. He did.')) == 2\n"
        "assert 'llama_index.core' not in sys.modules\n"
    )
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("unit", ["He saw Mr. Lee. ", "word ", "xy", "B. ", "‘No?’ he said. "])
def test_a_long_line_is_read_in_parts(unit: str) -> None:
    text = (unit * (25_000 // len(unit))).strip()
    found = sentences(text)
    assert {len(span.within(text)) for span in found} == {
        len(text) if unit in ("word ", "xy", "B. ") else len(unit) - 1
    }
