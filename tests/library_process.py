"""A process that writes to a library, for tests that kill it or read beside it: FOLDER COUNT; prints each id done."""

import sys
from pathlib import Path

from qa.library import Library
from qa.types import Document, Passage, Span
from tests.fakes import WordEmbedder


def numbered(number: int) -> Document:
    """A document that is the same in every process."""
    text = "\n".join(f"Sentence {n} of text {number} tells of the bridge again." for n in range(8))
    return Document(f"{number:04}", f"Title {number}", (f"{number}.txt",), text)


def passages_of(document: Document) -> tuple[Passage, ...]:
    """One a line: cutting real passages would load Punkt, which takes longer than all the rest."""
    starts = [0, *(place + 1 for place, letter in enumerate(document.text) if letter == "\n")]
    spans = [Span(start, start + len(document.text[start:].partition("\n")[0])) for start in starts]
    return tuple(Passage(document.id, span, span.within(document.text)) for span in spans)


def main(folder: Path, count: int) -> None:
    """Adds documents 0 to `count`, those that are there already once more."""
    embedder = WordEmbedder()
    with Library.create(folder, embedder.name) as store:
        for document in map(numbered, range(count)):
            passages = passages_of(document)
            store.add(document, passages, embedder.embed([passage.text for passage in passages]))
            sys.stdout.write(f"{document.id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
