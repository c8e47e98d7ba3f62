"""Every way this package fails, drawn as a tree, each with a hint; knows nothing of how errors are shown.

QAError
├── ConfigError             a setting is unknown, malformed or out of range
├── InputError              what was given cannot be used
│   ├── NoDocuments         a folder or a list of paths holds nothing readable
│   ├── UnreadableDocument  one file cannot be read as text
│   ├── BadQuestion         an empty or over-long question
│   ├── BadQuestionFile     a line of a question file is malformed
│   └── BadBackup           a file is no backup of a library, or a damaged one
├── LibraryError            the built library cannot be used
│   ├── LibraryNotFound     there is no library at the place named
│   ├── LibraryMismatch     it was built with another embedder or splitter
│   ├── LibraryCorrupt      its database cannot be read
│   ├── DocumentNotFound    it holds no document with that id
│   └── ConversationNotFound  no conversation is kept under that id
├── ModelError              weights or an endpoint cannot be used
│   ├── ModelNotFound       no such weights here
│   ├── ModelCorrupt        the weights differ from their pinned sha256
│   ├── ModelOffline        the weights would have to be downloaded, and that is not allowed or fails
│   └── ModelFailed         a loaded model or its server gave no usable reply
├── Busy                    a server has as much to do as it takes on
└── PortInUse               a server's port is taken
"""

from collections.abc import Sequence
from typing import Self


class QAError(Exception):
    """Root of all errors that a user may see. exit_code: what the command line exits with.

    :param message: names the thing and the value.
    :param hint: the command or the step that mends it.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.add_note(f"Hint: {hint}")


class ConfigError(QAError):
    """Raised when a setting is unknown, malformed or out of range."""

    exit_code = 2


class InputError(QAError):
    """Raised when what the user gave cannot be used."""

    exit_code = 2


class NoDocuments(InputError):
    """Raised when a folder or a list of paths holds nothing readable."""


class UnreadableDocument(InputError):
    """Raised when one file cannot be read as text."""


class BadQuestion(InputError):
    """Raised for an empty or over-long question."""


class BadQuestionFile(InputError):
    """Raised when a line of a question file is malformed."""


class BadBackup(InputError):
    """Raised when a file is no backup of a library, or a damaged one."""


class LibraryError(QAError):
    """Raised when the built library cannot be used."""

    exit_code = 3


class LibraryNotFound(LibraryError):
    """Raised when there is no library at the place named."""


class LibraryMismatch(LibraryError):
    """Raised when a library was built with another embedder or splitter."""


class LibraryCorrupt(LibraryError):
    """Raised when a library's database cannot be read."""


class DocumentNotFound(LibraryError):
    """Raised when a library holds no document with the id asked for."""

    @classmethod
    def of(cls, document_id: str, place: str) -> Self:
        """For an id that no document of the library at `place` has."""
        return cls(f"no document {document_id!r} in {place}", f"see `qa documents list --library {place}`")

    @classmethod
    def ambiguous(cls, name: str, ids: Sequence[str], place: str) -> Self:
        """For a name that several documents of the library at `place` go by."""
        return cls(f"{len(ids)} documents of {place} go by {name!r}", f"say which: {', '.join(ids)}")


class ConversationNotFound(LibraryError):
    """Raised when no conversation is kept under the id asked for."""


class ModelError(QAError):
    """Raised when weights or an endpoint cannot be used."""

    exit_code = 4


class ModelNotFound(ModelError):
    """Raised when no weights stand under the name or path given."""


class ModelCorrupt(ModelError):
    """Raised when weights differ from their pinned sha256."""


class ModelOffline(ModelError):
    """Raised when weights would have to be downloaded, and that is not allowed or fails."""


class ModelFailed(ModelError):
    """Raised when a loaded model or its server gave no usable reply."""


class Busy(QAError):
    """Raised when a server has as much to do as it takes on. seconds: after which to ask again."""

    seconds = 1

    @classmethod
    def of(cls, what: str, taken: int, seconds: int) -> Self:
        """For the `taken` pieces of work that run or wait."""
        error = cls(f"{taken} {what} are being made or waited for", f"ask again in {seconds} s")
        error.seconds = seconds
        return error


class PortInUse(QAError):
    """Raised when a server's port is taken."""

    exit_code = 5
