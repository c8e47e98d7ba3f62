import pytest

from qa.api import claim_port
from qa.errors import ConfigError, PortInUse


def test_a_free_port_is_claimed_and_a_taken_one_refused() -> None:
    with claim_port("127.0.0.1", 0) as claimed:
        port = claimed.getsockname()[1]
        assert port > 0
        with pytest.raises(PortInUse, match=f"port {port} on 127.0.0.1 is in use") as caught:
            claim_port("127.0.0.1", port)
        assert "qa serve --port 0" in caught.value.hint
    with claim_port("127.0.0.1", port) as again:
        assert again.getsockname()[1] == port


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"cannot listen on 203\.0\.113\.1, port 0"):
        claim_port("203.0.113.1", 0)
