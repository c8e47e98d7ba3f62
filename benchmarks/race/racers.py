"""Who takes part, how each is started and what its documentation is; starts nothing itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OURS, OURS_WITHOUT_PROSE = "qa", "qa-no-prose"
REQUIREMENTS = Path(__file__).parent / "requirements"


@dataclass(frozen=True, slots=True)
class Racer:
    """One system. heading: as the page calls it.

    environment: names the file of its pinned packages, "" when it needs none. package: the one whose version the page
    states. builds: module:function of benchmarks/race/rivals, "" for ours. flags: of `qa eval run`, for ours.
    """

    name: str
    heading: str
    environment: str = ""
    package: str = ""
    builds: str = ""
    flags: tuple[str, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether it is this program."""
        return not self.builds

    @property
    def requirements(self) -> Path | None:
        """Its pinned packages, None when it needs none."""
        return REQUIREMENTS / f"{self.environment}.txt" if self.environment else None

    @property
    def version(self) -> str:
        """Of its package, as pinned; "" without one."""
        if self.requirements is None:
            return ""
        pins = dict(line.split("==") for line in self.requirements.read_text().splitlines() if "==" in line)
        return pins[self.package]


RACERS: Sequence[Racer] = (
    Racer(OURS, "qa"),
    Racer(OURS_WITHOUT_PROSE, "qa without prose", flags=("--no-prose",)),
    Racer("llamaindex", "LlamaIndex, default engine", "llamaindex", "llama-index-core", "llamaindex:default_engine"),
    Racer(
        "llamaindex-citations", "LlamaIndex, citations", "llamaindex", "llama-index-core", "llamaindex:citation_engine"
    ),
    Racer("haystack", "Haystack 2", "haystack", "haystack-ai", "haystack_rag:pipeline"),
    Racer("paper-qa", "paper-qa", "paperqa", "paper-qa", "paper_qa:docs"),
    Racer("long-context", "long context", builds="long_context:prompt"),
)
BY_NAME = {racer.name: racer for racer in RACERS}
