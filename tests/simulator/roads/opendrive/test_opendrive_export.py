"""A network written as OpenDRIVE and read again is the same network."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from roadlab.roads.network import build_network
from roadlab.roads.opendrive import import_opendrive, import_text, read_opendrive
from roadlab.roads.opendrive.exporting import to_opendrive
from roadlab.roads.opendrive.reading import parse_document
from roadlab.scenario.library import library
from roadlab.scenario.load import load
from roadlab.scenario.spec import MapSpec

ARMS = {"west": (-90.0, 0.0, 0.0), "east": (90.0, 0.0, math.pi), "south": (0.0, -90.0, math.pi / 2)}
ENDS = [f"{name}.end" for name in ARMS]
STREETS = {
    name: {"profile": "urban_2x1", "start": {"x": x, "y": y, "heading": turn}, "path": [{"line": 60.0}]}
    for name, (x, y, turn) in ARMS.items()
}
TEE = {"connect": ENDS, "priority": ["west", "east"]}
GENERATED = {
    "roundabout": {"roads": STREETS, "junctions": {"circle": {"roundabout": {"connect": ENDS}}}},
    "yield": {
        "roads": STREETS,
        "junctions": {"tee": {"connect": ENDS, "control": "yield", "priority": ["west", "east"]}},
    },
    "stop, left-hand": {
        "roads": STREETS,
        "junctions": {"tee": {"connect": ENDS, "control": "stop", "priority": ["west", "east"]}},
        "traffic": "left",
    },
    "grid": {"town": {"style": "grid", "size": 300.0, "seed": 1}},
    "suburb": {"town": {"style": "suburb", "size": 300.0, "seed": 2}},
    "old town, left-hand": {"town": {"style": "old_town", "size": 300.0, "seed": 3}, "traffic": "left"},
}
TEXTS = {str(file.relative_to(library())): file.read_text() for file in sorted(library().glob("*/*.yaml"))}
SHIPPED = [name for name, text in TEXTS.items() if text.startswith("scenario:") and "map:" in text]


def again(network):
    return import_text(to_opendrive(network).encode(), "again.xodr")[0]


def widest_gap(network, other):
    """Largest distance between lane edges of the two at the same s [m]; roads are in the same order."""
    assert len(network.every_road) == len(other.every_road)
    worst = 0.0
    for road, copy in zip(network.every_road.values(), other.every_road.values(), strict=True):
        assert copy.length == pytest.approx(road.length, abs=1e-9)
        for number, section in enumerate(road.sections):
            s = np.linspace(*road.section_range(number), 100)
            assert copy.sections[number].lane_ids == section.lane_ids
            for lane in section.lane_ids:
                mine, theirs = road.lane_edges(s, lane, number), copy.lane_edges(s, lane, number)
                for a, b in zip(mine, theirs, strict=True):
                    worst = max(worst, float(np.abs(road.position(s, a) - copy.position(s, b)).max()))
    return worst


def edges(network, names):
    return {tuple((names[key.road], key.lane, key.section) for key in edge) for edge in network.graph.edges}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_networks_come_back_to_a_micrometre(name):
    network = load(library() / name).network
    copy = again(network)
    assert widest_gap(network, copy) < 1e-6
    names = dict(zip(network.every_road, copy.every_road, strict=True))
    assert edges(network, names) == edges(copy, {name: name for name in copy.every_road})
    for road, other in zip(network.every_road.values(), copy.every_road.values(), strict=True):
        assert [lane.type for lane in road.lanes] == [lane.type for lane in other.lanes]
        assert [road.lane_direction(lane) for lane in road.lane_ids] == [
            other.lane_direction(lane) for lane in other.lane_ids
        ]
        assert other.lane_speed_limit(1.0, road.lane_ids[0]) == road.lane_speed_limit(1.0, road.lane_ids[0])


@pytest.mark.parametrize("name", GENERATED)
def test_generated_maps_come_back_with_their_rules(name):
    network = build_network(MapSpec.model_validate(GENERATED[name]))
    copy = again(network)
    assert widest_gap(network, copy) < 1e-6
    names = dict(zip(network.every_road, copy.every_road, strict=True))
    assert edges(network, names) == edges(copy, {name: name for name in copy.every_road})
    assert len(copy.crosswalks) == len(network.crosswalks)
    for junction, other in zip(network.junctions.values(), copy.junctions.values(), strict=True):
        told = [{"yield": "priority"}.get(str(each.control), each.control) for each in (junction, other)]
        assert told[0] == told[1]  # signs of priority and yield signs mean the same
        assert sorted(other.priority_roads) == sorted(names[road] for road in junction.priority_roads)
        assert len(other.stop_lines) == len(junction.stop_lines)
        assert len(other.heads) == len(junction.heads)


def test_lights_stop_lines_and_crosswalks_of_a_generated_junction_come_back():
    network = load(library() / "urban" / "left_turn.yaml").network
    copy = again(network)
    (junction,), (other,) = network.junctions.values(), copy.junctions.values()
    places = sorted((head.x, head.y, head.heading) for head in junction.heads)
    assert np.array(sorted((h.x, h.y, h.heading) for h in other.heads)) == pytest.approx(np.array(places), abs=1e-6)
    assert sorted(line.ahead for line in other.stop_lines) == pytest.approx(
        sorted(line.ahead for line in junction.stop_lines), abs=1e-6
    )
    assert other.plan.stages == junction.plan.stages
    areas = sorted(strip.polygon.centroid.coords[0] for strip in network.crosswalks)
    found = sorted(strip.polygon.centroid.coords[0] for strip in copy.crosswalks)
    assert np.array(found) == pytest.approx(np.array(areas), abs=1e-6)


def test_all_maps_of_the_esmini_project_come_back(esmini):
    """But for links that the standard forbids: to a lane without width or an end that joins another."""
    forbidden = {"parking_demo": 1, "soderleden": 2}
    for path in sorted(esmini.glob("*.xodr")):
        network = read_opendrive(path)
        copy = again(network)
        assert widest_gap(network, copy) < 1e-6, path.name
        names = {name: name for name in network.every_road}
        lost = edges(network, names) - edges(copy, names)
        assert len(lost) == forbidden.get(path.stem, 0), path.name
        assert not edges(copy, names) - edges(network, names)
        assert [len(j.heads) for j in copy.junctions.values()] == [len(j.heads) for j in network.junctions.values()]


def test_furniture_lanes_and_marks_of_these_maps_come_back(esmini):
    """But for ids that several share, and countries in small letters."""
    for path in sorted(esmini.glob("*.xodr")):
        network = read_opendrive(path)
        copy = again(network)
        for road, other in zip(network.every_road.values(), copy.every_road.values(), strict=True):
            for mine, theirs in zip(road.objects, other.objects, strict=True):
                assert replace(theirs, id=mine.id) == mine, path.name
            for mine, theirs in zip(road.signals, other.signals, strict=True):
                plain = [replace(one, id="", country=one.country.lower()) for one in (mine, theirs)]
                assert plain[0] == plain[1], path.name
            for section, counterpart in zip(road.sections, other.sections, strict=True):
                for lane, twin in zip(section.lanes, counterpart.lanes, strict=True):
                    assert (twin.type, twin.height, twin.level) == (lane.type, lane.height, lane.level)
                    assert (twin.limits, twin.surfaces, twin.direction) == (lane.limits, lane.surfaces, lane.direction)
                    assert [mark.lines(lane.id) for mark in twin.marks] == [mark.lines(lane.id) for mark in lane.marks]


def test_a_type_of_object_beyond_the_standard_comes_back(xodr, road):
    post = '<objects><object id="1" type="guide-post" s="3" t="-5" zOffset="0"/></objects>'
    network = read_opendrive(xodr(road(after=post), minor=4))
    assert again(network).roads["1"].objects == network.roads["1"].objects


def test_a_network_written_twice_is_the_same_text():
    network = load(library() / "urban" / "left_turn.yaml").network
    assert to_opendrive(network) == to_opendrive(network)
    assert to_opendrive(again(again(network))) == to_opendrive(again(network))


def test_ids_are_numbers_and_names_are_kept():
    network = load(library() / "urban" / "left_turn.yaml").network
    document = parse_document(to_opendrive(network, name="market", geo_reference="+proj=utm +zone=33").encode(), "x")
    assert all(road.id.isdecimal() for road in document.roads)
    assert [road.name for road in document.roads] == list(network.every_road)
    assert (document.header.name, document.header.geo_reference) == ("market", "+proj=utm +zone=33")
    assert document.header.rev_minor == 8
    assert document.header.west < document.header.east


def test_objects_that_share_an_id_get_their_own(xodr, road):
    poles = "".join(f'<object id="5" type="pole" s="{s}" t="-5" zOffset="0"/>' for s in (1, 2, 3))
    network = read_opendrive(xodr(road(after=f"<objects>{poles}</objects>")))
    (copy,) = again(network).roads.values()
    assert [thing.s for thing in copy.objects] == [1.0, 2.0, 3.0]
    assert len({thing.id for thing in copy.objects}) == 3


def test_a_link_told_from_one_side_is_told_from_both(xodr, road):
    lane = '<lane id="-1" type="driving">{}<width sOffset="0" a="3" b="0" c="0" d="0"/></lane>'
    section = '<lanes><laneSection s="0"><center><lane id="0"/></center><right>{}</right></laneSection></lanes>'
    first = section.format(lane.format('<link><successor id="-1"/></link>'))
    link = '<link><successor elementType="road" elementId="2" contactPoint="start"/></link>'
    rest = road(name="2", start='x="100" y="0" hdg="0"', lanes=section.format(lane.format("")))
    network = read_opendrive(xodr(road(link, name="1", lanes=first), rest))
    second = again(network).roads["2"]
    assert (second.predecessor.name, second.predecessor.contact) == ("1", "end")
    assert second.lane(-1).predecessors == (-1,)


def test_a_polynomial_whose_length_is_off_is_split_until_each_part_is_near_enough(xodr, road):
    """The ASAM checker allows 1 mm between a stated length and the curve's own."""
    shape = '<paramPoly3 aU="1" bU="100" cU="0" dU="0" aV="2" bV="10" cV="5" dV="-3" pRange="normalized"/>'
    p = np.linspace(0.0, 1.0, 400_001)
    own = float(np.sum(np.hypot(np.diff(100 * p), np.diff(10 * p + 5 * p**2 - 3 * p**3))))
    network = read_opendrive(xodr(road(length=own + 0.0018, shape=shape)))
    text = to_opendrive(network)
    geometries = parse_document(text.encode(), "x").roads[0].geometries
    assert len(geometries) == 4
    for one in geometries:
        poly = one.shape
        u, v = poly.bU * p + poly.cU * p**2 + poly.dU * p**3, poly.cV * p**2 + poly.dV * p**3
        assert float(np.sum(np.hypot(np.diff(u), np.diff(v)))) == pytest.approx(one.length, abs=5.1e-4)
    assert widest_gap(network, again(network)) < 1e-6


def test_every_kind_of_lane_and_relief_comes_back(xodr, road):
    relief = """<elevationProfile><elevation s="0" a="1" b="0.01" c="0.001" d="0"/></elevationProfile>
      <lateralProfile><superelevation s="10" a="0.02" b="0.001" c="0" d="0"/>
      <crossfall side="left" s="0" a="0.02" b="0" c="0" d="0"/>
      <shape s="0" t="-3" a="0.1" b="-0.03" c="0" d="0"/><shape s="0" t="0" a="0" b="0" c="0" d="0"/>
      </lateralProfile>"""
    lanes = """<lanes><laneOffset s="5" a="0.2" b="0.01" c="0" d="0"/>
      <laneSection s="0"><left><lane id="1" type="sidewalk" level="true">
      <border sOffset="0" a="2" b="0.01" c="0" d="0"/><height sOffset="0" inner="0.1" outer="0.1"/></lane></left>
      <center><lane id="0"><roadMark sOffset="3" type="broken" color="white"/></lane></center>
      <right><lane id="-1" type="bus" direction="both"><width sOffset="0" a="3" b="0" c="0.001" d="0"/>
      <material sOffset="2" friction="0.5" surface="gravel" roughness="0.02"/><speed sOffset="4" max="8"/>
      <link><successor id="-1"/></link></lane></right></laneSection>
      <laneSection s="50"><center><lane id="0"/></center><right><lane id="-1" type="driving">
      <link><predecessor id="-1"/></link><width sOffset="0" a="3" b="0" c="0" d="0"/></lane></right></laneSection>
      </lanes>"""
    shape = '<spiral curvStart="0.001" curvEnd="-0.02"/>'
    text = road(shape=shape, lanes=lanes).replace("</planView>", "</planView>" + relief)
    network = read_opendrive(xodr(text))
    copy = again(network)
    assert widest_gap(network, copy) < 1e-9
    (mine,), (theirs,) = network.roads.values(), copy.roads.values()
    bus, other = mine.lane(-1), theirs.lane(-1)
    assert (other.surfaces, other.limits, other.direction) == (bus.surfaces, bus.limits, "both")
    assert (theirs.lane(1).level, theirs.lane(1).height) == (True, 0.1)
    assert theirs.sections[0].center_marks[0].s == 3.0
    assert theirs.sections[0].center_marks[0].lines(0) == mine.sections[0].center_marks[0].lines(0)


def test_an_import_says_nothing_of_what_an_export_wrote(tmp_path: Path):
    """All that is written is understood when it is read."""
    path = tmp_path / "own.xodr"
    path.write_text(to_opendrive(load(library() / "urban" / "left_turn.yaml").network))
    _, report = import_opendrive(path)
    assert (dict(report.unsupported), report.warnings) == ({}, ())
