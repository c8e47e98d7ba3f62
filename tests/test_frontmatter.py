"""Metadata at the head of a text, and what only looks like it."""

import pytest

from qa.frontmatter import front_matter


@pytest.mark.parametrize(
    "block",
    [
        "a: [",
        "just words",
        "- a\n- b",
        "date: 2017-13-45",
        "a: !!python/object:os.system {}",
        "x: " + "[" * 3_000,
        "x: 1\n" * 3_000,
        "x:\n" + "- " * 4_000 + "1",
        "",
        "? [a]\n: b",
    ],
)
def test_malformed_front_matter_is_text(block: str) -> None:
    assert front_matter(f"---\n{block}\n---\nText.") == ({}, 0)


def test_front_matter_ends_where_the_text_begins() -> None:
    text = "\ufeff---\r\na: 1\r\n---\r\nText. ---\n"
    metadata, start = front_matter(text)
    assert metadata == {"a": "1"}
    assert text[start:] == "Text. ---\n"
    assert front_matter("---\na: 1\nno end") == ({}, 0)
    assert front_matter("\ufeffText.") == ({}, 1)


def test_nested_aliases_do_not_grow() -> None:
    rounds = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    metadata, _ = front_matter(f"---\nl0: &l0 [lol, lol]\n{rounds}\ntitle: x\n---\n")
    assert metadata == {"l0": "lol, lol", "title": "x"}
