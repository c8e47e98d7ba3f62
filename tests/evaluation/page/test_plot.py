"""The picture that points become."""

from xml.etree import ElementTree

import pytest

from qa.evaluation.page.plot import BOTTOM, LEFT, RIGHT, TOP, Axis, Line, Mark, Plot, standalone_svg, svg

SHARE = Axis("share", ((0, "0"), (0.5, "½"), (1, "1")))
TIME = Axis("time", ((1, "1"), (10, "10"), (100, "100")), logarithmic=True)
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>alert(1)</script> & \u202e"


def plot(**parts: object) -> Plot:
    given: dict[str, object] = {"title": "t", "description": "d", "x": SHARE, "y": SHARE}
    return Plot(**(given | parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("point", "place"),
    [
        ((0, 0), (LEFT, BOTTOM)),
        ((1, 1), (RIGHT, TOP)),
        ((0.5, 0), ((LEFT + RIGHT) / 2, BOTTOM)),
        ((7, -3), (RIGHT, BOTTOM)),
    ],
)
def test_points_stand_between_the_first_and_the_last_tick(
    point: tuple[float, float], place: tuple[float, float]
) -> None:
    assert tuple(map(float, plot().place(point))) == place


def test_a_logarithmic_axis_gives_each_power_the_same_room() -> None:
    assert [TIME.share(value) for value in (0, 1, 10, 100, 1000)] == [0, 0, 0.5, 1, 1]


def test_lines_marks_and_ticks_are_drawn() -> None:
    drawn = plot(
        lines=[Line([(0, 0), (1, 1)], guide=True), Line([(0, 1), (1, 0)], "falls"), Line([(0, 0)], "stays")],
        marks=[Mark((0.5, 0.5), "half", "3", 0, 1), Mark((0, 0), "none")],
    )
    root = ElementTree.fromstring(standalone_svg(drawn))
    lines = {each.get("class"): each.get("points") for each in root.iter(f"{SVG}polyline")}
    assert lines == {
        "guide": f"{LEFT}.0,{BOTTOM}.0 {RIGHT}.0,{TOP}.0",
        "line line-1": f"{LEFT}.0,{TOP}.0 {RIGHT}.0,{BOTTOM}.0",
        "line line-2": f"{LEFT}.0,{BOTTOM}.0",
    }
    (whisker,) = (each for each in root.iter(f"{SVG}line") if each.get("class") == "whisker")
    assert (whisker.get("y1"), whisker.get("y2")) == (f"{BOTTOM}.0", f"{TOP}.0")
    words = [each.text for each in root.iter(f"{SVG}text")]
    assert words == ["falls", "stays", "0", "½", "1", "0", "½", "1", "share", "share", "3"]
    assert root.get("viewBox") == "0 -32 400 332"


def test_a_label_at_the_right_edge_stands_on_the_left_of_its_mark() -> None:
    root = ElementTree.fromstring(standalone_svg(plot(marks=[Mark((0.5, 0), "", "a"), Mark((1, 0), "", "b")])))
    ends = {each.text: (each.get("x"), each.get("text-anchor")) for each in root.iter(f"{SVG}text")}
    assert ends["a"] == (f"{(LEFT + RIGHT) / 2 + 7}", None)
    assert ends["b"] == (f"{RIGHT - 7}.0", "end")


def test_one_line_needs_no_key() -> None:
    assert plot(lines=[Line([(0, 0)], "alone"), Line([(0, 0)], guide=True)]).key == ()


def test_a_screen_reader_is_told_title_and_description() -> None:
    root = ElementTree.fromstring(svg(plot(title="What", description="This"), name="one"))
    named = {each.get("id"): each.text for each in root if each.get("id")}
    assert named == {"one-title": "What", "one-says": "This"}
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "one-title one-says")


def test_a_picture_of_its_own_brings_its_colours_and_one_in_a_page_does_not() -> None:
    assert "prefers-color-scheme: dark" in standalone_svg(plot())
    assert "<style>" not in svg(plot(), name="one")


def test_words_of_anyone_stay_words() -> None:
    drawn = plot(title=HOSTILE, description=HOSTILE, lines=[Line([(0, 0)], HOSTILE), Line([(0, 0)], "b")])
    root = ElementTree.fromstring(standalone_svg(drawn))
    assert [each for each in root.iter() if "script" in each.tag] == []
    assert next(root.iter(f"{SVG}title")).text == "</title><script>alert(1)</script> & ⟨U+202E⟩"
