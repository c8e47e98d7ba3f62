"""Tells what leaves this machine under given settings; sends nothing and tries nothing."""

from urllib.parse import urlsplit

from qa.config import Config
from qa.models.endpoints import LOOPBACK, is_endpoint


def outside(config: Config) -> tuple[str, ...]:
    """Each thing that goes to another machine, in words; () when nothing does.

    The address decides, not the setting's purpose: a language model or a library on loopback is on this machine.
    """
    said = []
    model = urlsplit(config.language_model).hostname if is_endpoint(config.language_model) else None
    if config.prose and model and model not in LOOPBACK:
        said.append(f"questions and quotes go to the language model at {model}")
    library = urlsplit(config.library).hostname if isinstance(config.library, str) else None
    if library and library not in LOOPBACK:
        said.append(f"the documents are kept on {library}")
    if not config.offline:
        said.append("missing weights may be downloaded")
    return tuple(said)
