"""Finds, asks and connects to OpenAI-compatible addresses; writes no text with them."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qa.errors import ConfigError, ModelFailed
from qa.models.server import Endpoint

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 120.0  # between two signs of life; a large model may read a prompt for that long
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def is_endpoint(name: str) -> bool:
    """Whether the setting names an address instead of a file."""
    return re.match(r"https?://", name) is not None


def endpoint_of(address: str, key: str) -> Endpoint:
    """What "http(s)://host:port/v1#model" names. Raises `ConfigError`."""
    base_url, _, model = address.partition("#")
    if not model or not urlsplit(base_url).hostname:
        raise ConfigError(
            f"language model {address!r} names no model",
            "write the endpoint as 'http://host:port/v1#model'",
        )
    # a key must be given, or the client would take OPENAI_API_KEY and send it to a server it is not meant for
    return Endpoint(base_url, model, key or "none")


def http_client(endpoint: Endpoint, silence: float = SILENCE_SECONDS) -> "httpx.Client":
    """A client for one endpoint, whose closing ends its connections.

    silence: seconds without a sign of life after which it gives up, `SILENCE_SECONDS` at most.
    """
    import httpx

    loopback = urlsplit(endpoint.base_url).hostname in LOOPBACK
    return httpx.Client(
        timeout=httpx.Timeout(min(silence, SILENCE_SECONDS), connect=CONNECT_SECONDS),
        trust_env=not loopback,  # a proxy has no business with what stays on this machine
        verify=endpoint.base_url.startswith("https:"),  # building a TLS context takes 80 ms
    )


def listed_models(endpoint: Endpoint) -> tuple[str, ...]:
    """The names of the models that an endpoint says it has. Raises `ModelFailed`."""
    import httpx

    try:
        return tuple(str(each["id"]) for each in _models(endpoint))
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise ModelFailed(
            f"{endpoint.base_url} does not list its models: {reason(error)}",
            "start its server, mend the address or its key, or set QA_LANGUAGE_MODEL=default",
        ) from error


def parameter_count(endpoint: Endpoint) -> int:
    """How many parameters the model of a llama.cpp server has, as it counted them while loading.

    Reading the file's own header takes seconds, its vocabulary is in the way. Raises `ModelFailed`.
    """
    import httpx

    try:
        return int(_models(endpoint)[0]["meta"]["n_params"])
    except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError) as error:
        raise ModelFailed(
            f"the server of {endpoint.model} does not tell the model's size: {reason(error)}",
            "set QA_CAPABLE=true or QA_CAPABLE=false",
        ) from error


def _models(endpoint: Endpoint) -> list[dict[str, Any]]:
    with http_client(endpoint) as client:
        reply = client.get(f"{endpoint.base_url}/models", headers={"Authorization": f"Bearer {endpoint.key}"})
    models: list[dict[str, Any]] = reply.raise_for_status().json()["data"]
    return models


def reason(error: Exception) -> str:
    """What went wrong, in words."""
    return str(error) or type(error).__name__
