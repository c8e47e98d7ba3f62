import pytest

from qa.config import Config
from qa.outside import outside

REMOTE = "https://models.example/v1#large"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, ()),
        ({"language_model": "models/small.gguf"}, ()),
        ({"language_model": "http://127.0.0.1:11434/v1#llama"}, ()),
        ({"language_model": "http://localhost:1/v1#llama", "library": "milvus://127.0.0.1:19530/a"}, ()),
        ({"language_model": REMOTE}, ("questions and quotes go to the language model at models.example",)),
        ({"language_model": REMOTE, "prose": False}, ()),
        ({"library": "milvus+https://vectors.example/a"}, ("the documents are kept on vectors.example",)),
        ({"library": "milvus:here.db"}, ()),
        ({"offline": False}, ("missing weights may be downloaded",)),
    ],
)
def test_what_goes_to_another_machine_is_named(settings: dict[str, object], said: tuple[str, ...]) -> None:
    assert outside(Config.load(**settings)) == said
