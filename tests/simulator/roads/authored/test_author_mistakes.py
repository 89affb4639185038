"""What is wrong with a map names the road, the lane and the place in the file, all at once."""

import pytest

from roadlab import load
from roadlab.errors import ScenarioFileError
from roadlab.roads.network import map_problems
from roadlab.scenario.spec import MapSpec

FILE = """\
scenario: Mistakes
duration: 1 s
map:
  roads:
    elm:
      lanes:
        right:
          - {width: 3.5 m}
          - {type: parking, widths: [{s: 0 m, width: 2 m}, {s: 40 m, width: -1 m}]}
        left: [{width: 3.5 m}]
      path: [{line: 100 m}]
    oak:
      profile: urban_2x1
      path: [{line: 50 m}, {arc: {length: 10 m, radius: 4 m}}]
      start: {x: 0 m, y: 60 m}
    ash: {profile: urban_2x1, path: [{line: 30 m}], start: {x: 0 m, y: 200 m}}
    fir: {profile: urban_2x1, path: [{line: 30 m}], start: {x: 33 m, y: 200 m}}
    yew: {profile: urban_2x1, path: [{line: 30 m}], start: {x: 15 m, y: 190 m, heading: 90 deg}}
  joints:
    - [ash.end, fir.start]
actors:
  ego: {model: hatchback, at: {road: ash, lane: -1, s: 5 m}}
"""


def test_all_mistakes_of_a_map_are_told_at_once_and_where(tmp_path):
    file = tmp_path / "mistakes.yaml"
    file.write_text(FILE)
    with pytest.raises(ScenarioFileError) as caught:
        load(file)
    told = {(d.span.line, d.span.column): d.message for d in caught.value.diagnostics}
    assert told[9, 77] == "lane -2 of elm is -1 m wide at s = 40 m; at least 0"
    assert "a radius of 4 m is too tight" in told[14, 57]
    assert "yew runs over ash near x = " in told[18, 10]
    assert told[20, 7] == "ash.end and fir.start do not meet: they are 3 m apart"
    assert len(told) == 4


def problems(**spec):
    return map_problems(MapSpec.model_validate(spec))


def road(**changes):
    return {"profile": "urban_2x1", "path": [{"line": 100.0}], **changes}


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"bays": [{"type": "bus", "s": 5.0, "length": 20.0}]}, ("bays", 0, "s"), "does not lie within r"),
        (
            {"bays": [{"type": "parallel", "s": 20.0, "length": 20.0}, {"type": "angled", "s": 35.0, "length": 20.0}]},
            ("bays", 1, "s"),
            "runs into another one",
        ),
        ({"bumps": [{"s": 130.0}]}, ("bumps", 0, "s"), "does not lie within r"),
        ({"work_zones": [{"s": 20.0, "length": 10.0, "lanes": [-4]}]}, ("work_zones", 0, "lanes", 0), "lane -4"),
        ({"work_zones": [{"s": 20.0, "length": 10.0, "lanes": [-1, 1]}]}, ("work_zones", 0, "lanes"), "one side"),
        ({"profile": "one_way", "islands": [{"s": 50.0}]}, None, None),
        ({"elevation": [{"s": 50.0, "z": 0.0}, {"s": 20.0, "z": 1.0}]}, ("elevation", 1, "s"), "does not come after"),
        ({"start": {"after": "q.end"}}, ("start", "after"), "q is not a road"),
        ({"start": {"after": "r.end"}}, ("start", "after"), "in a circle"),
    ],
)
def test_a_mistake_on_a_road_is_found_at_its_place(changes, path, message):
    found = problems(roads={"r": road(**changes)})
    if path is None:
        assert found == []
        return
    assert ("roads", "r", *path) in [where for where, _ in found]
    assert any(message in text for _, text in found)


def test_an_island_needs_lanes_on_both_sides():
    lanes = {"right": [{"width": 3.0}], "one_way": True}
    found = problems(roads={"r": {"lanes": lanes, "path": [{"line": 100.0}], "islands": [{"s": 50.0}]}})
    assert found == [(("roads", "r", "islands", 0), "r has lanes on one side only; an island needs both")]


def test_points_that_bend_more_tightly_than_the_lanes_are_wide_are_refused():
    points = [[0.0, 0.0], [30.0, 0.0], [33.0, 6.0], [30.0, 12.0], [0.0, 12.0]]
    found = problems(roads={"r": {"profile": "urban_2x1", "points": points}})
    assert found
    assert all(path[:3] == ("roads", "r", "points") and "too tight" in text for path, text in found)


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ({"x": 100.0, "y": 0.3}, "0.3 m apart"),
        ({"x": 100.0, "heading": 0.1}, "5.73 degrees"),
        ({"x": 100.0}, "1.2 m higher"),
    ],
)
def test_roads_that_do_not_meet_are_told_how(start, reason):
    later = road(start=start, elevation=[{"s": 0.0, "z": 1.2}] if "higher" in reason else [])
    found = problems(roads={"a": road(), "b": later}, joints=[["a.end", "b.start"]])
    assert [text for path, text in found if path == ("joints", 0) and reason in text]


def test_a_bridge_may_lead_over_a_road():
    over = road(start={"x": 50.0, "y": -50.0, "heading": 1.5707963267948966}, elevation=[{"s": 0.0, "z": 6.0}])
    assert problems(roads={"a": road(), "b": over}) == []
    low = {**over, "elevation": [{"s": 0.0, "z": 1.0}]}
    assert "b runs over a near x = 50 m, y = 0 m" in problems(roads={"a": road(), "b": low})[0][1]


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"control": "yield", "priority": ["wset"]}, ("priority", 0), "did you mean west"),
        ({"turns": [{"arm": "west.end", "lane": -3, "turn": ["left"]}]}, ("turns", 0, "lane"), "those are: -1"),
        ({"crosswalk_arms": ["west.start"]}, ("crosswalk_arms", 0), "not an arm"),
        ({"signals": {"stages": [["west.end"], ["east.start"]]}}, ("signals", "stages"), "south.end is never green"),
        ({"signals": {"greens": [5.0, 6.0]}}, ("signals", "greens"), "need as many stages"),
    ],
)
def test_a_mistake_in_a_junction_is_found_at_its_place(changes, path, message):
    roads = {
        "west": road(start={"x": -115.0}),
        "east": road(start={"x": 15.0}),
        "south": road(start={"y": -115.0, "heading": 1.5707963267948966}),
    }
    junction = {"connect": ["west.end", "east.start", "south.end"], **changes}
    found = problems(roads=roads, junctions={"j": junction})
    assert any(where == ("junctions", "j", *path) and message in text for where, text in found)


def spiral(rise):
    """A road that turns by 360 degrees in 251 m and crosses its own beginning at a right angle."""
    path = [{"line": 60.0}, {"arc": {"length": 40.0 * 1.5 * 3.141592653589793, "radius": 40.0}}, {"line": 90.0}]
    return road(path=path, elevation=[{"s": 0.0, "z": 0.0}, {"s": 60.0, "z": 0.0}, {"s": 248.0, "z": rise}])


def test_a_road_may_lead_over_itself_high_enough():
    assert problems(roads={"a": spiral(7.0)}) == []


@pytest.mark.parametrize(("rise", "reason"), [(0.0, "a loop needs a bridge"), (2.0, "bridges need more than 3 m")])
def test_a_loop_that_meets_itself_is_told_where(rise, reason):
    ((path, message),) = problems(roads={"a": spiral(rise)})
    assert path == ("roads", "a", "path")
    assert "a runs over itself near x = 20 m, y = 0 m" in message
    assert reason in message


def junction_of_three(**more):
    roads = {
        "west": road(start={"x": -115.0}),
        "east": road(start={"x": 15.0}),
        "south": road(start={"x": 0.0, "y": -115.0, "heading": 1.5707963267948966}),
    }
    return {"roads": {**roads, **more}, "junctions": {"j": {"connect": ["west.end", "east.start", "south.end"]}}}


@pytest.mark.parametrize(("height", "count"), [(0.0, 1), (6.0, 0)])
def test_a_stranger_in_a_junction_is_found(height, count):
    through = road(start={"x": -2.0, "y": -12.0, "heading": 1.5707963267948966}, path=[{"line": 60.0}])
    level = [{"s": 0.0, "z": height}]
    found = problems(**junction_of_three(through={**through, "elevation": level}))
    assert len([text for _, text in found if text.startswith("through leads through j at s = 0 m")]) == count
