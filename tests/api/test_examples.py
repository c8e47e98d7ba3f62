"""The README's examples for programs, run as they stand there against the real assistant over the seeds."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Assistant, Config, prepare
from tests.api.conftest import served

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README[README.index("## Over HTTP") : README.index("## In a LlamaIndex pipeline")]
SAID = "Germany should sever ties with DPRK"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    config = Config.load(documents=ROOT / "seeds", library=tmp_path_factory.mktemp("library"))
    prepare(config)
    with Assistant.open(config) as assistant, served(assistant) as (address, _):
        yield address


def blocks(language: str, address: str) -> list[str]:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)
    return [each.replace("http://127.0.0.1:7860", address) for each in found]


def test_the_examples_for_curl_run(address: str) -> None:
    (example,) = blocks("sh", address)
    whole, stream, search = [
        subprocess.run(f"{line} -sS", shell=True, capture_output=True, text=True, check=True).stdout
        for line in example.strip().split("\n")
    ]
    answer = json.loads(whole)
    assert answer["outcome"] == "answered"
    assert any(SAID in citation["quote"] for citation in answer["citations"])
    names = re.findall(r"^event: (\w+)$", stream, re.MULTILINE)
    assert (names[:2], names[-1]) == (["retrieved", "found"], "answered")
    assert json.loads(stream.strip().split("data: ")[-1])["text"] == answer["text"]
    assert len(json.loads(search)["passages"]) == 3


def test_the_example_for_openais_client_runs(address: str) -> None:
    (example,) = blocks("python", address)
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=False)
    content, _, annotations = done.stdout.partition("\n{")
    assert "[1]" in content, done.stderr
    assert "**Sources**" in content
    assert SAID in annotations
    assert "'type': 'file_citation'" in annotations
