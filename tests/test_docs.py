"""The documents say what the code says."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_generated_parts_are_up_to_date() -> None:
    pages = [str(page) for page in PAGES if "[[[cog" in page.read_text(encoding="utf-8")]
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", *pages], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"run `make docs`: {done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


def test_the_changelog_begins_with_the_version_that_is_installed() -> None:
    first = re.search(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first is not None
    assert first.group(1) == metadata.version("qa")


def test_every_direct_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = set(
        re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    )
    names = {re.split(r"[<>=\[;]", requirement)[0].strip().lower() for requirement in wanted}
    assert names - {name.lower() for name in locked} == set()


def test_every_module_opens_with_a_promise_and_a_refusal() -> None:
    sys.path.insert(0, str(ROOT))
    from docs import generate

    lines = {
        path.parent.name if path.stem == "__init__" else path.stem: generate.first_line(path)
        for path in generate.modules()
    }
    assert {name for name, line in lines.items() if ";" not in line} == set()


@pytest.mark.model
def test_the_python_examples_of_the_readme_run(tmp_path: Path) -> None:
    examples = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    examples = [each for each in examples if "import openai" not in each]  # tests/api/test_examples.py runs that one
    assert len(examples) == 2
    code = "print('----')\n".join(examples).replace("indexes/mine", str(tmp_path / "library"))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    printed = done.stdout.split("----")
    assert ["Germany should sever ties with DPRK" in each for each in printed] == [True] * len(examples), done.stderr
