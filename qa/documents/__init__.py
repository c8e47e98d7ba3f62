"""Turns files, folders and web pages into Documents; knows nothing of passages, models or the library."""

from qa.documents.files import MAXIMUM_BYTES, SUFFIXES, read_file, read_one, read_source, source_name
from qa.documents.folders import files_under, read_paths

__all__ = [
    "MAXIMUM_BYTES",
    "SUFFIXES",
    "files_under",
    "read_file",
    "read_one",
    "read_paths",
    "read_source",
    "source_name",
]
