"""Where a library on Milvus is, written as one word; connects to nothing.

milvus://HOST:PORT/NAME         a server or a cluster
milvus+https://HOST:PORT/NAME   the same over TLS
milvus:PATH.db                  a folder of milvus-lite on this machine, for one process at a time
"""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from qa.errors import ConfigError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")  # Milvus allows a collection 255 of these
_PORT = 19530
_HINT = (
    "write `milvus://HOST:19530/NAME` for a server, `milvus+https://HOST/NAME` with TLS, `milvus:PATH.db` for a file"
)


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """Where one library is. uri: as pymilvus takes it. name: what its collections' names begin with."""

    given: str
    uri: str
    name: str

    @classmethod
    def of(cls, given: str) -> Self:
        """Raises `ConfigError` for what names neither a server nor a file."""
        if "//" not in given:
            path = given.partition(":")[2]
            if not path.endswith(".db") or path == ".db":
                raise ConfigError(f"library {given!r} names no file of milvus-lite: it must end in .db", _HINT)
            return cls(given, path, "library")
        try:
            parts = urlsplit(given)
            host, port, name = parts.hostname, parts.port, parts.path.strip("/")
        except ValueError as error:
            raise ConfigError(f"library {given!r} names no Milvus server: {error}", _HINT) from error
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ConfigError(
                "a library's address on Milvus holds nothing but a host, a port and a name",
                "give a token, or user:password, as the setting `library_key` or QA_LIBRARY_KEY",
            )
        if not host or not _NAME.fullmatch(name):
            raise ConfigError(f"library {given!r} lacks a host, or a name of letters, digits and _", _HINT)
        secure = parts.scheme.lower().endswith("https")
        host = f"[{host}]" if ":" in host else host
        return cls(given, f"{'https' if secure else 'http'}://{host}:{port or (443 if secure else _PORT)}", name)

    @property
    def is_local(self) -> bool:
        """Whether it is a file of milvus-lite."""
        return not self.uri.startswith("http")

    def __str__(self) -> str:
        return self.given
