"""Holds who speaks, as far as the text tells; decides nothing itself."""

from dataclasses import dataclass

from qa.names import Gender
from qa.types import Span


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks.

    text: the full name, the description or the pronoun, verbatim at `named_at`. place: the nearest naming.
    gender: as far as known. resolved: False for a bare pronoun. body: not a person. named: by a name.
    """

    text: str
    place: Span
    named_at: Span
    gender: Gender
    resolved: bool = True
    body: bool = False
    named: bool = True

    def same(self, other: "Speaker") -> bool:
        """Whether both are one speaker, by name."""
        return self.text.casefold() == other.text.casefold()

    @property
    def plural(self) -> bool:
        """Whether several people are meant."""
        parts = self.text.casefold().split()
        return parts[0] in {"two", "three", "four", "some", "several", "many", "both", "others"} or (
            self.text.islower() and parts[-1].endswith("s") and parts[0] not in {"a", "an", "one", "another"}
        )
