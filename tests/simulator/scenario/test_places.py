"""Places relative to others: where they are, by plane geometry worked out here."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
import shapely.affinity

import roadlab
from roadlab.actors.cast import cast
from roadlab.actors.catalog import VEHICLES
from roadlab.errors import ScenarioFileError

MAP = """\
scenario: Places
duration: 2 s
seed: 3
map:
  roads:
    a9: {profile: motorway_3, path: [{line: 300 m}]}
    elm: {profile: urban_2x1_parking, start: {y: 100 m}, path: [{line: 60 m}, {arc: {length: 80 m, radius: 60 m}}]}
  crosswalks: [{road: elm, s: 30 m, width: 4 m}]
actors:
  ego: {model: hatchback, at: {road: a9, lane: -2, s: 50 m}, speed: 20, drive: {}}
"""
HATCHBACK, VAN = VEHICLES["hatchback"], VEHICLES["van"]


@pytest.fixture
def place(write):
    """The scenario with more actors, loaded."""
    return lambda lines, **options: roadlab.load(write(MAP + lines), **options)


@pytest.fixture
def where(place):
    """Position of an actor `it` at this place, and its pose."""

    def find(at: str, model: str = "van", others: str = ""):
        scenario = place(f"{others}  it: {{model: {model}, at: {at}}}\n")
        spec = scenario.spec.actors["it"].at
        return spec, scenario.network.pose(spec)

    return find


def test_ahead_is_measured_between_reference_points(where):
    at, _ = where("{ahead_of: ego, by: 30 m}")
    assert (at.road, at.lane, at.s) == ("a9", -2, 80.0)


def test_a_gap_is_free_space_between_bumpers(where):
    front = HATCHBACK.length - HATCHBACK.rear_overhang
    at, _ = where("{ahead_of: ego, gap: 12 m}")
    assert at.s == pytest.approx(50 + front + 12 + VAN.rear_overhang)
    at, _ = where("{behind: ego, gap: 12 m}")
    assert at.s == pytest.approx(50 - HATCHBACK.rear_overhang - 12 - (VAN.length - VAN.rear_overhang))


@pytest.mark.parametrize(("lanes", "lane"), [(1, -1), (-1, -3), (0, -2)])
def test_lanes_count_to_the_left_in_the_direction_of_travel(where, lanes, lane):
    at, _ = where(f"{{ahead_of: ego, by: 20 m, lanes: {lanes}}}")
    assert (at.lane, at.s) == (lane, 70.0)


def test_against_the_road_ahead_is_towards_its_start(where):
    other = "  first: {model: van, at: {road: elm, lane: 1, s: 50 m}, parked: true}\n"
    at, (_, _, yaw) = where("{ahead_of: first, by: 20 m}", others=other)
    assert (at.lane, at.s) == (1, 30.0)
    assert abs(yaw) == pytest.approx(math.pi)
    assert where("{behind: first, by: 8 m, lanes: -1}", others=other)[0].lane == 2


def test_beside_a_parked_car_leaves_the_gap_that_was_asked_for(where):
    other = "  car: {model: van, at: {road: elm, lane: parking, s: 40 m}, parked: true}\n"
    for side, sign in (("kerb", -1), ("right", -1), ("road", 1), ("left", 1)):
        _, (x, y, yaw) = where(f"{{beside: car, side: {side}, gap: 0.4 m}}", "child", other)
        # Lane -1 is 3.25 m wide and the bay 2.1 m: its middle is 4.3 m to the right of the line at y = 100 m.
        width = cast_width("child")
        assert y == pytest.approx(100 - 4.3 + sign * (VAN.width / 2 + 0.4 + width / 2))
        assert x == pytest.approx(40 + VAN.length / 2 - VAN.rear_overhang)
        assert yaw == pytest.approx(0.0)


def cast_width(model: str) -> float:
    from roadlab.scenario.sizes import alone
    from roadlab.scenario.spec import ActorSpec, WorldPosition

    return alone("it", ActorSpec(model=model, at=WorldPosition(x=0, y=0))).members[0].info.size[1]


def test_the_lane_of_a_type_is_the_first_one_of_its_side(where):
    assert where("{road: elm, lane: parking, s: 40 m}")[0].lane == -2
    assert where("{road: elm, lane: sidewalk, side: left, s: 40 m}", "adult")[0].lane == 3
    assert where("{road: a9, lane: driving, s: 40 m}")[0].lane == -1


def test_a_place_along_a_route_is_measured_along_the_lane(where):
    at, _ = where("{route: [elm], lane: -1, along: 100 m}")
    # In the bend to the left lane -1 runs at a radius of 60 + 1.625 m: 40 m along it are 40 * 60 / 61.625 m of s.
    assert at.lane == -1
    assert at.s == pytest.approx(60 + 40 * 60 / 61.625, abs=0.05)


def test_at_a_crosswalk_one_stands_on_the_pavement_and_faces_across(where):
    # The carriageway is 2 * (3.25 + 2.1) m wide.
    _, (x, y, yaw) = where('{crosswalk: "crosswalk[0]", side: right, back: 1 m}', "adult")
    assert (x, y, yaw) == (pytest.approx(30.0), pytest.approx(100 - 5.35 - 1), pytest.approx(math.pi / 2))
    _, (x, y, yaw) = where('{crosswalk: "crosswalk[0]", side: left}', "adult")
    assert (x, y, yaw) == (pytest.approx(30.0), pytest.approx(100 + 5.35 + 0.8), pytest.approx(-math.pi / 2))


def test_actors_anywhere_are_on_their_lanes_and_keep_clear_of_each_other(place):
    scenario = place("  it: {repeat: 25, model: {any: [van, sedan]}, at: {anywhere: driving, clear: 2 m}}\n")
    members = cast(scenario.spec).members[1:]
    assert len(members) == 25
    shapes = []
    for member in members:
        road = scenario.network.roads[member.spec.at.road]
        assert road.lane(member.spec.at.lane).type == "driving"
        x, y, yaw = scenario.network.pose(member.spec.at)
        box = shapely.box(-member.vehicle.rear_overhang, -1.0, member.info.size[0] - member.vehicle.rear_overhang, 1.0)
        shapes.append(shapely.affinity.translate(shapely.affinity.rotate(box, yaw, (0, 0), use_radians=True), x, y))
    apart = [a.distance(b) for i, a in enumerate(shapes) for b in shapes[:i]]
    assert min(apart) > 1.9


def test_a_place_anywhere_is_the_same_again_and_another_in_another_sample(place):
    line = "  it: {model: adult, at: {anywhere: sidewalk, roads: [elm]}}\n"
    first, again, other = place(line), place(line), place(line, sample=1)
    assert first.spec.actors["it"].at == again.spec.actors["it"].at
    assert first.spec.actors["it"].at != other.spec.actors["it"].at


def test_people_walk_to_places_too(place):
    walk = 'walk: {path: [{crosswalk: "crosswalk[0]", side: left}]}'
    scenario = place(f'  it: {{model: adult, at: {{crosswalk: "crosswalk[0]", side: right}}, {walk}}}\n')
    log = roadlab.simulate(scenario)
    it = log.index("it")
    assert np.ptp(log.position[:, it, 1]) > 1.0
    assert np.ptp(log.position[:, it, 0]) < 0.01


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("{ahead_of: ego, by: 300 m}", "beyond the end of the way"),
        ("{behind: ego, by: 60 m}", "s = -10 m is not on a9, which goes from 0 to 300 m"),
        ("{ahead_of: eg, by: 3 m}", "unknown actor 'eg'; did you mean 'ego'?"),
        ("{ahead_of: it, by: 3 m}", "relative to itself"),
        ("{ahead_of: ego}", "expected exactly one of by and gap"),
        ("{ahead_of: ego, by: 3 m, gap: 3 m}", "expected exactly one of by and gap"),
        ("{ahead_of: ego, by: 3 m, lanes: 5}", "there is no lane 5 to the left of lane -2"),
        ("{ahead_of: ego, by: 3 m, side: kerb}", "unknown key 'side'"),
        ("{beside: ego, gap: -1 m}", "must be at least 0 m"),
        ("{beside: ego, side: front}", "expected one of left, right, kerb, road"),
        ("{road: a9, lane: parking, s: 3 m}", "there is no parking lane on the right of a9"),
        ("{road: oak, lane: parking, s: 3 m}", "oak is not a road of this map"),
        ("{road: elm, lane: parking, s: 300 m}", "s = 300 m is beyond the end of elm"),
        ("{route: [elm, a9], lane: -1, along: 3 m}", "actors.it.at.route"),
        ("{crosswalk: zebra}", "unknown crosswalk 'zebra'; expected one of crosswalk[0]"),
        ("{anywhere: biking}", "there is no biking lane"),
        ("{anywhere: parking, roads: [oak]}", "oak is not a road of this map"),
        ("{anywhere: parking, clear: 100 m}", "no free place found for it in 200 tries"),
    ],
)
def test_a_place_that_is_none_is_reported(place, at, words):
    others = "  block: {model: van, at: {road: elm, lane: parking, s: 60 m}, parked: true}\n" if "100 m" in at else ""
    with pytest.raises(ScenarioFileError) as caught:
        place(f"{others}  it: {{model: van, at: {at}}}\n")
    (found,) = [str(d) for d in caught.value.diagnostics]
    assert words in found
    assert "actors.it.at" in found


def test_places_in_a_circle_are_reported_once(place):
    with pytest.raises(ScenarioFileError) as caught:
        place("  a: {model: van, at: {ahead_of: b, by: 9 m}}\n  b: {model: van, at: {ahead_of: a, by: 9 m}}\n")
    (found,) = caught.value.diagnostics
    assert "a and b stand relative to one another" in found.message


def test_the_pavement_is_where_it_is_beside_an_island(write):
    # Two lanes of the island come between, so that the pavement is lane -3 there and lane -2 before it.
    text = """
scenario: Island
duration: 1 s
map: {roads: {a: {profile: urban_2x1, path: [{line: 200 m}], islands: [{s: 100 m}]}}}
actors:
  ego: {model: sedan, at: {road: a, lane: -1, s: 10 m}}
  early: {model: adult, at: {road: a, lane: sidewalk, s: 30 m}}
  late: {model: adult, at: {road: a, lane: sidewalk, s: 100 m}}
"""
    actors = roadlab.load(write(text)).spec.actors
    assert (actors["early"].at.lane, actors["late"].at.lane) == (-2, -3)
