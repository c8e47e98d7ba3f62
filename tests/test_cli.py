import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from qa.api import claim_port
from qa.cli import app, guarded
from qa.cli.asking import _examples
from qa.cli.keying import keys_asked_for
from qa.cli.options import print_json, stdout
from qa.config import Config
from qa.errors import BadQuestion, LibraryNotFound, PortInUse
from qa.indexing import index
from qa.library import Library
from qa.render import count, to_json
from qa.types import Citation, Claim, Document, Quote, Span, Support
from tests.fakes import WordEmbedder
from tests.surface_fakes import ANSWERED

COMMANDS = (
    "ask",
    "chat",
    "documents",
    "index",
    "statements",
    "serve",
    "keys",
    "mcp",
    "models",
    "config",
    "doctor",
    "backup",
    "restore",
    "eval",
    "verify",
)


@dataclass(frozen=True)
class Run:
    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str, folder: Path | None = None, stdin: str = "", **environment: str) -> Run:
    """`qa` as a user starts it, in this process: what a process of its own adds is tested below."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        for name, value in ({"COLUMNS": "100"} | environment).items():
            patch.setenv(name, value)
        with contextlib.chdir(folder or "."), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = ends_with(lambda: app(arguments, prog_name="qa"))
    return Run(code or 0, out.getvalue(), err.getvalue())


def ends_with(work: Callable[[], Any]) -> Any:  # a process's exit code
    """The exit code with which `guarded` leaves, None when it returns."""
    try:
        guarded(work)
    except SystemExit as leaving:
        return leaving.code
    return None


def raising(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def test_our_error_is_two_lines_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert ends_with(raising(LibraryNotFound("no library at\nx\x1b[2J", "qa index PATH"))) == 3
    assert capsys.readouterr() == ("", "Error: no library at x⟨U+001B⟩[2J\nHint: qa index PATH\n")


@pytest.mark.parametrize(("error", "code"), [(BadQuestion("a", "b"), 2), (PortInUse("a", "b"), 5)])
def test_each_error_has_its_exit_code(error: Exception, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert ends_with(raising(error)) == code
    assert capsys.readouterr().err == "Error: a\nHint: b\n"


def test_an_unexpected_error_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert ends_with(raising(KeyError("x"))) == 1
    assert capsys.readouterr().err == (
        "Error: unexpected KeyError: 'x'\nHint: this is a fault of qa; please report it with what QA_DEBUG=1 shows\n"
    )


def test_debugging_shows_the_traceback(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_DEBUG", "1")
    assert ends_with(raising(BadQuestion("a", "b"))) == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_very_long_error_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    ends_with(raising(BadQuestion("x" * 100_000, "b")))
    assert len(capsys.readouterr().err) < 600


def test_control_c_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert ends_with(raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr() == ("", "")


def test_a_command_that_works_just_returns() -> None:
    assert ends_with(lambda: None) is None


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    shown = run(command, "--help")
    assert shown.returncode == 0
    assert re.search(rf"Example: +(\w+=\S+ )?qa {command}", shown.stdout)
    assert shown.stderr == ""


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom qa.cli import main\nsys.argv = ['qa', '--help']\n"
        "try:\n    main()\nexcept SystemExit as leaving:\n    assert not leaving.code\n"
        "heavy = {'torch', 'gradio', 'llama_index', 'faiss', 'onnxruntime', 'sentence_transformers', 'fastapi'}\n"
        "heavy |= {'trafilatura', 'pypdf', 'docx', 'pptx', 'openpyxl', 'lxml', 'bs4', 'markdownify', 'defusedxml'}\n"
        "heavy |= {'mcp'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False)
    assert (shown.returncode, shown.stderr) == (0, "")
    for command in COMMANDS:
        assert f" {command} " in shown.stdout


def test_version() -> None:
    assert re.fullmatch(r"qa \d+\.\d+\.\d+\n", run("--version").stdout)


def test_an_unknown_command_is_a_usage_error() -> None:
    shown = run("answer")
    assert shown.returncode == 2
    assert "No such command" in shown.stderr
    assert shown.stdout == ""


def test_config_shows_each_setting_and_where_it_is_from(tmp_path: Path) -> None:
    (tmp_path / "qa.toml").write_text("port = 1\nhost = '::1'\npassages = 5\n", encoding="utf-8")
    environment = {"QA_PORT": "1234", "QA_HOST": "127.0.0.2", "QA_LANGUAGE_MODEL_KEY": "secret"}
    shown = run("config", "--json", "--host", "127.0.0.3", "--no-prose", folder=tmp_path, **environment)
    settings = json.loads(shown.stdout)
    assert settings["host"] == {"value": "127.0.0.3", "from": "flag"}
    assert settings["prose"] == {"value": False, "from": "flag"}
    assert settings["port"] == {"value": 1234, "from": "environment"}
    assert settings["passages"] == {"value": 5, "from": "file"}
    assert settings["library"] == {"value": "indexes/default", "from": "default"}
    assert settings["language_model_key"] == {"value": "***", "from": "environment"}
    table = run("config", folder=tmp_path, QA_PORT="1234", COLUMNS="200").stdout
    assert re.search(r"port +│ 1234 +│ environment +│ 7860 +│ port that", table)
    assert re.search(r"library +│ indexes/default +│ default +│ indexes/default +│ folder of", table)


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "message"),
    [
        (["ask"], {}, 2, "give one question, or --questions FILE"),
        (["ask", "x", "--questions", "y"], {}, 2, "give one question, or --questions FILE"),
        (["ask", "--questions", "nowhere.jsonl"], {}, 2, "nowhere.jsonl"),
        (["index", "nowhere"], {}, 2, "nowhere"),
        (["index", "empty"], {}, 2, "empty"),
        (["index", "binary.txt"], {}, 2, "binary.txt"),
        (["index", "http://localhost:9/a"], {}, 2, "is on this machine or in its own network"),
        (["index", "file:///etc/passwd"], {}, 2, "file:///etc/passwd: cannot be fetched"),
        (["statements", "empty"], {}, 2, "empty"),
        (["statements", "--library", "nowhere"], {}, 3, "nowhere"),
        (["statements", "--json", "--csv"], {}, 2, "exclude each other"),
        (["documents", "list", "--library", "nowhere"], {}, 3, "nowhere"),
        (["ask", "Who?", "--after", "May"], {}, 2, "not a day: 'May'"),
        (["documents", "show", "x", "--library", "nowhere"], {}, 3, "nowhere"),
        (["documents", "remove", "x", "--library", "nowhere"], {}, 3, "nowhere"),
        (["eval", "run", "nowhere.jsonl"], {}, 2, "nowhere.jsonl"),
        (["config"], {"QA_PORT": "high"}, 2, "port"),
        (["serve", "--host", "0.0.0.0", "--port", "0"], {"QA_KEYS": "binary.txt"}, 2, "binary.txt holds no keys"),
        (["keys", "remove", "nobody"], {"QA_KEYS": "none.json"}, 2, "there is no key for 'nobody'"),
        (["serve", "--host", "203.0.113.1"], {}, 2, "cannot listen on 203.0.113.1"),
    ],
)
def test_bad_input_is_one_error_and_one_hint(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], code: int, message: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\xfd\x00\x81")
    shown = run(*arguments, folder=tmp_path, **environment)
    assert (shown.returncode, shown.stdout) == (code, "")
    assert re.fullmatch(r"Error: [^\n]+\nHint: [^\n]+\n", shown.stderr)
    assert message in shown.stderr


def test_a_taken_port_is_met_before_anything_is_loaded(tmp_path: Path) -> None:
    with claim_port("127.0.0.1", 0) as claimed:
        port = claimed.getsockname()[1]
        shown = run("serve", "--port", str(port), folder=tmp_path)
    assert (shown.returncode, shown.stdout) == (5, "")
    assert shown.stderr == f"Error: port {port} on 127.0.0.1 is in use\nHint: take a free one: `qa serve --port 0`\n"


SAID = 'Ada Brook opened the bakery in 1921. "Bread is older than kings," Ada Brook said.\n'


def test_statements_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "bakery.md").write_text(SAID, encoding="utf-8")
    shown = run("statements", "bakery.md", "--json", "--speaker", "brook", folder=tmp_path)
    (row,) = json.loads(shown.stdout)
    assert (row["speaker"], row["cue"]) == ("Ada Brook", "said")
    assert SAID[row["start"] : row["end"]] == row["quote"]
    lines = run("statements", "bakery.md", "--csv", folder=tmp_path).stdout.splitlines()
    assert lines[0].startswith("speaker,cue,words,reported,document_id,start,end,quote")
    assert len(lines) == 2
    plain = run("statements", "bakery.md", folder=tmp_path)
    assert plain.stdout.startswith("Ada Brook (said): “Bread is older than kings")
    assert plain.stderr == "1 statement.\n"
    nobody = run("statements", "bakery.md", "--json", "--speaker", "nobody", folder=tmp_path)
    assert json.loads(nobody.stdout) == []
    assert nobody.stderr == "No speaker's name holds 'nobody'; there are Ada Brook.\n"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder in which "built" is a library of two documents, one of them of two places and hostile."""
    documents = [
        Document("a1f0", "The bakery", ("files/bakery.md", "copy.md"), SAID, (), {"author": "Ann Lee"}),
        Document("b2e9", "Evil\x1b[2J", ("evil.txt",), "The marigold\x1b[2J is red.\n"),
    ]
    with Library.create(tmp_path / "built", "fake-words") as library:
        index(library, documents, WordEmbedder())
    return tmp_path


def test_documents_are_listed(kept: Path) -> None:
    shown = run("documents", "list", "--library", "built", folder=kept)
    assert (shown.returncode, shown.stderr) == (0, "2 documents.\n")
    assert re.search(r"a1f0 +│ The bakery +│ +82 │ files/bakery.md", shown.stdout)
    assert re.search(r"b2e9 +│ Evil⟨U\+001B⟩\[2J ", shown.stdout)
    rows = json.loads(run("documents", "list", "--library", "built", "--json", folder=kept).stdout)
    assert rows[0] == {
        "id": "a1f0",
        "title": "The bakery",
        "sources": ["files/bakery.md", "copy.md"],
        "characters": 82,
        "pages": None,
        "metadata": {"author": "Ann Lee"},
    }


def test_documents_are_listed_by_source_and_title(kept: Path) -> None:
    for options, ids in (
        (["--source", "*.md"], ["a1f0"]),
        (["--title", "evil"], ["b2e9"]),
        (["--after", "2024-01-01"], []),
    ):
        shown = run("documents", "list", "--library", "built", "--json", *options, folder=kept)
        assert [row["id"] for row in json.loads(shown.stdout)] == ids


@pytest.mark.parametrize("name", ["a1f0", "a", "copy.md", "files/bakery.md"])
def test_a_document_is_shown(kept: Path, name: str) -> None:
    shown = run("documents", "show", name, "--library", "built", folder=kept)
    assert (shown.returncode, shown.stderr) == (0, "")
    about, _, text = shown.stdout.partition("\n\n")
    assert about.splitlines() == [
        *("id: a1f0", "title: The bakery", "sources: files/bakery.md, copy.md", "characters: 82"),
        *("passages: 1", "author: Ann Lee"),
    ]
    assert text == SAID + "\n"
    row = json.loads(run("documents", "show", name, "--library", "built", "--json", folder=kept).stdout)
    assert (row["id"], row["text"], row["passages"]) == ("a1f0", SAID, 1)


def test_documents_are_erased_all_or_none(kept: Path) -> None:
    shown = run("documents", "remove", "b2e9", "c3", "--library", "built", folder=kept)
    assert (shown.returncode, shown.stdout) == (3, "")
    assert shown.stderr.startswith("Error: no document 'c3' in built\nHint: see `qa documents list --library built`")
    shown = run("documents", "remove", "evil.txt", "--library", "built", folder=kept)
    assert (shown.returncode, shown.stdout) == (0, "")
    assert shown.stderr == "Erased b2e9: Evil⟨U+001B⟩[2J (evil.txt)\n"
    assert not any(b"marigold" in path.read_bytes() for path in (kept / "built").iterdir())
    assert run("documents", "list", "--library", "built", folder=kept).stderr == "1 document.\n"


def saved_answer(quote: str, start: int, question: str = "Who?") -> str:
    """What was saved of an answer that quotes `quote` out of bakery.md."""
    made = Citation(1, Quote("d", Span(start, start + len(quote)), quote), "Bakery", "bakery.md", None, "", "")
    claim = Claim(quote, (1,), Support.QUOTED)
    return json.dumps(to_json(replace(ANSWERED, question=question, citations=(made,), claims=(claim,))))


@pytest.mark.parametrize(
    ("quote", "start", "state", "code"),
    [
        ("Ada Brook opened", 0, "verified", 0),
        ("opened the bakery", 3, "moved", 0),
        ("Ada Brook opened the bakery in 1922.", 0, "changed", 1),
        ("Whales sing in the northern sea.", 0, "missing", 1),
    ],
)
def test_verify_leaves_with_0_only_when_every_quote_stands(
    tmp_path: Path, quote: str, start: int, state: str, code: int
) -> None:
    (tmp_path / "bakery.md").write_text(SAID, encoding="utf-8")
    (tmp_path / "answer.json").write_text(saved_answer(quote, start), encoding="utf-8")
    shown = run("verify", "answer.json", folder=tmp_path)
    assert shown.returncode == code
    assert shown.stdout.splitlines()[0] == f"{state:8} [1] bakery.md: {quote}"
    assert shown.stderr == f"{1 - code} of 1 quote stand.\n"
    against = run("verify", "answer.json", "--against", "bakery.md", "--json", folder=tmp_path)
    assert [verdict["state"] for verdict in json.loads(against.stdout)] == [state]


def test_verify_takes_many_answers_and_one_that_falls_decides(tmp_path: Path) -> None:
    (tmp_path / "bakery.md").write_text(SAID, encoding="utf-8")
    lines = [saved_answer("Ada Brook opened", 0, "Who opened it?"), saved_answer("Whales sing", 0, "What sings?")]
    shown = run("verify", "-", folder=tmp_path, stdin="\n".join(lines))
    assert shown.returncode == 1
    assert shown.stdout.splitlines() == [
        *("Who opened it?", "verified [1] bakery.md: Ada Brook opened"),
        *("What sings?", "missing  [1] bakery.md: Whales sing"),
    ]
    assert shown.stderr == "1 of 2 quotes stand.\n"
    rows = json.loads(run("verify", "-", "--json", folder=tmp_path, stdin="\n".join(lines)).stdout)
    assert [(row["question"], row["state"]) for row in rows] == [
        ("Who opened it?", "verified"),
        ("What sings?", "missing"),
    ]


def test_verify_finds_a_file_that_was_renamed_or_lies_beside_the_answer(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "bakery.md").write_text(SAID, encoding="utf-8")
    (folder / "answer.json").write_text(saved_answer("Ada Brook opened", 0), encoding="utf-8")
    assert run("verify", "kept/answer.json", folder=tmp_path).returncode == 0
    (folder / "bakery.md").rename(folder / "old bakery.txt")
    gone = run("verify", "kept/answer.json", folder=tmp_path)
    assert (gone.returncode, gone.stdout) == (
        1,
        "missing  [1] bakery.md: Ada Brook opened (its document is not there)\n",
    )
    assert "Give --against FILE, --against FOLDER or --library DIR." in gone.stderr
    found = run("verify", "kept/answer.json", "--against", "kept", folder=tmp_path)
    assert (found.returncode, found.stderr) == (0, "1 of 1 quote stand.\n")
    assert found.stdout == "moved    [1] bakery.md: Ada Brook opened (now in kept/old bakery.txt)\n"


@pytest.mark.parametrize("text", ["", "[]", "{}", "\xff", '{"citations": 1}', '{"citations": [{"source": 1}]}'])
def test_what_is_no_answer_is_not_verified(tmp_path: Path, text: str) -> None:
    (tmp_path / "answer.json").write_text(text, encoding="latin-1")
    shown = run("verify", "answer.json", folder=tmp_path)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert re.fullmatch(r"Error: [^\n]+\nHint: [^\n]+\n", shown.stderr)


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "many.txt").write_text(SAID * 300, encoding="utf-8")
    line = f"{sys.executable} -m qa statements many.txt --json | head -1"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    shown = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "[\n", "")


def test_one_question_with_its_history_is_one_example() -> None:
    (example,) = _examples("And when?", None, ["Who?", "Where?"])
    assert (example.question, example.history) == ("And when?", ("Who?", "Where?"))


def test_a_question_file_is_many_examples(tmp_path: Path) -> None:
    lines = [{"id": "a", "question": "Who?"}, {"id": "b", "question": "When?", "history": ["Who?"]}]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    examples = _examples(None, tmp_path / "q.jsonl", [])
    assert [(example.id, example.history) for example in examples] == [("a", ()), ("b", ("Who?",))]


def test_json_is_printed_even_with_a_lone_surrogate(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": "é\ud800"}, None)
    assert capsys.readouterr().out == '{"text": "é\\ud800"}\n'


def test_lines_in_a_pipe_are_not_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    stdout().print("word " * 100)
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize(("number", "words"), [(0, "0 files"), (1, "1 file"), (1234, "1,234 files")])
def test_counts_read_well(number: int, words: str) -> None:
    assert count(number, "file") == words


def test_this_package_can_be_run_as_a_module() -> None:
    shown = subprocess.run([sys.executable, "-m", "qa", "-h"], capture_output=True, text=True, timeout=300, check=False)
    assert shown.stdout.split()[0:2] == ["Usage:", "qa"]


# --- with real weights ----------------------------------------------------------------------------------------------

QUESTIONS: Sequence[dict[str, object]] = (
    {"id": "one", "question": "Who opened the bakery?"},
    {"id": "two", "question": "When did she open it?", "history": ["Who opened the bakery?"]},
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "bakery.md").write_text(SAID, encoding="utf-8")
    shown = run("index", "bakery.md", "--library", "built", folder=folder)
    assert shown.stdout == "built: 1 document added, 0 replaced, 0 unchanged.\n"
    assert shown.returncode == 0
    return folder


@pytest.mark.model
def test_ask_prints_json_lines_in_order(library: Path) -> None:
    (library / "q.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    shown = run("ask", "--questions", "q.jsonl", "--json", "--no-prose", "--library", "built", folder=library)
    answers = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [answer["question"] for answer in answers] == [each["question"] for each in QUESTIONS]
    for answer in answers:
        for citation in answer["citations"]:
            assert SAID[citation["start"] : citation["end"]] == citation["quote"]
    assert shown.stderr == ""


@pytest.mark.model
def test_ask_looks_only_at_what_is_selected(library: Path) -> None:
    asked = ("ask", "Who opened the bakery?", "--no-prose", "--library", "built")
    assert "Ada Brook" in run(*asked, "--source", "*.md", folder=library).stdout
    shown = run(*asked, "--title", "mill", folder=library)
    assert (shown.returncode, shown.stdout) == (3, "")
    assert shown.stderr.startswith("Error: no document of built is meant by --title 'mill'\nHint: ")


@pytest.mark.model
@pytest.mark.parametrize(("question", "message"), [("", "question"), ("x" * 100_000, "question")])
def test_a_bad_question_is_one_error(library: Path, question: str, message: str) -> None:
    shown = run("ask", question, "--no-prose", "--library", "built", folder=library)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert re.fullmatch(r"Error: [^\n]+\nHint: [^\n]+\n", shown.stderr)
    assert message in shown.stderr


@pytest.mark.model
@pytest.mark.parametrize("option", ["--library", "--language-model", "--reader", "--embedder"])
def test_what_is_not_there_is_named(library: Path, option: str) -> None:
    built = [] if option == "--library" else ["--library", "built"]
    shown = run("ask", "Who?", *built, option, "./nowhere.gguf", folder=library)
    assert shown.returncode in (3, 4)
    assert re.fullmatch(r"Error: [^\n]*nowhere[^\n]*\nHint: [^\n]+\n", shown.stderr)


@pytest.mark.model
def test_ask_builds_the_default_library_when_there_is_none(library: Path, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "bakery.txt").write_text(SAID, encoding="utf-8")
    shown = run("ask", "Who opened the bakery?", "--no-prose", folder=tmp_path)
    assert shown.returncode == 0
    assert "Ada Brook" in shown.stdout
    assert shown.stderr == "Indexed 1 document from seeds.\n"


@pytest.mark.model
def test_chat_answers_line_by_line(library: Path) -> None:
    questions = "Who opened the bakery?\n\n"
    shown = run("chat", "--no-prose", "--library", "built", folder=library, stdin=questions)
    assert shown.returncode == 0
    assert "Ada Brook" in shown.stdout
    assert ">" not in shown.stdout


@pytest.mark.model
def test_serve_prints_its_address_and_leaves_on_control_c(library: Path) -> None:
    command = [sys.executable, "-m", "qa", "serve", "--port", "0", "--no-prose", "--no-chat", "--library", "built"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=library, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=60)
    assert server.returncode == 0
    assert "Traceback" not in errors


@pytest.mark.parametrize(("host", "asks"), [("0.0.0.0", None), ("127.0.0.1", True)])
def test_the_first_key_is_made_where_one_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], host: str, asks: bool | None
) -> None:
    config = Config.load(host=host, asks_for_key=asks, keys=tmp_path / "keys.json")
    keys = keys_asked_for(config)
    told = capsys.readouterr().err
    secret = re.findall(r"^    (\S+)$", told, re.MULTILINE)
    assert keys is not None
    assert f"on {host}" in told
    assert [keys.owner(each) for each in secret] == ["first"]
    keys_asked_for(config)
    assert capsys.readouterr().err == ""
    assert [each.name for each in keys.all()] == ["first"]


@pytest.mark.parametrize(("host", "asks"), [("127.0.0.1", None), ("0.0.0.0", False)])
def test_no_key_is_made_where_none_is_asked_for(tmp_path: Path, host: str, asks: bool | None) -> None:
    assert keys_asked_for(Config.load(host=host, asks_for_key=asks, keys=tmp_path / "keys.json")) is None
    assert list(tmp_path.iterdir()) == []


def test_keys_are_made_listed_and_removed(tmp_path: Path) -> None:
    made = run("keys", "add", "notebook", folder=tmp_path, QA_KEYS="keys.json")
    assert (made.returncode, made.stdout[:3]) == (0, "qa_")
    listed = run("keys", "list", "--json", folder=tmp_path, QA_KEYS="keys.json")
    assert [each["name"] for each in json.loads(listed.stdout)] == ["notebook"]
    assert made.stdout.strip() not in (tmp_path / "keys.json").read_text(encoding="utf-8")
    assert run("keys", "remove", "notebook", folder=tmp_path, QA_KEYS="keys.json").returncode == 0
    assert json.loads(run("keys", "list", "--json", folder=tmp_path, QA_KEYS="keys.json").stdout) == []
