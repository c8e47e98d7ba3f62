"""What the published description allows, and what it forbids, is sent to a live server, and every reply is checked."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from qa.api import create_app
from tests.api.conftest import served
from tests.surface_fakes import FakeAssistant

schema = schemathesis.openapi.from_dict(create_app(FakeAssistant(), chat=False).openapi())


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(FakeAssistant()) as (address, _):
        yield address


# A schema cannot say that a quote is as long as its offsets tell, or that one message must be the user's; saved answers
# are read leniently, as `qa verify` does.
EXCLUDED: dict[str, list[Any]] = {
    "/v1/chat/completions": [positive_data_acceptance],
    "/v1/verify": [positive_data_acceptance, negative_data_rejection],
}


@schema.parametrize()
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
def test_every_reply_is_as_described(case: schemathesis.Case[Any], address: str) -> None:
    case.call_and_validate(base_url=address, excluded_checks=EXCLUDED.get(case.path, []))
