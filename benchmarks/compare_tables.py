"""Rewrites the generated tables of docs/evaluation.md from benchmarks/results; measures nothing itself.

python -m benchmarks.compare_tables            rewrites the page
python -m benchmarks.compare_tables --check    fails when the page is out of date, and writes nothing
"""

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from qa.evaluation import MEASURES, Report, from_json, side_by_side, to_markdown

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "evaluation.md"
COLUMNS = {"qa": "qa.json", "plain LlamaIndex": "llamaindex.json"}
"""Column heading -> result file. All were made on the same questions; a file that is not there is left out."""


def load_reports(results: Path) -> dict[str, Report]:
    """Column heading -> report, for every result file that is there."""
    files = {heading: results / name for heading, name in COLUMNS.items()}
    return {heading: from_json(json.loads(file.read_text())) for heading, file in files.items() if file.exists()}


def generated(reports: dict[str, Report]) -> dict[str, Callable[[], str]]:
    """Name of a generated part -> how its text is made."""
    return {
        "compare": lambda: side_by_side(reports),
        "ours": lambda: to_markdown(reports["qa"]) if "qa" in reports else "Not measured yet.\n",
        "measures": lambda: "".join(f"- **{m.label}**, over {m.over}\n" for m in MEASURES),
    }


def rewritten(page: str, parts: dict[str, Callable[[], str]]) -> str:
    """The page with what stands between `<!-- NAME -->` and `<!-- /NAME -->` made anew, for every part."""
    for name, make in parts.items():
        pattern = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
        page = pattern.sub(lambda _, make=make: make(), page)  # type: ignore[misc]  # a default binds the part
    return page


def main() -> None:
    """Rewrites or checks the page."""
    parser = argparse.ArgumentParser(description="rewrite the generated tables of docs/evaluation.md")
    parser.add_argument("--check", action="store_true", help="fail when the page is out of date")
    page = PAGE.read_text(encoding="utf-8")
    current = rewritten(page, generated(load_reports(RESULTS)))
    if parser.parse_args().check:
        sys.exit("docs/evaluation.md is out of date: run `make docs`" if current != page else 0)
    PAGE.write_text(current, encoding="utf-8")


if __name__ == "__main__":
    main()
