import stat
from pathlib import Path

import pytest

from qa.api.keys import Keys
from qa.errors import ConfigError


def test_a_key_is_known_by_its_owner_and_kept_as_a_hash(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "new" / "keys.json")
    assert (keys.all(), keys.owner("anything")) == ((), None)
    first, second = keys.add("open-webui"), keys.add("notebook")
    assert (keys.owner(first), keys.owner(second)) == ("open-webui", "notebook")
    assert [keys.owner(wrong) for wrong in ("", first[:-1], first.upper(), "\udcff")] == [None] * 4
    text = keys.path.read_text(encoding="utf-8")
    assert first not in text
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert len(first) >= 43


def test_another_process_may_add_and_remove(tmp_path: Path) -> None:
    serving, managing = Keys(tmp_path / "keys.json"), Keys(tmp_path / "keys.json")
    secret = managing.add("script")
    assert serving.owner(secret) == "script"
    managing.remove("script")
    assert serving.owner(secret) is None
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys.json")
    keys.add("one")
    with pytest.raises(ConfigError, match="there is a key for 'one' already"):
        keys.add("one")
    with pytest.raises(ConfigError, match="there is no key for 'two'"):
        keys.remove("two")
    with pytest.raises(ConfigError, match="a key cannot be named 'a b'"):
        keys.add("a b")
    keys.path.write_text('{"keys": [{"name": "x"}]}', encoding="utf-8")
    with pytest.raises(ConfigError, match="holds no keys"):
        keys.owner("x")
