"""The examinations in the order in which one thing rests on another; looks at nothing itself."""

from collections.abc import Iterator

from qa.config import Config
from qa.doctor import documents, machine, models
from qa.doctor.diagnosis import Diagnosis


def examine(config: Config) -> Iterator[Diagnosis]:
    """Everything that the settings name, one by one as it is examined. Takes seconds: weights and library are read."""
    yield machine.word_search()
    yield from machine.settings(config)
    yield models.embedder(config.embedder)
    yield models.reader(config.reader)
    yield models.language_model(config)
    yield from models.offline(config)
    yield documents.folder(config)
    yield from documents.library(config)
    yield from machine.disk(config)
    yield machine.port(config.host, config.port)
    yield from machine.host(config)
