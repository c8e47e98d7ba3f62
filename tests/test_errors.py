"""The tree drawn at the head of the module is the tree of the classes."""

import inspect
import re

import pytest

from qa import errors
from qa.errors import LibraryNotFound, QAError


def _classes() -> dict[str, type[QAError]]:
    return {name: one for name, one in vars(errors).items() if inspect.isclass(one) and issubclass(one, QAError)}


def test_the_drawing_shows_every_error_under_its_parent() -> None:
    drawn: dict[str, str] = {}
    parents = ["QAError"]
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^([│├└─ ]*)(\w+)\b", line)
        if match and match.group(2) in _classes() and match.group(1):
            depth = len(match.group(1)) // 4
            drawn[match.group(2)] = parents[depth - 1]
            parents[depth:] = [match.group(2)]
    written = {name: one.__bases__[0].__name__ for name, one in _classes().items() if name != "QAError"}
    assert drawn == written


def test_an_error_carries_its_hint_in_its_notes_too() -> None:
    error = LibraryNotFound("no library at indexes/x", "qa index PATH --library indexes/x")
    assert str(error) == "no library at indexes/x"
    assert error.hint == "qa index PATH --library indexes/x"
    assert error.__notes__ == ["Hint: qa index PATH --library indexes/x"]


@pytest.mark.parametrize("one", _classes().values(), ids=_classes().keys())
def test_every_error_exits_with_a_code_that_is_not_success(one: type[QAError]) -> None:
    assert 1 <= one.exit_code <= 5
