"""The SDK's own client reaches the tools over HTTP and over stdio, as a user's client does."""

import asyncio
import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from qa.api import Limits, claim_port, create_app
from qa.api.application import service_of
from qa.cli import app
from tests import running
from tests.mcp.test_tools import NAMES
from tests.surface_fakes import ANSWERED, QUOTE, TEXT, FakeAssistant

ROOT = Path(__file__).resolve().parents[2]
HERE = "http://127.0.0.1:7860"
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPTED = {"accept": "application/json, text/event-stream"}


@contextmanager
def served(chat: bool) -> Iterator[str]:
    """The address of a server with the scripted assistant."""
    with claim_port("127.0.0.1", 0) as claimed:
        server = uvicorn.Server(uvicorn.Config(create_app(FakeAssistant(), chat), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [claimed]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{claimed.getsockname()[1]}/mcp"
        finally:
            server.should_exit = True
            thread.join(30)


async def everything(client: Client) -> dict[str, Any]:
    """Lists the tools and calls each of them."""
    assert [tool.name for tool in (await client.list_tools()).tools] == NAMES

    async def call(tool: str, **arguments: Any) -> dict[str, Any]:
        result = await client.call_tool(tool, arguments)
        assert not result.is_error, result.content
        assert isinstance(result.structured_content, dict)
        return result.structured_content

    answer = await call("ask", question=ANSWERED.question)
    cited = answer["citations"][0]
    place = {name: cited[name] for name in ("document_id", "start", "end")}
    return {
        "ask": answer,
        "search": await call("search", question=ANSWERED.question, count=1),
        "read_passage": await call("read_passage", **place),
        "statements": await call("statements", speaker="Brook"),
        "verify": await call("verify", quotes=[{name: cited[name] for name in ("quote", "document_id", "start")}]),
    }


def asked(connected: Callable[[], Client]) -> dict[str, Any]:
    async def run() -> dict[str, Any]:
        async with connected() as client:
            return await everything(client)

    return running.run(asyncio.wait_for(run(), 60))


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_all_tools_over_http_beside_the_page(mode: str) -> None:
    with served(chat=mode == "auto") as address:
        got = asked(lambda: Client(address, mode=mode))
    assert got["ask"]["short"] == "Ada Brook"
    assert got["read_passage"]["text"] == QUOTE
    assert got["statements"]["total"] == 1
    assert got["verify"]["all_stand"] is True
    assert got["search"]["passages"][0]["found_by"] == "both"


def test_over_http_the_tools_wait_their_turn_and_are_refused_like_others() -> None:
    assistant = FakeAssistant(hold=threading.Event())
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    asking = call | {"params": {"name": "ask", "arguments": {"question": ANSWERED.question}}}
    limits = Limits(answers=1, waiting=0)
    with TestClient(create_app(assistant, chat=False, limits=limits), base_url=HERE) as client:
        service = service_of(client.app)  # type: ignore[arg-type]  # what a TestClient calls its application
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(client.post, "/mcp", json=asking, headers=ACCEPTED)
            running.until(lambda: service.busy)
            second = client.post("/mcp", json=asking, headers=ACCEPTED).json()["result"]
            assert assistant.hold is not None
            assistant.hold.set()
            answer = first.result(30).json()["result"]
        assert second["isError"]
        assert re.search(r"1 answers are being made or waited for \(ask again in \d+ s\)", second["content"][0]["text"])
        assert answer["structuredContent"]["short"] == "Ada Brook"
        assert not service.busy


def test_a_foreign_page_and_a_foreign_name_reach_no_tool() -> None:
    with TestClient(create_app(FakeAssistant(), chat=False), base_url=HERE) as client:
        listed = client.post("/mcp", json=LIST, headers=ACCEPTED)
        assert listed.status_code == 200
        assert listed.headers["content-security-policy"]
        assert [tool["name"] for tool in listed.json()["result"]["tools"]] == NAMES
        foreign_page = client.post("/mcp", json=LIST, headers=ACCEPTED | {"origin": "http://evil.example"})
        foreign_name = client.post("/mcp", json=LIST, headers=ACCEPTED | {"host": "evil.example"})
        assert [reply.json()["type"] for reply in (foreign_page, foreign_name)] == [
            "urn:qa:error:ForeignOrigin",
            "urn:qa:error:ForeignHost",
        ]
        page = client.post("/mcp", content=b"question=x", headers={"content-type": "text/plain", **ACCEPTED})
        assert page.status_code == 400  # what a page elsewhere may send without asking first


@pytest.mark.model
def test_the_settings_of_the_readme_start_a_server_on_stdio(tmp_path: Path) -> None:
    (tmp_path / "bakery.md").write_text(TEXT, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        app(["index", str(tmp_path / "bakery.md"), "--library", str(tmp_path / "indexes/mine")], prog_name="qa")
    assert not left.value.code
    (block,) = re.findall(r"```json\n(\{\"mcpServers\".*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (settings,) = json.loads(block)["mcpServers"].values()
    parameters = StdioServerParameters(
        command="sh",
        args=["-c", '"$0" "$@" | tee printed', str(ROOT / settings["command"]), *settings["args"]],
        env={"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), "QA_PROSE": "false"},
        cwd=tmp_path,
    )
    with (tmp_path / "errors").open("w", encoding="utf-8") as errors:
        got = asked(lambda: Client(stdio_client(parameters, errlog=errors)))
    assert got["ask"]["short"] == "Ada Brook"
    cited = got["ask"]["citations"][0]
    assert got["read_passage"]["text"] == cited["quote"] == TEXT[cited["start"] : cited["end"]]
    assert (got["verify"]["all_stand"], got["statements"]["total"]) == (True, 1)
    printed = (tmp_path / "printed").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["jsonrpc"] for line in printed} == {"2.0"}  # the protocol and nothing else
    assert "Traceback" not in (tmp_path / "errors").read_text(encoding="utf-8")
