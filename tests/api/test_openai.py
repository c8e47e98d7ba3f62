"""OpenAI's own client asks a live server, as any program that has it would."""

from collections.abc import Iterator

import openai
import pytest

from qa.render import to_json
from qa.types import UNSUPPORTED_WORDS
from tests.api.conftest import served
from tests.surface_fakes import ANSWERED, NOT_FOUND, NOTICE, QUOTE, UNVERIFIED, FakeAssistant

ASKED = [{"role": "user", "content": ANSWERED.question}]


@pytest.fixture(scope="module")
def asked() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def client(asked: FakeAssistant) -> Iterator[openai.OpenAI]:
    with served(asked) as (address, _), openai.OpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as client:
        yield client


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["qa", "qa-short"]
    assert client.models.retrieve("qa").owned_by == "qa"


def test_an_answer_has_marks_sources_and_annotations(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="qa", messages=ASKED, temperature=0.2, n=1, user="someone")
    (choice,) = completion.choices
    content = choice.message.content
    assert choice.finish_reason == "stop"
    start = "**Ada Brook** [1] [2]\n\nAda Brook said it at the opening. [1] [2]\n\n**Sources**\n\n[1] "
    assert content.startswith(start)
    assert "[2] “Ada Brook opened the bakery in 1921\\.” — The bakery on Mill Lane, seeds/bakery\\.md" in content
    (first, *rest) = choice.message.annotations
    place = first.file_citation
    assert (first.type, place["filename"], place["file_id"]) == ("file_citation", "seeds/bakery.md", "doc1")
    assert (place["quote"], place["end"] - place["start"]) == (QUOTE, len(QUOTE))
    places = [each.file_citation for each in (first, *rest)]
    marks = [content[each["start_index"] : each["end_index"]] for each in places]
    assert marks == ["[1]", "[2]", "[1]", "[2]"]
    assert completion.qa == to_json(ANSWERED)


def test_a_stream_is_the_same_piece_by_piece(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="qa", messages=ASKED)
    chunks = list(client.chat.completions.create(model="qa", messages=ASKED, stream=True))
    pieces = [chunk.choices[0].delta.content for chunk in chunks]
    assert "".join(piece or "" for piece in pieces) == whole.choices[0].message.content
    assert pieces[1] == "**Ada Brook** [1] [2]"  # before anything is written
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert [each["type"] for each in chunks[-1].choices[0].delta.annotations] == ["file_citation"] * 4
    assert chunks[-1].qa["short"] == "Ada Brook"
    assert len({chunk.id for chunk in chunks}) == 1


def test_earlier_messages_of_the_user_are_the_history(client: openai.OpenAI, asked: FakeAssistant) -> None:
    client.chat.completions.create(
        model="qa-short",
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Who built the oven?"}]},
            {"role": "assistant", "content": "Tom Reed."},
            {"role": "user", "content": "When did he?"},
        ],
    )
    question, history = asked.asked[-1]
    assert (question, [turn.question for turn in history]) == ("When did he?", ["Who built the oven?"])


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (NOT_FOUND.question, "*The sources do not say.*"),
        (NOTICE.question, "Hello. Ask me about the documents."),
        (
            UNVERIFIED.question,
            f"His father taught him. *({UNSUPPORTED_WORDS})*\n\n*The sources do not prove this.*",
        ),
    ],
)
def test_what_is_not_answered_says_so(client: openai.OpenAI, question: str, said: str) -> None:
    message = client.chat.completions.create(model="qa", messages=[{"role": "user", "content": question}])
    assert (message.choices[0].message.content, message.choices[0].message.annotations) == (said, [])


def test_errors_are_those_that_the_client_knows(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="no model 'gpt-x'; there are qa, qa-short"):
        client.chat.completions.create(model="gpt-x", messages=ASKED)
    with pytest.raises(openai.UnprocessableEntityError, match="no message of the user says anything"):
        client.chat.completions.create(model="qa", messages=[{"role": "user", "content": "  "}], stream=True)
    with pytest.raises(openai.UnprocessableEntityError, match="messages") as caught:
        client.chat.completions.create(model="qa", messages=[])
    assert caught.value.code == "BadRequest"
