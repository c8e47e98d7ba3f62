"""What a run sends to other machines: nothing. A proxy that takes every connection stands in for the network."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]
SENT_BY = 10.0  # seconds: onnxruntime, left to itself, sends its first events 5 s after it was loaded


@contextmanager
def trap(tried: list[bytes]) -> Iterator[str]:
    """The address of a proxy that adds the beginning of what it is asked for to `tried`, and answers nothing."""

    def listen() -> None:
        while True:
            try:
                taken, _ = listener.accept()
            except OSError:
                return
            with taken:
                taken.settimeout(5)
                tried.append(taken.recv(200))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def through(proxy: str) -> dict[str, str]:
    """An environment in which every library goes through `proxy` to other machines, but not to this one."""
    names = ("http_proxy", "https_proxy", "all_proxy")
    proxies = {each: proxy for name in names for each in (name, name.upper())}
    return {"PATH": os.environ["PATH"], "no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost"} | proxies


@pytest.mark.model
def test_a_server_that_answers_tells_nobody_and_leaves_nothing_behind(tmp_path: Path) -> None:
    for name in ("home", "temporary", "documents"):
        (tmp_path / name).mkdir()
    (tmp_path / "documents" / "bakery.txt").write_text("Ada Brook opened the bakery in 1931.", encoding="utf-8")
    own = {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "qa", "serve", "--port", "0", "--no-prose", "--documents", "documents"]
    tried: list[bytes] = []
    with (
        trap(tried) as proxy,
        subprocess.Popen(command, cwd=tmp_path, env=through(proxy) | own, stdout=subprocess.PIPE, text=True) as server,
    ):
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            began = time.monotonic()
            asked = {"question": "Who opened the bakery?"}
            answer = httpx.post(f"{address}/v1/ask", json=asked, timeout=60, trust_env=False).json()
            page = httpx.get(address, trust_env=False).text
            time.sleep(max(0.0, began + SENT_BY - time.monotonic()))
        finally:
            server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
    assert answer["short"] == "Ada Brook"
    assert "Ask your documents" in page
    assert tried == []
    assert list((tmp_path / "home").iterdir()) == []
    assert list((tmp_path / "temporary").iterdir()) == []
