"""Passages of a document are exact, ordered, disjoint and cover all of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.frontmatter import front_matter
from qa.passages import SPLITTER, sentences, split
from qa.types import Document
from tests.test_sentences import TEXTS

SENTENCE = "The council of the town met on Monday and spoke of bridge number {}."  # 14 words
FRONT_MATTER = "---\ntitle: x\n---\n"


def document(text: str, pages: tuple[int, ...] = ()) -> Document:
    return Document("d", "Title", ("a.txt",), text, pages)


def paragraphs(count: int, first: int = 0) -> str:
    return "\n\n".join(SENTENCE.format(number) for number in range(first, first + count))


def words(text: str) -> int:
    return len(text.split())


_LONG = st.builds(lambda parts, gap: gap.join(parts), st.lists(st.one_of(
    TEXTS, st.just("Once more. " * 40), st.just("long " * 300), st.just("x" * 2_500), st.just(paragraphs(3)))),
    st.sampled_from([" ", "\n", "\n\n", "\r\n\r\n", "\u00a0"]))  # fmt: skip


@settings(deadline=None, max_examples=50)
@given(_LONG, st.sampled_from(["", FRONT_MATTER, "\ufeff", "\ufeff" + FRONT_MATTER]))
def test_passages_are_exact_ordered_and_cover_all_but_the_front_matter(text: str, head: str) -> None:
    whole = head + text
    _, end = front_matter(whole)
    for passage in split(document(whole)):
        assert passage.span.within(whole) == passage.text == passage.text.strip()
        assert passage.span.start >= end
        assert not whole[end : passage.span.start].strip()
        end = passage.span.end
    assert not whole[end:].strip()


@settings(deadline=None, max_examples=50)
@given(_LONG)
def test_passages_are_not_long(text: str) -> None:
    for passage in split(document(text)):
        assert words(passage.text) <= 110 + 25
        assert len(passage.text) <= 1_000


@settings(deadline=None, max_examples=50)
@given(_LONG)
def test_passages_hold_whole_sentences(text: str) -> None:
    whole = sentences(text)
    for passage in split(document(text)):
        last = next(span for span in whole if span.start < passage.span.end <= span.end)
        over_long = last.end - last.start > 1_000 or words(last.within(text)) > 110
        assert passage.span.end == last.end or over_long


def test_paragraphs_are_gathered_to_some_sixty_words() -> None:
    text = paragraphs(12)
    assert [words(passage.text) for passage in split(document(text))] == [70, 70, 28]


def test_a_long_paragraph_is_divided_between_sentences() -> None:
    text = paragraphs(20).replace("\n\n", " ")
    found = split(document(text))
    assert [words(passage.text) for passage in found] == [98, 98, 84]
    assert all(passage.text.endswith(".") for passage in found)


def test_a_short_rest_joins_the_passage_before() -> None:
    assert [words(passage.text) for passage in split(document(paragraphs(6)))] == [84]


def test_headings_open_a_passage_that_is_long_enough_and_are_kept() -> None:
    text = f"# One\n\n{paragraphs(3)}\n\n## Two ##\n\n{paragraphs(1, 3)}\n\nThree\n-----\n\n{paragraphs(4, 4)}"
    found = split(document(text))
    assert [passage.heading for passage in found] == ["One", "Two"]
    assert found[1].text.startswith("## Two ##")
    assert "Three\n-----" in found[1].text  # fifteen words are no passage of their own
    assert split(document(paragraphs(1)))[0].heading == ""


def test_a_heading_goes_with_what_follows() -> None:
    text = f"{paragraphs(2)}\n\n# Head\n\n{'word ' * 90}end."
    assert [passage.text[:6] for passage in split(document(text))][-1] == "# Head"


def test_a_document_of_headings_alone_is_kept() -> None:
    text = "\n".join(f"# Heading number {number} of them" for number in range(60))
    assert "\n".join(passage.text for passage in split(document(text))) == text


def test_front_matter_is_in_no_passage_but_malformed_front_matter_is_text() -> None:
    assert split(document(FRONT_MATTER + "Text."))[0].text == "Text."
    assert split(document("---\na: [\n---\nText."))[0].text.startswith("---")
    assert split(document(FRONT_MATTER)) == ()
    assert split(document("\ufeff")) == ()


@pytest.mark.parametrize("unit", ["word ", "x" * 40 + " ", "y"])
def test_an_over_long_sentence_is_cut_at_white_space_or_hard(unit: str) -> None:
    text = (unit * 3_000).strip()
    found = split(document(text))
    assert max(len(passage.text) for passage in found) <= 1_000
    assert sum(len(passage.text) for passage in found) == len(text) - (len(found) - 1) * (" " in unit)


def test_the_page_is_that_of_the_passage_start() -> None:
    text = paragraphs(12)
    found = split(document(text, pages=(0, 500, 500)))
    assert [(passage.span.start < 500, passage.page) for passage in found] == [(True, 1), (True, 1), (False, 3)]
    assert split(document(text))[0].page is None


def test_a_repeated_caption_stands_apart() -> None:
    caption = "Ann's biggest, fastest boat (center) left 'Old Port' this week, said two of the town's officials"
    curly = caption.replace("'", "’")
    text = "\n\n".join([paragraphs(1), caption, curly, paragraphs(2, first=7)])
    assert [passage.text for passage in split(document(text))] == [
        f"{paragraphs(1)}\n\n{caption}",
        curly,
        paragraphs(2, first=7),
    ]


def test_twenty_thousand_words_are_split_and_covered() -> None:
    text = paragraphs(1_500)
    found = split(document(text))
    assert len(found) == 300
    assert found[-1].span.end == len(text)


def test_the_fingerprint_names_the_sizes() -> None:
    assert SPLITTER == "punkt-2/60-110/30/25/1000/6-4"


def test_a_row_of_a_table_is_a_passage_of_its_own() -> None:
    rows = [f"City: C{n}; Mayor: M{n}; Note: One here. Two here." for n in range(3)]
    text = "\n\n".join(("Some words before.", "# Cities", *rows, "Some words after: these; and those."))
    found = [passage.text for passage in split(Document("d", "t", ("s",), text))]
    assert found == ["Some words before.", f"# Cities\n\n{rows[0]}", *rows[1:], "Some words after: these; and those."]
