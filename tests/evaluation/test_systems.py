import json
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from qa.errors import InputError, ModelFailed
from qa.evaluation.systems import Command, Endpoint, Function, System, open_system
from qa.types import Answer, Outcome
from tests.evaluation.systems import perfect

ANSWER = {"outcome": "unverified", "claims": [{"text": "Echo."}]}
PROGRAM = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["question"] == "stop":
        sys.exit(3)
    text = " ".join([*asked["history"], asked["question"]])
    reply = {"outcome": "unverified", "claims": [{"text": text}]}
    print(json.dumps(reply) if asked["question"] != "talk" else "Hello!", flush=True)
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "echo.py"
    path.write_text(PROGRAM)
    return f"{sys.executable} {path}"


def test_a_command_answers_a_line_with_a_line(program: str) -> None:
    with closing(Command(program)) as system:
        assert system.setup_seconds is None
        first = system.ask("And then?", ("Who – 谁?",))
        assert (first.claims[0].text, first.outcome) == ("Who – 谁? And then?", Outcome.UNVERIFIED)
        assert system.setup_seconds is not None
        assert system.setup_seconds >= 0
        assert system.ask("Why?", ()).claims[0].text == "Why?"
        assert first.timings.total > 0


def test_a_command_that_ends_or_talks_is_a_failure_with_its_question(program: str) -> None:
    with closing(Command(program)) as system:
        with pytest.raises(ModelFailed, match="no JSON for 'talk'"):
            system.ask("talk", ())
        with pytest.raises(ModelFailed, match="ended with code 3 at 'stop'"):
            system.ask("stop", ())
        with pytest.raises(ModelFailed, match="ended with code 3 at 'again'"):
            system.ask("again", ())
    with pytest.raises(InputError, match="cannot be started"):
        open_system("command:/no/such/program")
    with pytest.raises(InputError, match="cannot be started"):
        open_system("command:")


def test_a_changed_script_is_another_system(program: str) -> None:
    with closing(Command(program)) as before, closing(Command(program)) as same:
        assert before.fingerprint == same.fingerprint
    Path(program.split()[-1]).write_text(PROGRAM + "\n")
    with closing(Command(program)) as after:
        assert after.fingerprint != before.fingerprint


class _Server(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        status = 503 if asked["question"] == "busy" else 200
        body = json.dumps(ANSWER | {"question": f"{self.path} {asked['history']}"}).encode()
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Server) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_an_endpoint_is_asked_over_http(url: str) -> None:
    with closing(Endpoint(url)) as system:
        answer = system.ask("Who?", ("When?",))
        assert (answer.claims[0].text, system.process_id) == ("Echo.", None)
        with pytest.raises(ModelFailed, match="status 503 to 'busy'"):
            system.ask("busy", ())
    with closing(Endpoint("http://127.0.0.1:1")) as gone, pytest.raises(ModelFailed, match="refused"):
        gone.ask("Who?", ())


def as_json(question: str, history: tuple[str, ...]) -> dict[str, Any]:
    return ANSWER


def as_words(question: str, history: tuple[str, ...]) -> str:
    return "Echo."


def test_a_function_gives_an_answer_or_its_json() -> None:
    assert open_system("tests.evaluation.test_systems:as_json").ask("Who?", ()).claims[0].text == "Echo."
    given: Answer = perfect("When did the harbour open?", ())
    assert Function("perfect", perfect).ask(given.question, ()) == given
    assert Function("perfect", perfect).fingerprint != Function("as_json", as_json).fingerprint
    with pytest.raises(InputError, match="not an answer"):
        open_system("tests.evaluation.test_systems:as_words").ask("Who?", ())


@pytest.mark.parametrize("name", ["nowhere:ask", "tests.evaluation.systems:nothing"])
def test_functions_that_are_not_there_are_named(name: str) -> None:
    with pytest.raises(InputError, match=name):
        open_system(name)


def test_a_system_is_told_by_how_it_is_written(url: str, program: str) -> None:
    for name, kind in (
        (url, Endpoint),
        (f"command:{program}", Command),
        ("tests.evaluation.systems:perfect", Function),
    ):
        with closing(open_system(name)) as system:
            opened: System = system
            assert isinstance(opened, kind)
    with pytest.raises(InputError, match="system 'ours' is of no known kind"):
        open_system("ours")
