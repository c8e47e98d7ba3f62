"""Looks at the weights and endpoints that the settings name; loads none but an embedder that is not the default."""

from collections.abc import Iterator
from pathlib import Path

from qa.config import Config
from qa.doctor.diagnosis import Diagnosis, State
from qa.errors import QAError
from qa.models import weights
from qa.models.endpoints import endpoint_of, is_endpoint, listed_models
from qa.models.language_model import named_file
from qa.outside import leaving


def embedder(name: str) -> Diagnosis:
    """The embedder's weights; any but the default's are loaded to see whether they can be."""
    what = "embedder"
    try:
        if name == weights.DEFAULT_EMBEDDER:
            weights.checked_packaged_file(weights.EMBEDDER)
            return Diagnosis(what, f"{name}, sha256 as published")
        from qa.models import load_embedder

        return Diagnosis(what, f"{load_embedder(name, offline=True).name} can be loaded")
    except QAError as error:
        return Diagnosis.broken(what, error)


def reader(name: str) -> Diagnosis:
    """The reader's files, each against the sha256 in its description."""
    what = "reader"
    if name == "sentence":
        return Diagnosis(what, "sentence: without trained weights", State.NOTE, "set QA_READER=default")
    folder = weights.READER_FOLDER if name == "default" else Path(name)
    try:
        _, files = weights.reader_files(folder)
        for path, sha256 in files.items():
            weights.check_sha256(path, sha256, weights.MEND_READER)
    except QAError as error:
        return Diagnosis.broken(what, error)
    return Diagnosis(what, f"{name}, sha256 of {len(files)} files as trained")


def language_model(config: Config) -> Diagnosis:
    """The language model's file, or its endpoint, which is asked for its models."""
    what, name = "language model", config.language_model
    if name == "none" or not config.prose:
        return Diagnosis(what, "none: exact answers and quotes only")
    try:
        if name == "default":
            weights.checked_packaged_file(weights.LANGUAGE_MODEL)
            return Diagnosis(what, f"{weights.DEFAULT_LANGUAGE_MODEL}, sha256 as published")
        if is_endpoint(name):
            return _endpoint(name, config.language_model_key)
        return Diagnosis(what, f"{named_file(name, offline=True)} is a GGUF file")
    except QAError as error:
        return Diagnosis.broken(what, error)


def _endpoint(address: str, key: str) -> Diagnosis:
    endpoint = endpoint_of(address, key)
    models = listed_models(endpoint)
    if endpoint.model in models or f"{endpoint.model}:latest" in models:
        return Diagnosis("language model", f"{address} answers")
    value = f"{endpoint.base_url} lists no model {endpoint.model!r}, but {', '.join(models) or 'none'}"
    mend = f"set QA_LANGUAGE_MODEL={endpoint.base_url}#{models[0] if models else 'MODEL'}"
    return Diagnosis("language model", value, State.NOTE, mend)  # some servers answer under any name


def offline(config: Config) -> Iterator[Diagnosis]:
    """What the settings let leave this machine, or OK when nothing."""
    sent = [Diagnosis("offline", each.said, State.NOTE, each.mend) for each in leaving(config)]
    yield from sent or [Diagnosis("offline", "nothing leaves this machine")]
