"""Keeps the keys with which programs may ask, as hashes in a file; sends none and asks for none.

A key has 256 random bits, so that its plain SHA-256 tells nothing of it: there is no word list to try.
"""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.errors import ConfigError

PREFIX = "qa_"


class Key(BaseModel):
    """A key as it is kept. name: who it was given to. created: when, in UTC."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(min_length=1, max_length=100, pattern=r"^[\w.@-]+$")
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    created: datetime


class _File(BaseModel):
    keys: tuple[Key, ...] = ()


class Keys:
    """The keys in one file, which may change while they are asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int, int] | None = None
        self._keys: tuple[Key, ...] = ()

    def all(self) -> tuple[Key, ...]:
        """Every key, in the order in which they were added. Raises `ConfigError` when the file cannot be read."""
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp != self._stamp:
                self._keys = _File.model_validate_json(self.path.read_bytes()).keys
                self._stamp = stamp
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ConfigError(f"cannot read the keys in {self.path}: {error.strerror}", "see QA_KEYS") from error
        except ValidationError as error:
            hint = "remove the file and add the keys again: `qa keys add NAME`"
            raise ConfigError(f"{self.path} holds no keys: {error.errors()[0]['msg']}", hint) from error
        return self._keys

    def add(self, name: str) -> str:
        """A new key of that name: only its hash is kept, so that this is the one time that it is seen.

        Raises `ConfigError` when there is one of that name, or the name or the file cannot be used.
        """
        keys = self.all()
        if any(each.name == name for each in keys):
            raise ConfigError(f"there is a key for {name!r} already", f"remove it first: `qa keys remove {name}`")
        secret = PREFIX + secrets.token_urlsafe(32)
        try:
            key = Key(name=name, sha256=_hash(secret), created=datetime.now(UTC).replace(microsecond=0))
        except ValidationError as error:
            hint = "take letters, digits and . _ - @, as in `qa keys add open-webui`"
            raise ConfigError(f"a key cannot be named {name!r}", hint) from error
        self._write([*keys, key])
        return secret

    def remove(self, name: str) -> None:
        """Nobody gets in with that key any more. Raises `ConfigError` when there is none of that name."""
        keys = self.all()
        if all(each.name != name for each in keys):
            raise ConfigError(f"there is no key for {name!r}", "see them all: `qa keys list`")
        self._write([each for each in keys if each.name != name])

    def owner(self, secret: str) -> str | None:
        """The name of a key, None for what is no key. Raises `ConfigError` when the file cannot be read."""
        wanted = _hash(secret)
        names = [each.name for each in self.all() if hmac.compare_digest(each.sha256, wanted)]
        return names[0] if names else None

    def _write(self, keys: Sequence[Key]) -> None:
        text = json.dumps(_File(keys=tuple(keys)).model_dump(mode="json"), indent=2)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(  # readable by its owner alone
                "w", dir=self.path.parent, prefix=f"{self.path.name}.", delete=False, encoding="utf-8"
            ) as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self.path)
        except OSError as error:
            raise ConfigError(f"cannot write the keys to {self.path}: {error.strerror}", "see QA_KEYS") from error


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
