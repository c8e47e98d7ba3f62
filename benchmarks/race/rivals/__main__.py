"""Starts one rival: python -m benchmarks.race.rivals NAME DOCUMENTS.jsonl; answers stdin line by line."""

import argparse
import importlib
from pathlib import Path

from benchmarks.race.rivals.serving import read_documents, serve


def main() -> None:
    """Indexes the documents and answers until stdin ends."""
    parser = argparse.ArgumentParser(description="answer questions, a JSON line each, with one rival")
    parser.add_argument("rival", help="module:function of benchmarks/race/rivals that builds it")
    parser.add_argument("documents", type=Path, help="JSON Lines of documents: id, title, text")
    parser.add_argument("--made-of", help="hash of what the answers depend on; changes nothing, but tells runs apart")
    given = parser.parse_args()
    module, _, function = given.rival.partition(":")
    build = getattr(importlib.import_module(f"benchmarks.race.rivals.{module}"), function)
    serve(build, read_documents(given.documents))


if __name__ == "__main__":
    main()
