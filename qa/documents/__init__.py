"""Turns files, folders and web pages into Documents; knows nothing of passages, models or the library."""

from qa.documents.files import (
    MAXIMUM_BYTES,
    MAXIMUM_PACKED,
    SETTLED_S,
    SUFFIXES,
    file_of,
    file_stamp,
    is_there,
    is_url,
    read_file,
    read_one,
    read_source,
    source_name,
)
from qa.documents.folders import files_under, is_folder, nothing_in, read_paths

__all__ = [
    "MAXIMUM_BYTES",
    "MAXIMUM_PACKED",
    "SETTLED_S",
    "SUFFIXES",
    "file_of",
    "file_stamp",
    "files_under",
    "is_folder",
    "is_there",
    "is_url",
    "nothing_in",
    "read_file",
    "read_one",
    "read_paths",
    "read_source",
    "source_name",
]
