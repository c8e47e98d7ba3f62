"""Rows keep their answers' offsets through cropping, augmenting and encoding."""

import random
from dataclasses import replace

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from training.data import (
    BatchStream,
    Corpus,
    Encoded,
    Row,
    augment,
    collate,
    crop,
    crop_away,
    curl_quotes,
    encode,
    epoch_plan,
    holds_answer,
    is_held_out,
    join_sentences,
    make_example,
    mine_negatives,
    mistype,
    segments,
    swap_name,
    window,
)

PASSAGE = (
    "The bridge was opened in 1931. It was drawn by Ada Brook, who had built two others. "
    'Critics called it "a grey line". Traffic doubled within ten years! '
    "In 1950 the town sold it to the railway. The railway closed in 1964."
)


def row(answer: str = "Ada Brook", question: str = "Who drew the bridge?") -> Row:
    start = PASSAGE.index(answer)
    return Row("r1", "Bridge", "squad_test", question, PASSAGE, ((start, start + len(answer)),), (answer,))


def words_tokenizer() -> Tokenizer:
    """Whole words as tokens; ids 0 pad, 1 unknown, 101 CLS, 102 SEP."""
    words = sorted({w for w, _ in pre_tokenizers.Whitespace().pre_tokenize_str(PASSAGE)} | {"Who", "drew", "?"})
    vocabulary = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 101, "[SEP]": 102}
    vocabulary |= {word: 2 + i for i, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 101), ("[SEP]", 102)],
    )
    return tokenizer


def test_segments_cover_the_text_without_gap() -> None:
    pieces = segments(PASSAGE)
    assert "".join(PASSAGE[a:b] for a, b in pieces) == PASSAGE
    assert [PASSAGE[a:b].strip() for a, b in pieces][:2] == [
        "The bridge was opened in 1931.",
        "It was drawn by Ada Brook, who had built two others.",
    ]


def test_segments_cut_an_endless_sentence() -> None:
    text = " ".join(f"w{i}" for i in range(150))
    pieces = segments(text)
    assert [len(text[a:b].split()) for a, b in pieces] == [60, 60, 30]
    assert "".join(text[a:b] for a, b in pieces) == text


@pytest.mark.parametrize("seed", range(20))
def test_crop_keeps_the_answers_words(seed: int) -> None:
    cut = crop(row(), 20, random.Random(seed))
    (span,) = cut.spans
    assert cut.passage[slice(*span)] == "Ada Brook"
    assert cut.passage in PASSAGE
    assert len(cut.passage.split()) < len(PASSAGE.split())


def test_crop_puts_the_answer_at_many_places() -> None:
    starts = {crop(row(), 20, random.Random(seed)).spans[0][0] for seed in range(20)}
    assert len(starts) > 1


def test_crop_drops_spans_outside_the_window() -> None:
    far = PASSAGE.index("1964")
    both = replace(row(), spans=(*row().spans, (far, far + 4)))
    kept = {len(crop(both, 5, random.Random(seed)).spans) for seed in range(10)}
    assert kept == {1}


def test_window_without_an_answer_is_made_of_whole_segments() -> None:
    start, end = window(PASSAGE, None, 12, random.Random(3))
    starts = [a for a, _ in segments(PASSAGE)]
    assert start in starts
    assert PASSAGE[end - 1] in ".!"


@pytest.mark.parametrize("seed", range(10))
def test_crop_away_holds_no_answer(seed: int) -> None:
    long = replace(row(), passage=PASSAGE + " " + "Nothing else is known of it. " * 8)
    cut = crop_away(long, 15, random.Random(seed))
    assert cut is not None
    assert cut.spans == ()
    assert "Ada Brook" not in cut.passage
    assert cut.passage in long.passage


def test_crop_away_gives_up_where_the_rest_is_too_short() -> None:
    assert crop_away(replace(row(), passage="It was drawn by Ada Brook."), 15, random.Random(0)) is None


def test_joined_sentences_shift_the_answer() -> None:
    short = Row("q", "", "qamr_x", "Who sang?", "Mina sang all night.", ((0, 4),), ("Mina",))
    others = ("The rain fell.", "Nobody came.", "The doors were shut.")
    for seed in range(10):
        joined = join_sentences(short, others, random.Random(seed))
        (span,) = joined.spans
        assert joined.passage[slice(*span)] == "Mina"
        assert "Mina sang all night." in joined.passage


def test_curled_quotes_keep_every_offset() -> None:
    text = "He said \"it's late\" and 'no'."
    assert curl_quotes(text) == "He said “it’s late” and ‘no’."
    assert len(curl_quotes(text)) == len(text)


def test_mistype_changes_one_word_only() -> None:
    changed = [mistype("Who designed the bridge?", random.Random(seed)) for seed in range(12)]
    assert all(abs(len(c) - len("Who designed the bridge?")) <= 1 for c in changed)
    assert all(c.startswith("Who ") and c.endswith("?") for c in changed)
    assert len(set(changed)) > 3
    assert mistype("Who am I?", random.Random(0)) == "Who am I?"


def test_augment_touches_the_passage_only_by_curling() -> None:
    seen = set()
    for seed in range(60):
        new = augment(row(), random.Random(seed))
        assert curl_quotes(new.passage) == curl_quotes(PASSAGE)
        assert new.passage[slice(*new.spans[0])] == "Ada Brook"
        seen.add(new.question)
    assert {"Who drew the bridge?", "who drew the bridge?", "Who drew the bridge"} <= seen


def test_swapped_name_makes_the_question_unanswerable() -> None:
    asked = row("1964", "When did the railway that bought it in 1950 close?")
    new = swap_name(asked, (), random.Random(0))
    assert new is not None
    assert new.spans == ()
    assert "1950" not in new.question
    assert new.question.startswith("When did the railway that bought it in ")
    assert swap_name(row(), (), random.Random(0)) is None


def test_holds_answer_ignores_case_and_edge_marks() -> None:
    assert holds_answer("drawn by ADA BROOK himself", ["Ada Brook."])
    assert not holds_answer("drawn by Ada", ["Ada Brook"])
    assert not holds_answer("anything", ["."])


def test_mined_negatives_share_words_but_hold_no_answer() -> None:
    rows = [row()]
    for number in range(12):
        text = f"Story {number} tells of rivers and hills and of number {number}."
        rows.append(Row(f"o{number}", "Other", "squad_test", f"What of story {number}?", text, ((0, 5),), ("Story",)))
    near = "The bridge drew many visitors, most of them painters."
    rows.append(Row("n", "Other", "squad_test", "What drew visitors?", near, ((0, 10),), ("The bridge",)))
    mined = list(mine_negatives(rows, depth=2))
    first = next(r for r in mined if r.id == "r1#mined0")
    assert first.passage == near
    assert first.spans == ()
    assert all(not holds_answer(r.passage, r.answers) for r in mined)


def test_labels_name_the_answers_tokens() -> None:
    tokenizer = words_tokenizer()
    coded = encode(row(), tokenizer)
    assert coded is not None
    (span,) = coded.spans
    offsets = tokenizer.encode(row().question, PASSAGE).offsets
    assert PASSAGE[offsets[span[0]][0] : offsets[span[1]][1]] == "Ada Brook"
    assert coded.types[span[0]] == 1
    assert coded.ids[0] == 101


def test_an_answer_cut_off_by_truncation_is_no_example() -> None:
    tokenizer = words_tokenizer()
    tokenizer.enable_truncation(14, strategy="only_second")
    assert encode(row("1964"), tokenizer) is None
    no_answer = encode(replace(row(), spans=()), tokenizer)
    assert no_answer is not None
    assert no_answer.spans == []


def test_collate_pads_and_marks_the_null_span() -> None:
    batch = collate([Encoded([101, 5, 102], [0, 0, 0], [(1, 1), (1, 2)]), Encoded([101, 102], [0, 0], [])])
    assert batch.ids.tolist() == [[101, 5, 102], [101, 102, 0]]
    assert batch.mask.tolist() == [[1, 1, 1], [1, 1, 0]]
    assert batch.starts.tolist() == [[1, 1], [0, -1]]
    assert batch.ends.tolist() == [[1, 2], [0, -1]]
    assert len(batch) == 2


def tiny_corpus() -> Corpus:
    rows = tuple(
        replace(row(), id=f"a{i}", source="squad_v1.1_train_du_split", question="Who drew " + "the " * i + "?")
        for i in range(20)
    )
    none = tuple(replace(r, id=r.id + "n", spans=()) for r in rows)
    return Corpus(rows, {"mined": none, "window": rows, "real": none[:1]}, (), ())


def test_a_plan_mixes_kinds_and_depends_on_its_seed_alone() -> None:
    plan = epoch_plan(tiny_corpus(), 1, 0)
    assert [r.id for _, r in plan] == [r.id for _, r in epoch_plan(tiny_corpus(), 1, 0)]
    assert [r.id for _, r in plan] != [r.id for _, r in epoch_plan(tiny_corpus(), 1, 1)]
    assert sum(kind == "answerable" for kind, _ in plan) == 20
    assert {kind for kind, _ in plan} == {"answerable", "mined", "window", "real"}


def test_examples_of_every_kind_are_true_to_it() -> None:
    rng = random.Random(2)
    answered = make_example("answerable", row(), (), rng)
    assert answered is not None
    assert answered.passage[slice(*answered.spans[0])] == "Ada Brook"
    away = make_example("window", replace(row(), passage=PASSAGE + " More was never said." * 9), (), rng)
    assert away is not None
    assert away.spans == ()


def test_a_stream_gives_the_same_batch_again_and_goes_on_for_ever() -> None:
    first = BatchStream(tiny_corpus(), words_tokenizer(), seed=3, batch=4, chunk=2)
    again = BatchStream(tiny_corpus(), words_tokenizer(), seed=3, batch=4, chunk=2)
    far = first[31]
    assert far.ids.tolist() == again[31].ids.tolist()
    assert first[0].ids.tolist() == again[0].ids.tolist()
    assert first[0].ids.tolist() != first[1].ids.tolist()


def test_articles_are_held_out_by_title_alone() -> None:
    titles = [f"article {i}" for i in range(800)]
    share = sum(is_held_out(t) for t in titles) / len(titles)
    assert 0.01 < share < 0.05
    assert not is_held_out("")
