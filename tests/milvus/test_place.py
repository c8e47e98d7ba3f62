"""Where a library on Milvus is said to be."""

import pytest

from qa.errors import ConfigError
from qa.milvus import MilvusPlace


@pytest.mark.parametrize(
    ("given", "uri", "name"),
    [
        ("milvus://db.example.org:1234/reports", "http://db.example.org:1234", "reports"),
        ("milvus://db/reports_2", "http://db:19530", "reports_2"),
        ("milvus://[::1]:19530/r", "http://[::1]:19530", "r"),
        ("milvus+https://cloud.example.org/r", "https://cloud.example.org:443", "r"),
        ("milvus:indexes/reports.db", "indexes/reports.db", "library"),
    ],
)
def test_an_address_names_a_server_or_a_file_and_a_library(given: str, uri: str, name: str) -> None:
    place = MilvusPlace.of(given)
    assert (place.uri, place.name, str(place)) == (uri, name, given)
    assert place.is_local == uri.endswith(".db")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("milvus:", "must end in .db"),
        ("milvus:.db", "must end in .db"),
        ("milvus:indexes/reports", "must end in .db"),
        ("milvus://host:19530", "lacks a host, or a name"),
        ("milvus:///name", "lacks a host"),
        ("milvus://host/a-b", "lacks a host, or a name"),
        ("milvus://host/a/b", "lacks a host, or a name"),
        ("milvus://host:port/name", "names no Milvus server"),
        ("milvus://host:99999/name", "names no Milvus server"),
    ],
)
def test_what_is_no_address_is_refused_with_one_that_is(given: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        MilvusPlace.of(given)
    assert "milvus://HOST:19530/NAME" in caught.value.hint


@pytest.mark.parametrize("given", ["milvus://root:secret@host/name", "milvus://host/name?token=secret"])
def test_a_password_in_an_address_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(ConfigError, match="nothing but a host, a port and a name") as caught:
        MilvusPlace.of(given)
    assert "QA_LIBRARY_KEY" in caught.value.hint
    assert "secret" not in caught.value.message + caught.value.hint
