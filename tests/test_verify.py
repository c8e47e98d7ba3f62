import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.citations import citation
from qa.types import Citation, Document, Span
from qa.verify import NO_DOCUMENT, SET_OTHERWISE, SIMILAR, State, Verdict, all_stand, verify
from tests.builders import document, place

TEXT = (
    "The lighthouse at Tarn was built in 1871. Nobody lives there now.\n\n"
    "“We painted it – twice a year,” said Abel Winters of Zürich.\nNobody lives there now. The lamp is electric."
)
DOCUMENT = document(TEXT, identity="d1")
LAMP, PAINTED, TWICE = "The lamp is electric.", "We painted it – twice a year", "Nobody lives there now."
LONG = "“We painted it – twice a year,” said Abel Winters of Zürich.\nNobody lives there now."


def cite(words: str, after: int = 0, of: Document = DOCUMENT) -> Citation:
    start = of.text.index(words, after)
    return citation(of, Span(start, start + len(words)), 1)


def verdict_of(words: str, text: str) -> Verdict:
    """What became of `words` of TEXT in the edited `text`."""
    (verdict,) = verify([cite(words)], [document(text, identity="edited")], against=document(text, identity="edited"))
    return verdict


def test_an_untouched_document_verifies_every_quote() -> None:
    verdicts = verify([cite(LAMP), cite(PAINTED)], [DOCUMENT])
    assert [verdict.state for verdict in verdicts] == [State.VERIFIED, State.VERIFIED]
    assert (verdicts[0].text, verdicts[0].found, verdicts[0].found_in) == (LAMP, place(TEXT, LAMP), "d1.txt")
    assert all_stand(verdicts)


def test_words_put_in_before_a_quote_move_it_by_their_length() -> None:
    verdict = verdict_of(LAMP, "Updated today. " + TEXT)
    old = place(TEXT, LAMP)
    assert (verdict.state, verdict.found) == (State.MOVED, Span(old.start + 15, old.end + 15))
    assert (verdict.similarity, verdict.note, verdict.stands) == (1.0, "", True)


def test_an_edited_quote_is_changed_with_its_nearest_text_and_similarity() -> None:
    verdict = verdict_of(PAINTED, TEXT.replace("twice a year", "once a year"))
    start = place(TEXT, PAINTED).start
    assert (verdict.state, verdict.text) == (State.CHANGED, "We painted it – once a year")
    assert verdict.found == Span(start, start + len(PAINTED) - 1)
    assert SIMILAR < verdict.similarity < 1
    assert not verdict.stands


@pytest.mark.parametrize("edit", [("electric", "not electric"), ("1871", "1872"), ("Nobody", "Somebody")])
def test_a_small_change_of_meaning_does_not_stand(edit: tuple[str, str]) -> None:
    assert verdict_of(TEXT[: len(TEXT) // 2], TEXT.replace(*edit)).stands == (edit[0] not in TEXT[: len(TEXT) // 2])
    assert verdict_of(TEXT, TEXT.replace(*edit)).state is State.CHANGED


def test_a_deleted_quote_is_missing() -> None:
    verdict = verdict_of(PAINTED, TEXT.replace("“We painted it – twice a year,” said", "So did"))
    assert (verdict.state, verdict.found, verdict.text, verdict.similarity) == (State.MISSING, None, "", 0.0)
    assert (verdict.found_in, verdict.note, verdict.stands) == ("", "", False)


SETTINGS = {
    "line ends": TEXT.replace("\n", "\r\n"),
    "one line": TEXT.replace("\n", " "),
    "wrapped": TEXT.replace(" ", "\n  "),
    "no-break spaces": TEXT.replace(" ", "\u00a0"),
    "straight marks": TEXT.replace("“", '"').replace("”", '"'),
    "guillemets": TEXT.replace("“", "«").replace("”", "»"),
    "hyphens": TEXT.replace("–", "-"),
    "accents apart": unicodedata.normalize("NFD", TEXT),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_words_set_otherwise_have_moved_and_stand(name: str) -> None:
    edited = SETTINGS[name]
    verdict = verdict_of(LONG, edited)
    assert (verdict.state, verdict.similarity, verdict.note) == (State.MOVED, 1.0, SET_OTHERWISE)
    assert re.sub(r"\s+", " ", _plain(verdict.text)) == re.sub(r"\s+", " ", _plain(LONG))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(str.maketrans("«»“”–", '""""-'))


@pytest.mark.parametrize(("old", "new"), [("painted it", "paintedit"), ("painted", "pain ted"), ("twice", "Twice")])
def test_words_joined_parted_or_capitalised_are_other_words(old: str, new: str) -> None:
    assert verdict_of(PAINTED, TEXT.replace(old, new)).state is State.CHANGED


def test_a_byte_order_mark_that_is_gone_moves_everything_by_one() -> None:
    marked = document("\ufeff" + TEXT)
    (verdict,) = verify([cite(LAMP, of=marked)], [], against=DOCUMENT)
    assert (verdict.state, verdict.found) == (State.MOVED, place(TEXT, LAMP))


def test_a_repeated_quote_moves_to_the_occurrence_with_the_same_surroundings() -> None:
    added = "A note by the editor. "
    second = TEXT.rindex(TWICE)
    verdicts = verify([cite(TWICE), cite(TWICE, second)], [], against=document(added + TEXT))
    starts = [verdict.found.start if verdict.found else None for verdict in verdicts]
    assert starts == [TEXT.index(TWICE) + len(added), second + len(added)]


def test_another_occurrence_at_the_old_place_is_not_the_quote() -> None:
    shift = TEXT.rindex(TWICE) - TEXT.index(TWICE)
    (verdict,) = verify([cite(TWICE, TEXT.rindex(TWICE))], [], against=document("#" * shift + TEXT))
    assert verdict.found == Span(TEXT.rindex(TWICE) + shift, TEXT.rindex(TWICE) + shift + len(TWICE))
    assert verdict.state is State.MOVED


@pytest.mark.parametrize("copy", [LAMP + " " + TEXT, TEXT + " " + LAMP, TEXT.replace("Nobody", f"{LAMP} Nobody", 1)])
def test_a_copy_of_the_quote_elsewhere_is_not_taken_for_it(copy: str) -> None:
    verdict = verdict_of("painted it – twice", copy.replace("Tarn", "painted it – twice"))
    found = verdict.found
    assert found is not None
    assert copy.replace("Tarn", "painted it – twice")[found.start - 3 : found.start] == "We "


def test_of_similar_sentences_the_one_in_the_quotes_surroundings_has_changed() -> None:
    rows = "".join(f"In the year 18{n} the old lamp cost £{n}.\n" for n in range(10, 40))
    of = document(rows)
    edited = rows.replace("cost £20", "cost £99").replace("In the year 1820 the", "In the years 1820 the")
    (verdict,) = verify([cite("In the year 1820 the old lamp cost £20.", of=of)], [], against=document(edited))
    assert (verdict.state, verdict.text) == (State.CHANGED, "In the years 1820 the old lamp cost £99.")


def test_an_edit_after_the_quote_leaves_it_verified() -> None:
    assert verdict_of(PAINTED, TEXT + " More to follow.").state is State.VERIFIED
    assert verdict_of(PAINTED, TEXT.replace(",” said", "!” cried")).state is State.VERIFIED


def test_a_document_is_known_by_its_id_whatever_its_name() -> None:
    renamed = Document("d1", "Other", ("archive/renamed.txt",), TEXT)
    (verdict,) = verify([cite(LAMP)], [document("Something else.", identity="d2"), renamed])
    assert (verdict.state, verdict.found_in) == (State.VERIFIED, "archive/renamed.txt")


def test_an_edited_file_is_known_by_its_source() -> None:
    edited = Document("d9", "Other", ("d1.txt",), "New. " + TEXT)
    assert verify([cite(LAMP)], [edited])[0].state is State.MOVED


def test_a_file_that_was_renamed_and_edited_is_found_by_the_words() -> None:
    other = document("The lamp is electric. It was said of another lamp.", identity="d2")
    edited = Document("d9", "Other", ("new.txt",), "New. " + TEXT)
    (verdict,) = verify([cite(LAMP)], [other, edited])
    assert (verdict.state, verdict.found_in, verdict.note) == (State.MOVED, "new.txt", "now in new.txt")


def test_a_file_replaced_by_another_misses_its_quotes_even_if_others_have_them() -> None:
    replaced = Document("d9", "Other", ("d1.txt",), "A recipe for bread, with salt and water and flour.")
    copy = document("Once more: " + TEXT, identity="d3")
    (verdict,) = verify([cite(LAMP)], [replaced, copy])
    assert (verdict.state, verdict.stands) == (State.MISSING, False)


def test_a_document_that_is_gone_is_said_to_be() -> None:
    for documents in ([], [document("Bread.", identity="d2")]):
        (verdict,) = verify([cite(LAMP)], documents)
        assert (verdict.state, verdict.note) == (State.MISSING, NO_DOCUMENT)


def test_against_one_document_ignores_ids_and_sources() -> None:
    other = document(TEXT, identity="other")
    assert verify([cite(LAMP)], [], against=other)[0].state is State.VERIFIED
    assert verify([cite(LAMP)], [DOCUMENT], against=document("", identity="x"))[0].state is State.MISSING


def test_a_short_quote_is_there_or_missing_never_changed() -> None:
    assert verdict_of("1871", TEXT.replace("1871", "1872")).state is State.MISSING


def test_a_very_long_quote_is_there_or_missing_never_changed() -> None:
    long = document("word " * 40_000)
    (moved,) = verify([cite(long.text, of=long)], [], against=document("x" + long.text))
    assert (moved.state, moved.found) == (State.MOVED, Span(1, 200_001))
    (verdict,) = verify([cite(long.text, of=long)], [], against=document(long.text.replace("word", "ward", 1)))
    assert verdict.state is State.MISSING


def test_an_answer_without_citations_has_nothing_that_could_fall() -> None:
    assert verify([], []) == ()
    assert all_stand(())


VOCABULARY = ["the", "lamp", "of", "Tarn", "is", "red", "and", "two", "boats", "‘came’", "home.\n", "(a+)+$", "\\"]
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1).map(" ".join)


@st.composite
def cited(draw: st.DrawFn) -> Citation:
    text = draw(WORDS)
    start = draw(st.integers(0, len(text) - 1))
    return citation(document(text), Span(start, draw(st.integers(start + 1, len(text)))), 1)


@settings(deadline=None)
@given(st.data())
def test_any_quote_of_an_untouched_text_is_verified(data: st.DataObject) -> None:
    text = data.draw(WORDS)
    start = data.draw(st.integers(0, len(text) - 1))
    quote = citation(document(text), Span(start, data.draw(st.integers(start + 1, len(text)))), 1)
    (verdict,) = verify([quote], [document(text)])
    assert (verdict.state, verdict.found, verdict.text) == (State.VERIFIED, quote.quote.span, quote.quote.text)


@settings(deadline=None)
@given(WORDS, st.integers(1, 50), st.sampled_from([" ", "\r\n", "\t "]))
def test_any_quote_moves_by_exactly_what_is_put_before_it(words: str, shift: int, blank: str) -> None:
    text = f"Before it. <{words}> After it."
    quote = citation(document(text), place(text, f"<{words}>"), 1)
    (verdict,) = verify([quote], [], against=document("#" * shift + text))
    assert (verdict.state, verdict.text) == (State.MOVED, quote.quote.text)
    assert verdict.found == Span(quote.quote.span.start + shift, quote.quote.span.end + shift)
    reset = f"<{words}>".replace(" ", blank)
    (verdict,) = verify([quote], [], against=document("#" * shift + text.replace(" ", blank)))
    assert (verdict.state, verdict.text) == (State.MOVED, reset)


def plain(text: str) -> list[str]:
    """The words of `text`, whatever its style of marks and its form of accents."""
    for marks, mark in (("“”„‟«»″", '"'), ("‘’‚‛‹›′`´", "'"), ("‐‑‒–—―−", "-")):
        text = text.translate({ord(each): mark for each in marks})
    return unicodedata.normalize("NFC", text.replace("…", "...")).split()


@settings(deadline=None)
@example(citation(document("‘came’"), Span(5, 6), 1), "´")
@given(cited(), st.text() | WORDS)
def test_every_verdict_shows_the_words_that_stand_at_its_place(quote: Citation, other: str) -> None:
    (verdict,) = verify([quote], [], against=document(other))
    assert 0.0 <= verdict.similarity <= 1.0
    assert verdict.text == (verdict.found.within(other) if verdict.found else "")
    if verdict.state is State.VERIFIED:
        assert verdict.text == quote.quote.text
    if verdict.stands:
        assert plain(verdict.text) == plain(quote.quote.text)
