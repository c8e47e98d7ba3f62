"""Tells what leaves this machine under given settings, and how to keep it here; sends nothing and tries nothing."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from qa.config import Config
from qa.models.endpoints import LOOPBACK, is_endpoint


@dataclass(frozen=True, slots=True)
class Leaving:
    """One thing that goes to another machine, in words, and the setting or command that keeps it here."""

    said: str
    mend: str


def leaving(config: Config) -> tuple[Leaving, ...]:
    """Each thing that goes to another machine; () when nothing does.

    The address decides, not the setting's purpose: a language model or a library on loopback is on this machine.
    """
    found = []
    model = urlsplit(config.language_model).hostname if is_endpoint(config.language_model) else None
    if config.prose and model and model not in LOOPBACK:
        found.append(
            Leaving(f"questions and quotes go to the language model at {model}", "set QA_LANGUAGE_MODEL=default")
        )
    library = urlsplit(config.library).hostname if isinstance(config.library, str) else None
    if library and library not in LOOPBACK:
        found.append(Leaving(f"the documents are kept on {library}", "qa index PATH --library FOLDER"))
    if not config.offline:
        found.append(Leaving("missing weights may be downloaded", "set QA_OFFLINE=true"))
    return tuple(found)


def outside(config: Config) -> tuple[str, ...]:
    """What `leaving` finds, in words alone."""
    return tuple(each.said for each in leaving(config))
