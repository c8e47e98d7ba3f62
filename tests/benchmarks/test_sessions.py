from pathlib import Path

from benchmarks.sessions import run_all
from tests.browser.pages import served_libraries
from tests.builders import TOPICS, topical
from tests.running import run

SESSIONS = 20


def test_twenty_sessions_see_only_their_own_answers(tmp_path: Path) -> None:
    questions = [f"What does sentence {n} tell of the {topic} again?" for n in range(3) for topic in TOPICS]
    with served_libraries(tmp_path, {"town": [topical(number) for number in range(len(TOPICS))]}) as address:
        asked = run(run_all(address, SESSIONS, questions, 2, pause_s=0.1, seed=1))
    assert len(asked) == 2 * SESSIONS
    assert [each.foreign for each in asked] == [()] * len(asked)
    assert all(each.answered for each in asked)
