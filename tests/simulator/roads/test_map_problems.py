"""Maps that cannot be built say why and where."""

import pytest

from roadlab.roads.network import build_network, map_problems
from roadlab.scenario.spec import MapSpec


def problems(**spec):
    return map_problems(MapSpec.model_validate(spec))


def road(**changes):
    return {"profile": "urban_2x1", "path": [{"line": 80.0}], **changes}


def cross(**changes):
    roads = {
        "south": road(start={"x": 0.0, "y": -95.0, "heading": 1.5707963267948966}),
        "north": road(start={"x": 0.0, "y": 15.0, "heading": 1.5707963267948966}),
        "west": road(start={"x": -95.0}),
        "east": road(start={"x": 15.0}),
    }
    return {"roads": roads, "junctions": {"j": {"connect": ["south.end", "north.start", "west.end", "east.start"]}}} | (
        changes
    )


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"profile": "urban_2x1_parkng"}, ("profile",), "did you mean urban_2x1_parking"),
        ({"profile": "canal"}, ("profile",), "not a known profile"),
        ({"path": [{"arc": {"length": 5.0, "radius": 0.0}}]}, ("path", 0, "arc", "radius"), "cannot be 0"),
        ({"path": [{"arc": {"length": 5.0, "radius": -7.0}}]}, ("path", 0, "arc", "radius"), "too tight"),
        (
            {"path": [{"clothoid": {"length": 5.0, "curvature": [0.0, 0.2]}}]},
            ("path", 0, "clothoid", "curvature"),
            "too tight",
        ),
        ({"path": [{"line": 200_000.0}]}, ("path",), "100 km"),
        ({"path": [{"arc": {"length": 200.0, "radius": 20.0}}]}, ("path",), "itself"),
    ],
)
def test_a_road_that_cannot_be_built_is_explained(changes, path, message):
    ((found, text),) = problems(roads={"r": road(**changes)})
    assert found == ("roads", "r", *path)
    assert message in text


def test_a_sound_cross_has_no_problems():
    assert problems(**cross()) == []


@pytest.mark.parametrize(
    ("connect", "index", "message"),
    [
        (["south.end", "north.start", "wset.end"], 2, "did you mean west"),
        (["south.end", "south.end", "west.end"], 1, "already connected in j"),
        (["south.end", "north.start", "west.start"], None, "m apart"),
        (["south.end", "north.start", "west.end", "east.end"], None, "m apart"),
    ],
)
def test_road_ends_that_cannot_meet_are_explained(connect, index, message):
    found = problems(**cross(junctions={"j": {"connect": connect}}))
    assert found
    assert all(path[:3] == ("junctions", "j", "connect") for path, _ in found)
    assert any(message in text and index in (None, path[3]) for path, text in found)


def test_an_arm_that_points_away_is_explained():
    spec = cross()
    spec["roads"]["west"] = road(start={"x": -15.0, "heading": 3.141592653589793}, path=[{"line": 20.0}])
    spec["roads"]["west"]["start"]["x"] = -35.0
    found = problems(**(spec | {"junctions": {"j": {"connect": ["south.end", "north.start", "west.end"]}}}))
    assert any("west.end" in text for _, text in found)


def test_signals_that_begin_with_a_stranger_are_explained():
    spec = cross()
    spec["junctions"]["j"]["signals"] = {"first": "elsewhere"}
    ((path, message),) = problems(**spec)
    assert path == ("junctions", "j", "signals", "first")
    assert "elsewhere" in message


@pytest.mark.parametrize("s", [-3.0, 1.0, 79.0, 95.0])
def test_a_crosswalk_beyond_its_road_is_explained(s):
    ((path, _),) = problems(roads={"r": road()}, crosswalks=[{"road": "r", "s": s}])
    assert path == ("crosswalks", 0, "s")


def test_a_crosswalk_on_an_unknown_road_is_explained():
    ((path, message),) = problems(roads={"elm": road()}, crosswalks=[{"road": "elmo", "s": 10.0}])
    assert path == ("crosswalks", 0, "road")
    assert "did you mean elm" in message


def test_roads_that_run_over_one_another_are_explained():
    ((path, message),) = problems(roads={"a": road(), "b": road(start={"x": 40.0, "y": -30.0, "heading": 1.57})})
    assert path == ("roads", "b")
    assert "a" in message


def test_all_problems_come_at_once():
    spec = {"a": road(profile="x"), "b": road(path=[{"arc": {"length": 5.0, "radius": 0.0}}])}
    found = problems(roads=spec, crosswalks=[{"road": "c", "s": 1.0}])
    assert [path for path, _ in found] == [
        ("roads", "a", "profile"),
        ("roads", "b", "path", 0, "arc", "radius"),
        ("crosswalks", 0, "road"),
    ]


def test_building_a_map_with_problems_is_refused():
    with pytest.raises(ValueError, match=r"roads\.r\.profile"):
        build_network(MapSpec.model_validate({"roads": {"r": road(profile="x")}}))
