"""The settings, their defaults and where they come from; knows nothing of what they are used for.

A setting is taken from the first place that gives it: a flag, the environment (QA_LIBRARY=...), the file
`qa.toml` in the current folder (or the file that QA_CONFIG names), the default here.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Self, TypeAlias

import platformdirs
from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from qa.errors import ConfigError

CONFIG_FILE = "qa.toml"


def _place(given: object) -> object:
    return Path(given) if isinstance(given, str) and not re.match(r"milvus(\+https)?:", given) else given


Place: TypeAlias = Annotated[Path | str, BeforeValidator(_place)]
"""A folder; text only for an address that begins with "milvus"."""


class Config(BaseSettings):
    """What a user may set. Only the assistant and the surfaces read it; stages take plain arguments."""

    model_config = SettingsConfigDict(env_prefix="QA_", extra="forbid", frozen=True)

    library: Place = Field(
        Path("indexes/default"),
        description="folder of the built library, or 'milvus://host:19530/name' of one on a Milvus server, "
        "'milvus+https://host/name' with TLS, 'milvus:path.db' in a file of milvus-lite",
    )
    library_key: str = Field("", description="token, or user:password, of the Milvus server", repr=False)
    documents: Path = Field(Path("seeds"), description="folder whose documents the chat opens with")
    embedder: str = Field(
        "all-MiniLM-L6-v2",
        description="sentence-transformers model: the default's name, a path or a hub id",
    )
    reader: str = Field("default", description="'default', 'sentence' (no trained weights) or a folder of weights")
    language_model: str = Field(
        "default",
        description="'default', 'none', a GGUF's path, a hub id 'owner/repo:file.gguf', or an "
        "OpenAI-compatible endpoint 'http://host:port/v1#model'",
    )
    capable: bool | None = Field(
        None,
        description="the language model can write from sources and reword follow-ups by itself; unset: yes for an "
        "endpoint and for a GGUF of more than 1 B parameters",
    )
    language_model_key: str = Field("", description="API key of the endpoint", repr=False)
    language_model_seconds: float = Field(
        180, gt=0, description="seconds that one reply of the language model may take; then the quote answers alone"
    )
    passages: int = Field(8, ge=1, le=50, description="passages read for one question")
    candidates: int = Field(40, ge=1, le=1000, description="passages that each search brings up before fusion")
    not_found_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="probability under which the sources do not say; unset: the reader's own",
    )
    prose: bool = Field(True, description="let the language model word the answer after the quote")
    keep_conversations: bool = Field(True, description="keep what is asked on the page in the library's folder")
    offline: bool = Field(True, description="never download weights")
    host: str = Field("127.0.0.1", description="address that `qa serve` binds to")
    port: int = Field(7860, ge=0, le=65535, description="port that `qa serve` binds to; 0 picks a free one")

    answers_at_once: int = Field(
        2, ge=1, le=1000, description="answers that the language model words at once for programs"
    )
    answers_waiting: int = Field(
        16, ge=0, le=10000, description="answers that may wait for it; more are refused with 429"
    )
    asks_for_key: bool | None = Field(
        None, description="whoever asks must show a key of `qa keys`; unset: where other machines may reach the host"
    )
    keys: Path | None = Field(
        None, description="file of the keys that `qa keys` makes; unset: keys.json in the user's folder of settings"
    )
    log_requests: bool = Field(
        False, description="write a line of JSON for each request to stderr, without a word of questions or documents"
    )

    @property
    def keys_file(self) -> Path:
        """Where the keys are."""
        return self.keys or platformdirs.user_config_path("qa") / "keys.json"

    @property
    def prepares(self) -> bool:
        """Whether a chat brings its library up to date: not when a library was named without its documents."""
        return "library" not in self.model_fields_set or "documents" in self.model_fields_set

    @classmethod
    def load(cls, **flags: Any) -> Self:  # noqa: ANN401 - each flag has its field's type, checked by pydantic
        """The settings in force. Flags that are None count as not given.

        Raises `ConfigError` for an unknown, malformed or out-of-range setting.
        """
        try:
            return cls(**{name: value for name, value in flags.items() if value is not None})
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"]))
            raise ConfigError(
                f"setting {name!r}: {first['msg']} (given: {first['input']!r})",
                f"see `qa config` for every setting; mend the flag, QA_{name.upper()} or {CONFIG_FILE}",
            ) from error
        except ValueError as error:  # the TOML file itself is malformed
            raise ConfigError(f"{config_file()}: {error}", "mend the file, or remove it") from error

    @classmethod
    def origins(cls, **flags: object) -> dict[str, str]:
        """Where each setting that `load` gives for these flags comes from: flag, environment, file or default."""
        given = {name for name, value in flags.items() if value is not None}
        sources = {"flag": given, "environment": EnvSettingsSource(cls)(), "file": _from_file(cls)()}
        return {
            name: next((place for place, names in sources.items() if name in names), "default")
            for name in cls.model_fields
        }

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags first, then the environment, then the file."""
        return init_settings, env_settings, _from_file(settings_cls)


def _from_file(settings: type[BaseSettings]) -> TomlConfigSettingsSource:
    return TomlConfigSettingsSource(settings, config_file())


def config_file() -> Path:
    """The file that settings are read from; it need not exist."""
    return Path(os.environ.get("QA_CONFIG", CONFIG_FILE))
