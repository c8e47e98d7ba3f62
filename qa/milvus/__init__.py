"""A library on a Milvus server or in a local file of milvus-lite; knows nothing of files, questions or models."""

from qa.milvus.place import MilvusPlace
from qa.milvus.store import MilvusLibrary

__all__ = ["MilvusLibrary", "MilvusPlace"]
