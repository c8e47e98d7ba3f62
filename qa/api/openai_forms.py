"""What OpenAI's clients send and read, as far as it is understood and given here; decides nothing.

https://platform.openai.com/docs/api-reference/chat
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from qa.api.service import Asked
from qa.errors import BadQuestion
from qa.saved import SavedAnswer

MODELS = ("qa", "qa-short")
WORDING = ("qa",)  # those whose answers the language model words
EARLIER_QUESTIONS = 10  # the newest of a conversation: a follow-up leans on no older ones
MOST_MESSAGES = 1000
MOST_PARTS = 100


class _Form(BaseModel):
    model_config = ConfigDict(extra="allow")  # clients send much that OpenAI knows and we do not need


class TextPart(_Form):
    """A part of a message that is text; of another kind none is understood."""

    type: Literal["text"]
    text: str


class ChatMessage(_Form):
    """A message of the conversation. Those of the user are questions; those of other roles are let by."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[list[TextPart], Field(max_length=MOST_PARTS)] | str | None = None

    @property
    def text(self) -> str:
        """All that is said in it."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class ChatRequest(_Form):
    """A conversation whose last message of the user is the question; further parameters are let by."""

    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: StrictBool | None = None

    def asked(self) -> Asked:
        """The question and those before it. Raises `BadQuestion` when there is none."""
        questions = [message.text for message in self.messages if message.role == "user" and message.text.strip()]
        if not questions:
            raise BadQuestion("no message of the user says anything", "ask something")
        return Asked(questions[-1], questions[:-1][-EARLIER_QUESTIONS:], self.model in WORDING)


class Model(BaseModel):
    """A model that a client may name."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "qa"


class ModelList(BaseModel):
    """Every model."""

    object: Literal["list"] = "list"
    data: list[Model]


class Place(BaseModel):
    """start_index, end_index: of the mark in the message; start, end: of the quote in its document."""

    start_index: int
    end_index: int
    title: str
    document_id: str
    start: int
    end: int
    quote: str


class WebPlace(Place):
    """A quote of a web page."""

    url: str


class FilePlace(Place):
    """A quote of a file."""

    file_id: str
    filename: str


class WebAnnotation(BaseModel):
    """A mark that cites a web page."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: WebPlace


class FileAnnotation(BaseModel):
    """A mark that cites a file."""

    type: Literal["file_citation"] = "file_citation"
    file_citation: FilePlace


Annotation: TypeAlias = WebAnnotation | FileAnnotation


class AssistantMessage(BaseModel):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one answer."""

    index: int = 0
    message: AssistantMessage
    finish_reason: Literal["stop"] = "stop"


class Completion(BaseModel):
    """An answer in OpenAI's shape. qa: the same as JSON of schema qa.answer/1."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    qa: SavedAnswer
