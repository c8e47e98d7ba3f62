"""Connects to Milvus and lays out a library's two collections there; knows nothing of what a library promises.

pymilvus is used directly. LlamaIndex's MilvusVectorStore (1.2.0) keeps one collection of nodes, with no place for
documents; it adds and deletes nodes without a way to replace one document whole or not at all; it analyses words by
the server's rules and not by those of our other store; and it needs pymilvus below 3.
"""

import importlib.util
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from qa.errors import LibraryError
from qa.milvus.place import MilvusPlace

Row: TypeAlias = dict[str, Any]
Client: TypeAlias = Any

MOST_BYTES = 65_535  # of one VARCHAR
MOST_FOUND = 16_384  # rows of one search or query
VERSION = 1
_PATIENCE_S = 10.0  # for a connection
_AT_ONCE = 500  # rows written in one request: far below the 64 MB that a server takes
_NO_VECTOR = [1.0, 0.0]  # Milvus below 2.6 wants a vector in every collection

# Text counts twice, as a title and a heading count half in FTS5's BM25; with twice the usual k1 of 1.2 that is
# the same formula.
_BM25 = {"bm25_k1": 2.4, "bm25_b": 0.75}


@contextmanager
def mended(place: MilvusPlace) -> Iterator[None]:
    """The errors of pymilvus and gRPC as `LibraryError`."""
    import grpc
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except (MilvusException, grpc.RpcError) as error:
        said = " ".join(str(getattr(error, "message", "") or error).split())
        raise LibraryError(
            f"the library {place} cannot be used: {said}", f"see the log of the server {place.uri}"
        ) from error


def connect(place: MilvusPlace, key: str) -> Client:
    """A client. Raises `LibraryError` when a package is missing, nothing answers, or another process has the file."""
    missing = [name for name in ("pymilvus", "milvus_lite")[: 1 + place.is_local] if not importlib.util.find_spec(name)]
    if missing:
        raise LibraryError(
            f"the library {place} needs the package {missing[0].replace('_', '-')}, which is not installed",
            "install it: `pip install 'qa[milvus]'`",
        )
    from pymilvus import MilvusClient
    from pymilvus.exceptions import MilvusException

    for name in ("pymilvus", "milvus_lite", "grpc._server"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # they log a traceback of every error that they raise
    if place.is_local:
        Path(place.uri).parent.mkdir(parents=True, exist_ok=True)
    try:
        return MilvusClient(place.uri, token=key, timeout=_PATIENCE_S)
    except (MilvusException, OSError, ValueError) as error:
        if place.is_local:
            raise LibraryError(
                f"milvus-lite cannot open {place.uri}: another process may have it open, or it is not its own",
                f"end that process (`fuser {place.uri}/LOCK`), or serve several from a Milvus server: "
                "`--library milvus://HOST:19530/NAME`",
            ) from error
        raise LibraryError(
            f"no Milvus server answers at {place.uri}: {getattr(error, 'message', error)}",
            f"start one, or name another: `curl {place.uri}`; give `library_key` if it wants one",
        ) from error


def lay_documents(client: Client, name: str) -> None:
    """Makes the collection of documents, their texts and what the library says of itself."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False)
    schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=250)
    schema.add_field("document", DataType.VARCHAR, max_length=200)
    schema.add_field("version", DataType.INT64)
    schema.add_field("part", DataType.INT64)
    schema.add_field("content", DataType.VARCHAR, max_length=MOST_BYTES)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=len(_NO_VECTOR))
    indexes = client.prepare_index_params()
    indexes.add_index("vector", index_type="FLAT", metric_type="COSINE")
    _lay(client, name, schema, indexes)


def lay_passages(client: Client, name: str, dimension: int) -> None:
    """Makes the collection of passages with vectors of that dimension."""
    from pymilvus import DataType, Function, FunctionType

    schema = client.create_schema(auto_id=False)
    schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=250)
    schema.add_field("document", DataType.VARCHAR, max_length=200)
    for field in ("version", "start", "end", "page"):
        schema.add_field(field, DataType.INT64)
    schema.add_field("heading", DataType.VARCHAR, max_length=MOST_BYTES)
    schema.add_field("text", DataType.VARCHAR, max_length=MOST_BYTES)
    analysis = {"tokenizer": "standard"}  # the words come as terms; this only parts them again
    schema.add_field("words", DataType.VARCHAR, max_length=MOST_BYTES, enable_analyzer=True, analyzer_params=analysis)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    schema.add_field("weights", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(Function("bm25", FunctionType.BM25, ["words"], ["weights"]))
    indexes = client.prepare_index_params()
    indexes.add_index("vector", index_type="AUTOINDEX", metric_type="COSINE")
    indexes.add_index("weights", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=_BM25)
    _lay(client, name, schema, indexes)


def _lay(client: Client, name: str, schema: object, indexes: Any) -> None:  # noqa: ANN401 - pymilvus is not typed for us
    """Makes what a kill may have left out: the collection, or its indexes; and makes it searchable."""
    if not client.has_collection(name):
        # Session: a client sees what it wrote; what others write is seen a moment later.
        client.create_collection(name, schema=schema, num_shards=1, consistency_level="Session")
    if len(client.list_indexes(name)) < len(indexes):
        client.create_index(name, indexes, sync=False)  # of nothing: there is nothing to wait for
    client.load_collection(name)


def get_dimension(client: Client, name: str) -> int:
    """Of the vectors of the collection; 0 when there is none yet."""
    if not client.has_collection(name):
        return 0
    fields = client.describe_collection(name)["fields"]
    return next(int(field["params"]["dim"]) for field in fields if field["name"] == "vector")


def put(client: Client, name: str, rows: list[Row]) -> None:
    """Adds or replaces rows. Up to 500 are one request, seen by others together."""
    for start in range(0, len(rows), _AT_ONCE):
        client.upsert(name, rows[start : start + _AT_ONCE])


def put_contents(client: Client, name: str, rows: list[Row]) -> None:
    """As `put`, into the collection of documents."""
    put(client, name, [row | {"vector": _NO_VECTOR} for row in rows])


def scan(client: Client, name: str, condition: str, fields: list[str]) -> Iterator[Row]:
    """Every row that meets the condition, however many there are."""
    iterator = client.query_iterator(
        name, batch_size=1_000, filter=condition, output_fields=fields, consistency_level="Strong"
    )
    try:
        while rows := iterator.next():
            yield from rows
    finally:
        iterator.close()


def one_of(field: str, values: list[str]) -> str:
    """The condition that a field has one of these values, none of which holds a quotation mark or a backslash."""
    return f"{field} in {json.dumps(values)}"
