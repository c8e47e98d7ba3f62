"""Looks at the folder of documents and at the library; reads no document and answers nothing."""

from collections.abc import Iterator

from qa.config import Config
from qa.doctor.diagnosis import Diagnosis, State
from qa.documents import files_under
from qa.errors import LibraryNotFound, ModelError, QAError
from qa.libraries import open_library
from qa.library import Library
from qa.models import defer_embedder
from qa.render import count


def folder(config: Config) -> Diagnosis:
    """Whether the folder that a chat opens with holds documents; it matters only where no library is named."""
    place, what = config.documents, "documents"
    mend = "put a document there, or name another folder: `qa serve --documents FOLDER`"
    state = State.BROKEN if config.prepares else State.NOTE
    if not place.is_dir():
        return Diagnosis(what, f"there is no folder {place}", state, f"mkdir -p {place}; then {mend}")
    number = sum(1 for _ in files_under(place))
    if not number:
        return Diagnosis(what, f"no document in {place}", state, mend)
    return Diagnosis(what, f"{count(number, 'file')} in {place}")


def library(config: Config) -> Iterator[Diagnosis]:
    """The library as the settings would open it: there, whole, of this embedder, with something in it."""
    what = "library"
    try:
        name = defer_embedder(config.embedder, offline=True).name
    except ModelError:
        name = None  # said of the embedder already
    try:
        with open_library(config.library, name, config.library_key) as opened:
            if isinstance(opened, Library):
                opened.check()
            number = len(opened.about())
            if number:
                yield Diagnosis(what, f"{count(number, 'document')} in {config.library}, undamaged")
            else:
                mend = f"qa index PATH --library {config.library}"
                yield Diagnosis(what, f"{config.library} is empty", State.NOTE, mend)
            if isinstance(opened, Library):
                yield from _vectors(opened)
    except LibraryNotFound as error:
        if "library" in config.model_fields_set:
            yield Diagnosis.broken(what, error)
        else:
            yield Diagnosis(what, f"none in {config.library} yet: the first question builds it")
    except QAError as error:
        yield Diagnosis.broken(what, error)


def _vectors(opened: Library) -> Iterator[Diagnosis]:
    if opened.has_vectors():
        yield Diagnosis("vectors", "the file of vectors is whole")
    else:
        value = "the file of vectors is lost or damaged; the next question makes it again, without embedding"
        yield Diagnosis("vectors", value, State.NOTE, f'qa ask "Who?" --no-prose --library {opened.place}')
