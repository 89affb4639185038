"""Every element of the standard that is read arrives in the document as it was written."""

from dataclasses import fields, is_dataclass

import pytest

from roadlab.roads.opendrive.elements.objects import CornerLocal, CornerRoad
from roadlab.roads.opendrive.elements.plan_view import Arc, Line, ParamPoly3, Poly3, Spiral
from roadlab.roads.opendrive.elements.signals import PositionInertial
from roadlab.roads.opendrive.reading import read_document
from roadlab.roads.opendrive.writing import write_document

EVERYTHING = """<?xml version="1.0" encoding="UTF-8"?>
<OpenDRIVE>
  <header revMajor="1" revMinor="8" name="all" version="1.0" date="2026-11-23" north="1" south="-1" east="2" west="-2"
          vendor="roadlab">
    <geoReference><![CDATA[+proj=utm +zone=32 +ellps=GRS80]]></geoReference>
    <offset x="10" y="20" z="30" hdg="0.5"/>
  </header>
  <road name="main" length="50" id="a" junction="-1" rule="LHT">
    <link>
      <predecessor elementType="road" elementId="b" contactPoint="end"/>
      <successor elementType="junction" elementId="j"/>
    </link>
    <type s="0" type="town" country="DE"><speed max="50" unit="km/h"/></type>
    <type s="20" type="motorway"><speed max="no limit"/></type>
    <planView>
      <geometry s="0" x="0" y="0" hdg="0" length="10"><line/></geometry>
      <geometry s="10" x="10" y="0" hdg="0" length="10"><spiral curvStart="0" curvEnd="0.01"/></geometry>
      <geometry s="20" x="20" y="0" hdg="0.05" length="10"><arc curvature="0.01"/></geometry>
      <geometry s="30" x="30" y="1" hdg="0.15" length="10"><poly3 a="0" b="0" c="0.001" d="-1e-5"/></geometry>
      <geometry s="40" x="40" y="2" hdg="0.15" length="10">
        <paramPoly3 aU="0" bU="10" cU="0" dU="0" aV="0" bV="0" cV="1" dV="-1" pRange="normalized"/>
      </geometry>
    </planView>
    <elevationProfile><elevation s="0" a="1" b="0.01" c="0" d="0"/></elevationProfile>
    <lateralProfile>
      <superelevation s="0" a="0.02" b="0" c="0" d="0"/>
      <crossfall side="both" s="0" a="0.025" b="0" c="0" d="0"/>
      <shape s="0" t="-3" a="0" b="0.02" c="0" d="0"/>
    </lateralProfile>
    <lanes>
      <laneOffset s="0" a="0.5" b="0" c="0" d="0"/>
      <laneSection s="0" singleSide="true">
        <left>
          <lane id="1" type="sidewalk" level="true">
            <link><predecessor id="1"/><successor id="1"/></link>
            <border sOffset="0" a="2" b="0" c="0" d="0"/>
            <height sOffset="0" inner="0.12" outer="0.10"/>
          </lane>
        </left>
        <center>
          <lane id="0" type="none">
            <link><predecessor id="0"/><successor id="0"/></link>
            <roadMark sOffset="0" type="broken" weight="bold" color="yellow" material="paint" width="0.15"
                      laneChange="both" height="0.01">
              <type name="dash" width="0.15">
                <line length="3" space="6" tOffset="0.1" sOffset="1" rule="no passing" width="0.12" color="white"/>
              </type>
            </roadMark>
            <roadMark sOffset="20" type="custom" color="white">
              <explicit><line length="1" tOffset="0" sOffset="2" rule="caution" width="0.3"/></explicit>
            </roadMark>
          </lane>
        </center>
        <right>
          <lane id="-1" type="driving" direction="reversed" advisory="outer">
            <width sOffset="0" a="3" b="0" c="0.01" d="-0.0001"/>
            <roadMark sOffset="0" type="solid" color="white"/>
            <material sOffset="0" friction="0.8" surface="asphalt" roughness="0.01"/>
            <speed sOffset="0" max="30" unit="mph"/>
            <access sOffset="0" rule="deny"><restriction type="bus"/></access>
            <rule sOffset="0" value="no stopping"/>
          </lane>
        </right>
      </laneSection>
    </lanes>
    <objects>
      <object id="o" s="5" t="-4" zOffset="0" type="parkingSpace" subtype="openSpace" name="p" dynamic="no"
              orientation="+" perpToRoad="true" hdg="0.1" pitch="0.2" roll="0.3" validLength="1" length="5" width="2.5"
              height="4">
        <repeat s="5" length="20" distance="5" tStart="-4" tEnd="-4.5" widthStart="2.5" widthEnd="2.4"
                heightStart="4" heightEnd="4" zOffsetStart="0" zOffsetEnd="0" lengthStart="5" lengthEnd="5"
                radiusStart="1" radiusEnd="2" detachFromReferenceLine="true"/>
        <outlines>
          <outline id="0" fillType="asphalt" outer="true" closed="true" laneType="parking">
            <cornerRoad s="5" t="-4" dz="0" height="4" id="0"/><cornerRoad s="9" t="-4" dz="0.1" height="4" id="1"/>
          </outline>
          <outline id="1" outer="false" closed="false">
            <cornerLocal u="1" v="2" z="0" height="1" id="0"/><cornerLocal u="2" v="2" z="0" height="1" id="1"/>
          </outline>
        </outlines>
        <material surface="wood" friction="0.5" roughness="0.1" roadMarkColor="white"/>
        <validity fromLane="-1" toLane="-1"/>
        <parkingSpace access="handicapped" restrictions="2 h"/>
        <markings>
          <marking side="left" weight="bold" width="0.1" color="white" zOffset="0.005" spaceLength="0.2"
                   lineLength="0.4" startOffset="0.1" stopOffset="0.2">
            <cornerReference id="0"/><cornerReference id="1"/>
          </marking>
        </markings>
        <borders>
          <border width="0.1" type="curb" outlineId="0" useCompleteOutline="true"><cornerReference id="1"/></border>
        </borders>
      </object>
      <objectReference id="x" s="1" t="2" zOffset="0" validLength="3" orientation="-">
        <validity fromLane="1" toLane="1"/>
      </objectReference>
      <tunnel s="1" length="10" name="t" id="t" type="standard" lighting="0.5" daylight="0.5"/>
      <bridge s="12" length="10" name="b" id="br" type="steel"/>
    </objects>
    <signals>
      <signal s="40" t="-5" id="s1" name="light" dynamic="yes" orientation="+" zOffset="3" country="DE"
              countryRevision="2017" type="1000001" subtype="-1" value="50" unit="km/h" height="0.9"
              width="0.3" length="0.2" text="hello" hOffset="0.1" pitch="0.01" roll="0.02">
        <validity fromLane="-1" toLane="-1"/>
        <dependency id="s2" type="limitline"/>
        <reference elementType="object" elementId="o" type="stopline"/>
        <positionInertial x="1" y="2" z="3" hdg="0.4" pitch="0" roll="0"/>
      </signal>
      <signal s="41" t="-5" id="s2" dynamic="no" orientation="-" zOffset="2" type="206" subtype="-1">
        <positionRoad roadId="b" s="1" t="2" zOffset="3" hOffset="0.1"/>
      </signal>
      <signalReference s="42" t="5" id="s1" orientation="-"><validity fromLane="1" toLane="1"/></signalReference>
    </signals>
  </road>
  <road length="10" id="b" junction="-1">
    <link><successor elementType="road" elementId="a" contactPoint="start"/></link>
    <planView><geometry s="0" x="-10" y="0" hdg="0" length="10"><line/></geometry></planView>
    <lanes><laneSection s="0">
      <left><lane id="1" type="driving"><width sOffset="0" a="3" b="0" c="0" d="0"/></lane></left>
      <center><lane id="0" type="none"/></center>
    </laneSection></lanes>
  </road>
  <controller id="c" name="ctrl" sequence="1"><control signalId="s1" type="vehicle"/></controller>
  <junction id="j" name="cross" type="direct">
    <connection id="0" incomingRoad="a" linkedRoad="b" contactPoint="start">
      <laneLink from="-1" to="1" overlapZone="12.5"/>
    </connection>
    <priority high="a" low="b"/>
    <controller id="c" type="fixed" sequence="0"/>
  </junction>
</OpenDRIVE>
"""


@pytest.fixture
def everything(tmp_path):
    path = tmp_path / "all.xodr"
    path.write_text(EVERYTHING)
    return read_document(path)


def test_all_shapes_of_the_plan_view_are_read(everything):
    shapes = [geometry.shape for geometry in everything.roads[0].geometries]
    assert [type(shape) for shape in shapes] == [Line, Spiral, Arc, Poly3, ParamPoly3]
    assert (shapes[1].curv_end, shapes[2].curvature, shapes[3].d, shapes[4].cV) == (0.01, 0.01, -1e-5, 1.0)
    assert shapes[4].p_range == "normalized"


def test_every_value_of_the_text_is_in_the_document(everything):
    """No attribute of the text above is unknown, and none was left at nothing."""
    assert everything.unknown == {}
    road = everything.roads[0]
    assert (road.rule, road.predecessor.contact_point, road.successor.element_type) == ("LHT", "end", "junction")
    assert (road.types[0].speed.max, road.types[0].speed.unit, road.types[1].speed.max) == (50.0, "km/h", "no limit")
    lane = road.sections[0].right[0]
    assert (lane.direction, lane.widths[0].c, lane.speeds[0].unit) == ("reversed", 0.01, "mph")
    assert lane.accesses[0].restrictions[0].type == "bus"
    marks = road.sections[0].center[0].marks
    assert (marks[0].kind.lines[0].t_offset, marks[1].explicit[0].width) == (0.1, 0.3)
    assert (road.crossfalls[0].a, road.shapes[0].t, road.lane_offsets[0].a) == (0.025, -3.0, 0.5)
    thing = road.objects[0]
    assert [type(outline.corners[0]) for outline in thing.outlines] == [CornerRoad, CornerLocal]
    assert (thing.repeats[0].t_end, thing.parking_space.access, thing.markings[0].corners[1].id) == (
        -4.5,
        "handicapped",
        1,
    )
    light, sign = road.signals
    assert light.position == PositionInertial(x=1.0, y=2.0, z=3.0, hdg=0.4)
    assert (light.dynamic, light.validities[0].to_lane, sign.position.road_id) == ("yes", -1, "b")
    junction = everything.junctions[0]
    assert (junction.type, junction.connections[0].lane_links[0].overlap_zone) == ("direct", 12.5)
    assert everything.controllers[0].controls[0].signal_id == "s1"
    assert everything.header.geo_reference.startswith("+proj=utm")
    assert everything.header.offset.hdg == 0.5


def test_the_text_leaves_no_field_of_any_element_at_its_default(everything):
    """Of each class that the text uses, every field is filled somewhere: so each attribute's name is right."""
    filled: dict[type, set[str]] = {}

    def visit(element):
        names = filled.setdefault(type(element), set())
        for entry in fields(element):
            value = getattr(element, entry.name)
            names |= {entry.name} if value not in (None, "", ()) else set()
            for inner in value if isinstance(value, tuple) else (value,):
                if is_dataclass(inner) and entry.name != "place":
                    visit(inner)

    for element in (everything.header, *everything.roads, *everything.controllers, *everything.junctions):
        visit(element)
    missing = {
        (kind.__name__, entry.name)
        for kind, names in filled.items()
        for entry in fields(kind)
        if entry.name not in names
    }
    # 1.4 to 1.7 name the restriction in an attribute and put the only outline beside the object
    assert missing == {
        ("Access", "restriction"),
        ("Connection", "connecting_road"),
        ("RoadObject", "outline"),
        ("RoadObject", "radius"),
        ("RoadRef", "element_s"),
        ("RoadRef", "element_dir"),
        ("Tunnel", "validities"),
        ("Bridge", "validities"),
    }


def test_a_document_written_and_read_again_is_the_same(everything, tmp_path):
    path = tmp_path / "again.xodr"
    path.write_text(write_document(everything))
    assert read_document(path) == everything


def test_places_are_those_of_the_tags(everything):
    road = everything.roads[0]
    assert EVERYTHING.splitlines()[road.place.line - 1][road.place.column - 1 :].startswith('<road name="main"')
    repeat = road.objects[0].repeats[0]
    assert EVERYTHING.splitlines()[repeat.place.line - 1][repeat.place.column - 1 :].startswith("<repeat ")


def test_what_is_not_understood_is_counted_by_path(xodr, road):
    surface = '<surface><CRG file="a.crg" sStart="0" sEnd="1"/></surface>'
    path = xodr(road("<userData code='x'/>\n" * 3, after=surface + "<railroad/>"), '<station id="1" name="x"/>')
    assert read_document(path).unknown == {"road/userData": 3, "road/surface": 1, "station": 1}


def test_an_unknown_attribute_is_counted_too(xodr, road):
    path = xodr(road().replace("<line/>", '<line colour="red"/>'))
    assert read_document(path).unknown == {"road/planView/geometry/line/@colour": 1}


@pytest.mark.parametrize("minor", [4, 5, 6, 7, 8])
def test_versions_from_1_4_to_1_8_are_read(xodr, road, minor):
    assert read_document(xodr(road(), minor=minor)).header.rev_minor == minor


def test_all_maps_of_the_esmini_project_survive_writing_and_reading(esmini, tmp_path):
    paths = sorted(esmini.glob("*.xodr"))
    assert len(paths) == 20
    for path in paths:
        document = read_document(path)
        copy = tmp_path / path.name
        copy.write_text(write_document(document))
        assert read_document(copy) == document, path.name
