"""Draws the plots of docs/ablations.md from benchmarks/results/ablations.json; measures nothing.

    python -m benchmarks.plots            draws docs/images/reliability.svg and docs/images/risk-coverage.svg
    python -m benchmarks.plots --check    fails when a drawing is out of date, and writes nothing

Both show the published set of the ablations, answered without a threshold: so every question has a confidence.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.ablations import RESULTS, SHIPPED, WHOLE, Kept
from qa.evaluation import from_json
from qa.evaluation.page import Plot, reliability, risk_coverage, standalone_svg

IMAGES = Path(__file__).parents[1] / "docs" / "images"


def drawings(kept: Mapping[str, Kept]) -> dict[str, str]:
    """Name of a file -> the SVG in it; nothing where no published set was asked."""
    reports = [from_json(found[WHOLE]) for name, found in kept.items() if name != SHIPPED and WHOLE in found]
    plots = {
        name: plot(reports[0].scores)
        for name, plot in (("reliability", reliability), ("risk-coverage", risk_coverage))
        if reports
    }
    return {f"{name}.svg": standalone_svg(plot) + "\n" for name, plot in plots.items() if isinstance(plot, Plot)}


def main() -> None:
    """Draws or checks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail when a drawing is out of date")
    check = parser.parse_args().check
    for name, drawn in drawings(json.loads(RESULTS.read_text(encoding="utf-8"))).items():
        file = IMAGES / name
        if not check:
            file.write_text(drawn, encoding="utf-8")
        elif not file.is_file() or file.read_text(encoding="utf-8") != drawn:
            sys.exit(f"{file} is out of date: run `make docs`")


if __name__ == "__main__":
    main()
