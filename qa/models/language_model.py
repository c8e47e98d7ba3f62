"""Turns a name into a language model that streams text and can be stopped; knows no prompts.

A GGUF file is served by a child process (server.py); that, Ollama, vLLM, LM Studio and any other server that
speaks the OpenAI protocol are one client.
"""

import functools
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from qa.errors import ModelCorrupt, ModelFailed, ModelNotFound
from qa.models import weights
from qa.models.endpoints import endpoint_of, http_client, is_endpoint, parameter_count, reason
from qa.models.server import Endpoint, LocalServer
from qa.models.texts import encodable
from qa.types import Message

if TYPE_CHECKING:
    import httpx
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse

MAX_TOKENS = 200
REPLY_SECONDS = 180.0  # for one reply, waiting for others included
CAPABLE_PARAMETERS = 1_000_000_000  # more than these can write from sources by itself
HUB_ID = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+):(?P<file>[\w./-]+\.gguf)")
LOCAL_REQUEST = {
    "return_progress": True,  # a sign of life each batch of the prompt, where a closed stream is noticed
    "cache_prompt": True,
}


class Reply(Iterator[str]):
    """Pieces of one reply; "" is a sign of life while the prompt is read or the model thinks.

    `close` may be called from any thread and stops the work at the next sign of life; so does dropping the
    last reference.
    """

    def __init__(self, pieces: Generator[str, None, None]) -> None:
        self._pieces = pieces
        self._closed = threading.Event()
        self._lock = threading.Lock()

    def __next__(self) -> str:
        with self._lock:
            if self._closed.is_set():
                raise StopIteration
            piece = next(self._pieces)
        if self._closed.is_set():
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        """Ends the reply and the work behind it. A second call does nothing."""
        self._closed.set()
        if self._lock.acquire(blocking=False):  # else the thread that is reading closes it
            try:
                self._pieces.close()
            finally:
                self._lock.release()


class OpenAILanguageModel:
    """A language model behind an OpenAI-compatible address. Calls of several threads queue in the server.

    locate: gives the address, starting the server if need be. extra: further fields of each request.
    release: called once by `close`. capable: tells whether it is large enough to write from sources by itself.
    seconds: that one reply may take, waiting for others included.
    """

    def __init__(
        self,
        name: str,
        locate: Callable[[], Endpoint],
        *,
        max_tokens: int = MAX_TOKENS,
        extra: dict[str, Any] | None = None,
        release: Callable[[], None] = lambda: None,
        capable: Callable[[], bool] = lambda: True,
        seconds: float = REPLY_SECONDS,
    ) -> None:
        self._name = name
        self._locate = locate
        self._max_tokens = max_tokens
        self._extra = extra or {}
        self._release = release
        self._seconds = seconds
        self.is_capable = functools.cache(capable)
        """Whether it can write from sources by itself. Waits for a local file's server. Raises `ModelFailed`."""

    @property
    def name(self) -> str:
        """The weights' name, or "model at host:port"."""
        return self._name

    def stream(self, messages: Sequence[Message]) -> Reply:
        """Pieces of the reply. Closing stops the work, while the prompt is read too.

        Nothing is sent before the first piece is asked for. Raises `ModelFailed` for whatever goes wrong with
        the server; what was streamed until then stands, unfinished.
        """
        return Reply(self._pieces(tuple(messages)))

    def warm(self) -> None:
        """Does ahead what the first `stream` would do: waits for the server, imports the client (seconds).

        Sends nothing. Raises `ModelFailed`.
        """
        endpoint = self._locate()
        with http_client(endpoint) as client:
            _ = _open_ai_like(endpoint, client, self._max_tokens, self._extra)._get_client().chat.completions

    def close(self) -> None:
        """Ends the child process, if there is one."""
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _pieces(self, messages: tuple[Message, ...]) -> Generator[str, None, None]:
        import httpx
        from openai import OpenAIError

        endpoint = self._locate()
        end = time.monotonic() + self._seconds
        finished = False
        try:
            # OpenAILike's own generator keeps the connection when it is closed; our client closes it with us
            with http_client(endpoint, self._seconds) as client:
                llm = _open_ai_like(endpoint, client, self._max_tokens, self._extra)
                for reply in llm.stream_chat([_chat_message(message) for message in messages]):
                    finished = finished or _is_last(reply)
                    yield reply.delta or ""
                    if not finished and time.monotonic() > end:
                        raise self._failed(f"its reply took more than {self._seconds:g} s")
        except (OpenAIError, httpx.HTTPError) as error:
            raise self._failed(reason(error)) from error
        except (ValueError, TypeError, AttributeError) as error:  # LlamaIndex trusts the shape of the reply
            raise self._failed(f"its reply cannot be read ({error})") from error
        if not finished:
            raise self._failed("its reply broke off")

    def _failed(self, reason: str) -> ModelFailed:
        return ModelFailed(
            f"the language model {self._name} failed: {reason}",
            "ask again; if it stays, check the server or set QA_LANGUAGE_MODEL=none",
        )


def load_language_model(
    name: str, key: str, offline: bool, *, max_tokens: int = MAX_TOKENS, seconds: float = REPLY_SECONDS
) -> OpenAILanguageModel | None:
    """The language model that a setting names; None for "none".

    name: "default", "none", a GGUF's path, a hub id "owner/repo:file.gguf" or an endpoint
    "http(s)://host:port/v1#model". key: the endpoint's. offline: never download. max_tokens, seconds: of one reply.
    A file's server is started, not waited for: `warm` does that, or the first reply.
    Raises `ConfigError`, `ModelNotFound`, `ModelCorrupt`, `ModelOffline`.
    """
    if name == "none":
        return None
    if is_endpoint(name):
        return _from_endpoint(name, key, max_tokens, seconds)
    if name == "default":
        path = weights.checked_packaged_file(weights.LANGUAGE_MODEL)
        return _from_file(weights.DEFAULT_LANGUAGE_MODEL, path, max_tokens, seconds)
    path = named_file(name, offline)
    return _from_file(path.stem, path, max_tokens, seconds)


def named_file(name: str, offline: bool) -> Path:
    """The GGUF file that a path or a hub id names. Raises `ModelNotFound`, `ModelCorrupt`, `ModelOffline`."""
    hub_id = HUB_ID.fullmatch(name)
    if hub_id and not Path(name).exists():
        path = weights.hub_file(**hub_id.groupdict(), offline=offline, folder=weights.download_folder())
    else:
        path = Path(name).expanduser()
    if not path.is_file():
        raise ModelNotFound(
            f"no language model at {name!r}",
            "set QA_LANGUAGE_MODEL to 'default', 'none', a GGUF's path, 'owner/repo:file.gguf' or "
            "'http://host:port/v1#model'",
        )
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelCorrupt(f"{path} is not a GGUF file", "set QA_LANGUAGE_MODEL to a GGUF file")
    return path


def _from_file(name: str, path: Path, max_tokens: int, seconds: float) -> OpenAILanguageModel:
    server = LocalServer(path)
    return OpenAILanguageModel(
        name,
        server.endpoint,
        max_tokens=max_tokens,
        extra=LOCAL_REQUEST,
        release=server.close,
        capable=lambda: parameter_count(server.endpoint()) > CAPABLE_PARAMETERS,
        seconds=seconds,
    )


def _from_endpoint(address: str, key: str, max_tokens: int, seconds: float) -> OpenAILanguageModel:
    endpoint = endpoint_of(address, key)
    place = urlsplit(endpoint.base_url)
    name = f"{endpoint.model} at {place.hostname}" + (f":{place.port}" if place.port else "")
    return OpenAILanguageModel(name, lambda: endpoint, max_tokens=max_tokens, seconds=seconds)


def _open_ai_like(endpoint: Endpoint, client: "httpx.Client", max_tokens: int, extra: dict[str, Any]) -> Any:  # noqa: ANN401 - it ships no types
    from llama_index.llms.openai_like import OpenAILike

    return OpenAILike(
        model=endpoint.model,
        api_base=endpoint.base_url,
        api_key=endpoint.key,
        http_client=client,
        timeout=client.timeout.read,  # else its own stands in place of the client's
        is_chat_model=True,
        temperature=0,
        max_tokens=max_tokens,
        max_retries=0,
        additional_kwargs={"extra_body": extra} if extra else {},
    )


def _chat_message(message: Message) -> "ChatMessage":
    from llama_index.core.base.llms.types import ChatMessage, MessageRole

    return ChatMessage(role=MessageRole(message.role), content=encodable(message.content))


def _is_last(reply: "ChatResponse") -> bool:
    choices = getattr(reply.raw, "choices", None) or ()
    return any(choice.finish_reason for choice in choices)
