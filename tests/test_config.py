"""Where a setting comes from, and what is said of a bad one."""

from pathlib import Path

import pytest

from qa.config import Config
from qa.errors import ConfigError


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_flag_beats_environment_beats_file_beats_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Config.load().passages == 8
    Path("qa.toml").write_text("passages = 3\nport = 9000\n", encoding="utf-8")
    assert Config.load().passages == 3
    monkeypatch.setenv("QA_PASSAGES", "4")
    assert Config.load().passages == 4
    assert Config.load(passages=5).passages == 5
    assert Config.load(passages=None).port == 9000


def test_another_file_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.toml"
    other.write_text("candidates = 7\n", encoding="utf-8")
    monkeypatch.setenv("QA_CONFIG", str(other))
    assert Config.load().candidates == 7


def test_an_out_of_range_setting_names_itself_and_its_value() -> None:
    with pytest.raises(ConfigError, match=r"setting 'passages'.*less than or equal to 50.*given: 500"):
        Config.load(passages=500)


def test_an_unknown_setting_in_the_file_is_an_error() -> None:
    Path("qa.toml").write_text("pasages = 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="setting 'pasages'"):
        Config.load()


def test_a_malformed_file_is_named() -> None:
    Path("qa.toml").write_text("passages = = 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"qa\.toml"):
        Config.load()


def test_a_key_is_never_shown() -> None:
    assert "secret" not in repr(Config.load(language_model_key="secret", library_key="secret"))


@pytest.mark.parametrize("place", ["milvus://host:19530/name", "milvus+https://host/name", "milvus:some/file.db"])
def test_a_library_on_milvus_is_no_path(place: str) -> None:
    assert Config.load(library=place).library == place
    assert Config.load(library="milvus").library == Path("milvus")
