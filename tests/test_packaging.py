"""What is installed elsewhere is whole: the wheel's files, and the image that is made of it."""

import subprocess
import tomllib
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def test_every_file_of_the_package_is_in_the_wheel() -> None:
    """`.ci/wheel` builds one, and looks into it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["qa"]
    carried = {path for pattern in patterns for path in (ROOT / "qa").glob(pattern)}
    listed = subprocess.run(["git", "ls-files", "qa"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / line for line in listed.splitlines()]
    assert [path for path in files if path.suffix != ".py" and path not in carried] == []
    code = {path.parent for path in files if path.suffix == ".py"}
    assert [folder for folder in code if not (folder / "__init__.py").is_file()] == []


@pytest.fixture(scope="module")
def image() -> ModuleType:
    loader = SourceFileLoader("image", str(ROOT / ".ci" / "image"))
    spec = spec_from_loader("image", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def faults(image: ModuleType, folder: Path, change: Callable[[str], str]) -> list[str]:
    """The faults of the Dockerfile after a change."""
    found = image.steps(change((ROOT / "Dockerfile").read_text(encoding="utf-8")))
    return [*image.check_copies(found, folder), *image.check_container(found), *image.check_compose(found)]


def test_the_image_is_sound(image: ModuleType, tmp_path: Path) -> None:
    assert faults(image, tmp_path, lambda text: text) == []
    assert (tmp_path / "qa" / "weights" / "reader.json").is_file()
    assert (tmp_path / "pyproject.toml").is_file()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("USER 10001", "", "it runs as root"),
        ("USER 10001", "USER root", "it runs as root"),
        ("COPY qa qa", "COPY qa qa\nCOPY tests tests", "COPY tests: 0 of"),
        ("COPY qa qa", "COPY qa qa\nCOPY gone.txt ./", "COPY gone.txt: 0 of 0"),
        ("/readyz", "/nowhere", "it has no health check"),
        ("EXPOSE 7860", "EXPOSE 80", "the port of QA_PORT is not exposed"),
        ("QA_DOCUMENTS=", "QA_DOCUMENT=", "a QA_ variable is no setting"),
        ('CMD ["serve"]', 'CMD ["chat"]', "it does not start `qa serve`"),
        ("mkdir /documents /library", "mkdir /library", "a mounted folder is not made in the image"),
        ("python:3.11-slim-bookworm", "python", "a base image has no version"),
    ],
)
def test_a_fault_of_the_image_is_found(image: ModuleType, tmp_path: Path, old: str, new: str, fault: str) -> None:
    found = faults(image, tmp_path, lambda text: text.replace(old, new))
    assert any(fault in each for each in found), found
