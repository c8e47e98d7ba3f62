"""Turns "SMITH: …" lines into turns of speech; knows nothing of quotation marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.names import Names

FEWEST = 2  # one labelled line alone is a heading, not a transcript
_LABEL = re.compile(r"^[ \t]*([A-ZÀ-Þ][\w.’'\-]*(?:[ \t]+[A-ZÀ-Þ][\w.’'\-]*){0,3})[ \t]*:[ \t]+(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Turn:
    """label: offsets of the speaker's name; words: offsets of what is said."""

    label: tuple[int, int]
    words: tuple[int, int]


def turns(text: str, known: Names) -> list[Turn]:
    """The labelled lines of a transcript, none when the text is no transcript."""
    labels = [match for match in _LABEL.finditer(text) if _names_speaker(match[1], known)]
    sure = [match for match in labels if known.complete(match[1]) is not None]
    again = len({match[1] for match in labels}) < len(labels)
    if len(labels) < FEWEST or not (sure or again) or (not sure and len(labels) <= FEWEST):
        return []
    return list(_turns(text, labels))


def _names_speaker(label: str, known: Names) -> bool:
    letters = [character for character in label if character.isalpha()]
    shouted = len(letters) > 1 and all(character.isupper() for character in letters)
    return shouted or (" " in label and known.complete(label) is not None)


def _turns(text: str, labels: list[re.Match[str]]) -> Iterator[Turn]:
    for index, match in enumerate(labels):
        limit = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        blank = text.find("\n\n", match.end(), limit)
        words = text[match.end() : blank if blank >= 0 else limit].rstrip()
        if words:
            yield Turn(match.span(1), (match.end(), match.end() + len(words)))
