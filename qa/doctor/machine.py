"""Looks at what the machine gives: SQLite, disk, port, and who may read the settings; knows no models."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from qa.config import Config, config_file
from qa.doctor.diagnosis import Diagnosis, State
from qa.errors import PortInUse, QAError
from qa.models.endpoints import LOOPBACK

FULL = 100_000_000  # bytes free under which nothing more should be indexed
NEARLY_FULL = 1_000_000_000


def word_search(connect: Callable[[str], sqlite3.Connection] = sqlite3.connect) -> Diagnosis:
    """Whether this Python's SQLite can search words (FTS5)."""
    what, version = "word search", f"SQLite {sqlite3.sqlite_version}"
    connection = connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
    except sqlite3.Error as error:
        mend = (
            "take a Python whose SQLite has FTS5, as those of python.org and of all distributions: `make clean setup`"
        )
        return Diagnosis(what, f"{version} has no FTS5: {error}", State.BROKEN, mend)
    finally:
        connection.close()
    return Diagnosis(what, f"{version} with FTS5")


def settings(config: Config) -> Iterator[Diagnosis]:
    """Where the settings come from, and whether others on this machine can read the keys among them."""
    file = config_file()
    if not file.is_file():
        yield Diagnosis("settings", f"no {file}: flags, environment and defaults")
        return
    key = config.language_model_key or config.library_key
    if key and key in file.read_text(encoding="utf-8") and file.stat().st_mode & 0o077:
        value = f"{file} holds a key, and others on this machine may read it"
        yield Diagnosis("settings", value, State.NOTE, f"chmod 600 {file}")
    else:
        yield Diagnosis("settings", f"{file} is well-formed")


def disk(config: Config) -> Iterator[Diagnosis]:
    """Whether the library's folder can be written to, and how much fits."""
    if not isinstance(config.library, Path):
        return
    folder = next(each for each in (config.library.absolute(), *config.library.absolute().parents) if each.exists())
    if os.access(folder, os.W_OK | os.X_OK):
        yield Diagnosis("rights", f"{folder} can be written to")
    else:
        readable = folder == config.library.absolute() and not config.prepares
        value = f"{folder} cannot be written to" + (": its library is only read" if readable else "")
        mend = f"chmod u+wx {folder}, or name another folder: `qa index PATH --library FOLDER`"
        yield Diagnosis("rights", value, State.NOTE if readable else State.BROKEN, mend)
    free = shutil.disk_usage(folder).free
    value = f"{free / 1e6:,.0f} MB free at {folder}"
    if free < NEARLY_FULL:
        yield Diagnosis(
            "disk", value, State.BROKEN if free < FULL else State.NOTE, f"make room there: `df -h {folder}`"
        )
    else:
        yield Diagnosis("disk", value)


def port(host: str, number: int) -> Diagnosis:
    """Whether `qa serve` could listen, or does so already."""
    from qa.api import claim_port

    try:
        claim_port(host, number).close()
    except PortInUse as error:
        if _is_ours(host, number):
            return Diagnosis("port", f"`qa serve` is running on {host}, port {number}")
        return Diagnosis.broken("port", error)
    except QAError as error:
        return Diagnosis.broken("port", error)
    return Diagnosis("port", f"{number} on {host} is free" if number else "any free one is taken")


def _is_ours(host: str, number: int) -> bool:
    """Whether what listens there answers as `qa serve` does."""
    import httpx

    place = f"[{host}]" if ":" in host else host
    try:
        with httpx.Client(timeout=5, trust_env=False) as client:
            reply = client.get(f"http://{place}:{number}/readyz").json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return False
    return isinstance(reply, dict) and (reply.get("status") == "ready" or "urn:qa:" in str(reply.get("type")))


def host(config: Config) -> Iterator[Diagnosis]:
    """Whether other machines could ask."""
    if config.host in LOOPBACK:
        return
    lets = f"{config.host} lets other machines ask, and read the documents"
    if config.asks_for_key is False:
        yield Diagnosis("address", f"{lets}, without a key", State.NOTE, "QA_ASKS_FOR_KEY=true qa serve")
    else:
        yield Diagnosis("address", f"{lets}, with a key", State.NOTE, "qa serve --host 127.0.0.1")
