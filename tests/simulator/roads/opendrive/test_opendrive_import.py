"""Small files become roads, junctions and signals that say what the file says."""

import math

import numpy as np
import pytest

from roadlab.errors import ScenarioFileError
from roadlab.roads.opendrive import import_opendrive, read_opendrive

WIDTH = '<width sOffset="0" a="3.5" b="0" c="0" d="0"/>'


def lanes_text(right="", left="", center="", before=""):
    left = f"<left>{left}</left>" if left else ""
    right = f"<right>{right}</right>" if right else ""
    section = f'<laneSection s="0">{left}<center><lane id="0" type="none">{center}</lane></center>{right}</laneSection>'
    return f"<lanes>{before}{section}</lanes>"


def plan(*geometries):
    """A planView text of geometries (s, x, y, hdg, length, shape)."""
    head = '<geometry s="{}" x="{}" y="{}" hdg="{}" length="{}">{}</geometry>'
    return "<planView>" + "".join(head.format(*geometry) for geometry in geometries) + "</planView>"


@pytest.fixture
def with_plan(road):
    """A road of several geometries."""

    def text(*geometries, length):
        whole = road(length=length)
        start, end = whole.index("<planView>"), whole.index("</planView>") + len("</planView>")
        return whole[:start] + plan(*geometries) + whole[end:]

    return text


# --- geometry --------------------------------------------------------------------------------------------------------


def test_a_clothoid_ends_where_its_fresnel_integrals_say(xodr, road):
    """Curvature 0 to 0.007 over 50 m (Cephes Fresnel): (49.8470919509412, 2.91029267208805, 0.175)."""
    network = read_opendrive(xodr(road(length=50.0, shape='<spiral curvStart="0" curvEnd="0.007"/>')))
    end = [float(value) for value in network.roads["1"].point(50.0)]
    assert end == pytest.approx([49.8470919509412, 2.91029267208805, 0.175], abs=1e-9)


def test_an_arc_ends_where_its_circle_does(xodr, road):
    network = read_opendrive(xodr(road(length=30.0, start='x="1" y="2" hdg="0"', shape='<arc curvature="-0.05"/>')))
    x, y, heading = network.roads["1"].point(30.0)
    assert (float(x), float(y)) == pytest.approx((1 + 20 * math.sin(1.5), 2 - 20 * (1 - math.cos(1.5))), abs=1e-12)
    assert float(heading) == pytest.approx(-1.5)


def test_poly3_counts_arc_length_and_not_u(xodr, road):
    """v = u² - 2u³: at s = 0.1 and 0.2 as in esmini's RoadManager_test.cpp, further on by adding up chords."""
    lane = f'<lane id="-1" type="driving">{WIDTH}</lane>'
    shape = '<poly3 a="0" b="0" c="1" d="-2"/>'
    line = read_opendrive(xodr(road(length=1.0, shape=shape, lanes=lanes_text(lane)))).roads["1"]
    x, y, heading = line.point(np.array([0.1, 0.2]))
    assert x == pytest.approx([0.1, 0.199], abs=1e-3)
    assert y == pytest.approx([0.008, 0.024], abs=1e-3)
    assert heading == pytest.approx([0.139, 0.159], abs=2e-3)
    u = np.linspace(0.0, 0.9, 900_001)
    v = u**2 - 2.0 * u**3
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(u), np.diff(v)))])
    s = np.linspace(0.0, 1.0, 21)
    x, y, _ = line.point(s)
    assert x == pytest.approx(np.interp(s, walked, u), abs=1e-6)
    assert y == pytest.approx(np.interp(s, walked, v), abs=1e-6)


@pytest.mark.parametrize("unit", ["normalized", "arcLength"])
def test_param_poly3_in_both_ranges_is_the_same_curve(xodr, road, unit):
    """A quarter-like bend u = 20 p, v = 5 p², p in [0, 1]; in arc length p runs to L."""
    dense = np.linspace(0.0, 1.0, 200_001)
    length = float(np.sum(np.hypot(np.diff(20 * dense), np.diff(5 * dense**2))))
    k = 1.0 if unit == "normalized" else 1.0 / length
    shape = (
        f'<paramPoly3 aU="0" bU="{20 * k!r}" cU="0" dU="0" aV="0" bV="0" cV="{5 * k * k!r}" dV="0" pRange="{unit}"/>'
    )
    line = read_opendrive(xodr(road(length=length, shape=shape))).roads["1"]
    x, y, heading = line.point(length)
    assert (float(x), float(y)) == pytest.approx((20.0, 5.0), abs=1e-9)
    assert float(heading) == pytest.approx(math.atan2(10.0, 20.0), abs=1e-9)


def test_a_gap_of_two_millimetres_is_told_and_one_of_two_centimetres_refused(xodr, with_plan):
    def two_lines(gap):
        return with_plan((0, 0, 0, 0, 10, "<line/>"), (10, 10 + gap, 0, 0, 10, "<line/>"), length=20)

    _, report = import_opendrive(xodr(two_lines(0.002)))
    assert "0.002 m from the end" in report.warnings[0].message
    with pytest.raises(ScenarioFileError) as caught:
        read_opendrive(xodr(two_lines(0.02)))
    (found,) = caught.value.diagnostics
    assert found.message == "starts 0.02 m from where the one before it ends"
    assert found.path == "road 1, geometry at s 10"
    assert found.source_line[found.span.column - 1 :].startswith('<geometry s="10"')


@pytest.mark.parametrize(("length", "told"), [(100.005, 0), (100.5, 1)])
def test_a_polynomial_of_another_length_is_told(xodr, road, length, told):
    shape = '<paramPoly3 aU="0" bU="100" cU="0" dU="0" aV="0" bV="0" cV="0" dV="0" pRange="normalized"/>'
    _, report = import_opendrive(xodr(road(length=length, shape=shape)))
    assert len(report.warnings) == told
    assert all(warning.message == "its length is 100.5 m, but that of its curve 100 m" for warning in report.warnings)


def test_a_polynomial_of_quite_another_length_is_refused(xodr, road):
    """u = v = 1 - 2p + 3p² - 4p³ over a stated length of 4 (esmini's RoadManager_test.cpp) is 302 m long."""
    shape = '<paramPoly3 aU="1" bU="-2" cU="3" dU="-4" aV="1" bV="-2" cV="3" dV="-4" pRange="arcLength"/>'
    with pytest.raises(ScenarioFileError, match=r"its length is 4 m, but that of its curve 30\d"):
        read_opendrive(xodr(road(length=4.0, shape=shape)))


def test_a_kink_is_told(xodr, with_plan):
    path = xodr(with_plan((0, 0, 0, 0, 10, "<line/>"), (10, 10, 0, 0.01, 10, "<line/>"), length=20))
    assert [warning.message for warning in import_opendrive(path)[1].warnings] == ["a kink of 0.01 rad"]


# --- relief ----------------------------------------------------------------------------------------------------------


def test_superelevation_and_elevation_ramps(xodr, road):
    """c = 1.5e-4, d = -1e-6 give 0.5 rad and c = 6e-3, d = -4e-5 give 20 m over 100 m (esmini's test file)."""
    profile = '<elevationProfile><elevation s="0" a="0" b="0" c="6e-3" d="-4e-5"/></elevationProfile>'
    lateral = '<lateralProfile><superelevation s="0" a="0" b="0" c="1.5e-4" d="-1e-6"/></lateralProfile>'
    one = read_opendrive(xodr(road().replace("</planView>", "</planView>" + profile + lateral))).roads["1"]
    assert float(one.height(100.0, 0.0)) == pytest.approx(20.0)
    # the tilted cross-section: 2 m to the left is 2 sin 0.5 higher and 2 cos 0.5 away
    assert float(one.height(100.0, 2.0)) == pytest.approx(20.0 + 2.0 * math.sin(0.5))
    assert float(one.point(100.0, 2.0)[1]) == pytest.approx(2.0 * math.cos(0.5))


def test_crossfall_falls_outwards_and_shape_adds_height(xodr, road):
    lateral = """<lateralProfile><crossfall side="right" s="0" a="0.025" b="0" c="0" d="0"/></lateralProfile>"""
    one = read_opendrive(xodr(road().replace("</planView>", "</planView>" + lateral))).roads["1"]
    assert float(one.height(10.0, -3.0)) == pytest.approx(-3.0 * math.tan(0.025))
    assert float(one.height(10.0, 3.0)) == pytest.approx(0.0)
    shape = "".join(
        f'<shape s="{s}" t="{t}" a="{a}" b="0" c="0" d="0"/>'
        for s in (0, 100)
        for t, a in ((-5, 0.1 + s / 100), (0, 0.0))
    )
    lateral = f"<lateralProfile>{shape}</lateralProfile>"
    one = read_opendrive(xodr(road().replace("</planView>", "</planView>" + lateral))).roads["1"]
    assert float(one.height(50.0, -2.0)) == pytest.approx(0.1 + 0.5)  # halfway between 0.1 and 1.1
    assert float(one.height(50.0, 2.0)) == pytest.approx(0.0)


# --- lanes -----------------------------------------------------------------------------------------------------------


def test_widths_and_offset_count_from_their_own_records(xodr, road):
    ramp = '<width sOffset="0" a="3" b="0" c="0" d="0"/><width sOffset="40" a="3" b="0.05" c="0" d="0"/>'
    lane = f'<lane id="-1" type="driving">{ramp}</lane>'
    offset = '<laneOffset s="0" a="0" b="0" c="0" d="0"/><laneOffset s="50" a="0" b="0" c="0.001" d="0"/>'
    one = read_opendrive(xodr(road(lanes=lanes_text(lane, before=offset)))).roads["1"]
    right, left = one.lane_edges(np.array([20.0, 60.0]), -1)
    assert left == pytest.approx([0.0, 0.1])
    assert left - right == pytest.approx([3.0, 4.0])


def test_borders_are_as_good_as_widths(xodr, road):
    inner = '<lane id="-1" type="driving"><border sOffset="0" a="-3" b="-0.01" c="0" d="0"/></lane>'
    outer = '<lane id="-2" type="shoulder"><border sOffset="0" a="-5" b="0" c="0" d="0"/></lane>'
    one = read_opendrive(xodr(road(lanes=lanes_text(inner + outer)))).roads["1"]
    assert one.lane_bounds(-1, 50.0) == pytest.approx((-3.5, 0.0))
    assert one.lane_bounds(-2, 50.0) == pytest.approx((-5.0, -3.5))


def test_speed_limits_in_all_units(xodr, road):
    lane = f'<lane id="-1" type="driving">{WIDTH}<speed sOffset="30" max="30" unit="mph"/></lane>'
    plain = f'<lane id="-2" type="driving">{WIDTH}</lane>'
    town = '<type s="0" type="town"><speed max="50" unit="km/h"/></type>'
    motorway = '<type s="60" type="motorway"><speed max="no limit"/></type>'
    one = read_opendrive(xodr(road(town + motorway, lanes=lanes_text(lane + plain)))).roads["1"]
    assert one.lane_speed_limit([10.0, 40.0], -1) == pytest.approx([50 / 3.6, 13.4112])
    assert one.lane_speed_limit([10.0, 70.0], -2) == pytest.approx([50 / 3.6, math.inf])


def test_the_type_of_a_road_gives_its_limit_where_the_file_gives_none(xodr, road):
    one = read_opendrive(xodr(road('<type s="0" type="rural"/>'))).roads["1"]
    assert float(one.lane_speed_limit(0.0, -1)) == pytest.approx(100 / 3.6)


def test_marks_with_explicit_lines(xodr, road):
    broken = """<roadMark sOffset="10" type="solid broken" color="yellow" width="0.12" laneChange="decrease">
      <type name="solid broken" width="0.12">
        <line length="0" space="0" tOffset="0.1" sOffset="0" width="0.12"/>
        <line length="3" space="6" tOffset="-0.1" sOffset="2" width="0.15" color="white"/>
      </type></roadMark>"""
    lane = f'<lane id="-1" type="driving">{WIDTH}</lane>'
    (mark,) = read_opendrive(xodr(road(lanes=lanes_text(lane, center=broken)))).roads["1"].sections[0].center_marks
    assert (mark.type, mark.s, mark.color, mark.change) == ("solid broken", 10.0, "yellow", "decrease")
    solid, dashes = mark.lines(0)
    assert (solid.t, solid.length, dashes.t, dashes.length, dashes.space, dashes.s) == (0.1, 0.0, -0.1, 3.0, 6.0, 2.0)
    assert (dashes.width, dashes.color) == (0.15, "white")


def test_single_dashes_do_not_repeat(xodr, road):
    custom = """<roadMark sOffset="0" type="custom" color="white"><explicit>
      <line length="1" tOffset="0" sOffset="2" width="0.3"/><line length="2" tOffset="0" sOffset="5" width="0.3"/>
    </explicit></roadMark>"""
    lane = f'<lane id="-1" type="driving">{WIDTH}{custom}</lane>'
    mark = read_opendrive(xodr(road(lanes=lanes_text(lane)))).roads["1"].lane(-1).mark
    assert [(line.s, line.length) for line in mark.lines(-1)] == [(2.0, 1.0), (5.0, 2.0)]
    assert not mark.repeats


def test_an_unknown_lane_type_is_told(xodr, road):
    lane = f'<lane id="-1" type="hovercraft">{WIDTH}</lane>'
    network, report = import_opendrive(xodr(road(lanes=lanes_text(lane))))
    assert network.roads["1"].lane(-1).type == "none"
    assert report.unsupported["lane of the type 'hovercraft': read as none"] == 1


def test_left_hand_traffic_and_reversed_lanes(xodr, road):
    lane = (
        f'<lane id="-1" type="driving">{WIDTH}</lane><lane id="-2" type="driving" direction="reversed">{WIDTH}</lane>'
    )
    right, left = (read_opendrive(xodr(road(lanes=lanes_text(lane), rule=rule))).roads["1"] for rule in ("RHT", "LHT"))
    assert [right.lane_direction(lane) for lane in (-1, -2)] == [1, -1]
    assert [left.lane_direction(lane) for lane in (-1, -2)] == [-1, 1]


# --- junctions and signals -------------------------------------------------------------------------------------------


def linked(before="", after=""):
    before = f"<predecessor {before}/>" if before else ""
    after = f"<successor {after}/>" if after else ""
    return f"<link>{before}{after}</link>"


CONNECTING = f'<lane id="-1" type="driving"><link><predecessor id="-1"/><successor id="-1"/></link>{WIDTH}</lane>'


@pytest.fixture
def crossing(road):
    """Road a ends in junction j; connecting road c leads straight on to road b."""

    def texts(signals="", inside=""):
        to_junction = 'elementType="junction" elementId="j"'
        from_a = 'elementType="road" elementId="a" contactPoint="end"'
        to_b = 'elementType="road" elementId="b" contactPoint="start"'
        through = {"start": 'x="100" y="0" hdg="0"', "length": 20.0, "junction": "j", "lanes": lanes_text(CONNECTING)}
        return (
            road(linked(after=to_junction), name="a", after=signals),
            road(linked(before=to_junction), name="b", start='x="120" y="0" hdg="0"'),
            road(linked(from_a, to_b), name="c", after=inside, **through),
            """<junction id="j" name="x"><connection id="0" incomingRoad="a" connectingRoad="c" contactPoint="start">
            <laneLink from="-1" to="-1"/></connection></junction>""",
        )

    return texts


def test_a_lane_leads_through_a_junction(xodr, crossing):
    network = read_opendrive(xodr(*crossing()))
    assert network.route(("a", -1, 0)) == [("a", -1, 0), ("c", -1, 0), ("b", -1, 0)]
    (lane,) = network.junctions["j"].connections
    assert (lane.turn, lane.arm) == ("straight", "a.end")
    assert network.lane_path(network.route(("a", -1, 0))).length == pytest.approx(220.0)


def test_in_a_direct_junction_lanes_part_and_join(xodr, road):
    """Two roads part from lanes of one, or, driven the other way, join it: the links are the same."""
    lane = '<lane id="{}" type="driving">{}</lane>'
    two = lanes_text(lane.format(-1, WIDTH) + lane.format(-2, WIDTH))
    back = lanes_text(lane.format(-1, WIDTH), left=lane.format(1, WIDTH))
    ends_at = 'elementType="junction" elementId="j"'
    before, behind = linked(after=ends_at), linked(before=ends_at)
    junction = """<junction id="j" name="exit" type="direct">
      <connection id="0" incomingRoad="a" linkedRoad="b" contactPoint="start"><laneLink from="-1" to="-1"/></connection>
      <connection id="1" incomingRoad="a" linkedRoad="c" contactPoint="start"><laneLink from="-2" to="-1"/></connection>
      <connection id="2" incomingRoad="d" linkedRoad="b" contactPoint="start"><laneLink from="1" to="1"/></connection>
      </junction>"""
    network = read_opendrive(
        xodr(
            road(before, name="a", lanes=two),
            road(behind, name="b", start='x="100" y="0" hdg="0"', lanes=back),
            road(behind, name="c", start='x="100" y="-3.5" hdg="0"'),
            road(before, name="d", lanes=back),
            junction,
        )
    )
    assert network.successors(("a", -1, 0)) == [("b", -1, 0)]
    assert network.successors(("a", -2, 0)) == [("c", -1, 0)]
    assert network.successors(("b", 1, 0)) == [("d", 1, 0)]  # against the direction in which the file links them


def light(s=95, orientation="+", number=1, kind="1000001", dynamic="yes"):
    return (
        f'<signal s="{s}" t="-4" id="{number}" dynamic="{dynamic}" orientation="{orientation}" zOffset="3" '
        f'type="{kind}" subtype="-1" height="0.9" width="0.3"/>'
    )


def test_a_light_before_a_junction_stops_its_arm(xodr, crossing):
    network = read_opendrive(xodr(*crossing(f"<signals>{light()}</signals>")))
    junction = network.junctions["j"]
    (head,) = junction.heads
    assert (head.name, head.x, head.y) == ("j/a.end", 95.0, -4.0)
    assert abs(head.heading) == pytest.approx(math.pi)  # towards the traffic, which drives along x
    (line,) = junction.stop_lines
    assert (line.ahead, line.strip.t, line.signal) == (-8.0, (-3.5, 0.0), "j/a.end")  # 3 m before the light
    assert junction.plan.green > 0.0
    (stop,) = network.lane_path(network.route(("a", -1, 0))).stops
    assert stop.s == pytest.approx(92.0)


def test_a_painted_stop_line_says_where_one_stops(xodr, crossing):
    line = light(s=90, number=2, kind="294", dynamic="no")
    network = read_opendrive(xodr(*crossing(f"<signals>{light()}{line}</signals>")))
    assert network.junctions["j"].stop_lines[0].ahead == -10.0


@pytest.mark.parametrize(
    "other",
    [light(orientation="-"), light(kind="1000002"), light(dynamic="no"), light(s=20)],
    ids=["-", "foot", "sign", "far"],
)
def test_lights_for_others_stop_nobody(xodr, crossing, other):
    assert read_opendrive(xodr(*crossing(f"<signals>{other}</signals>"))).junctions["j"].plan is None


def test_a_stop_line_needs_no_light(xodr, crossing):
    line = light(s=90, kind="294", dynamic="no")
    junction = read_opendrive(xodr(*crossing(f"<signals>{line}</signals>"))).junctions["j"]
    assert [(one.ahead, one.signal) for one in junction.stop_lines] == [(-10.0, None)]
    assert junction.plan is None


def test_a_light_on_the_connecting_road_stops_the_arm_that_leads_to_it(xodr, crossing):
    network = read_opendrive(xodr(*crossing(inside=f"<signals>{light(s=1)}</signals>")))
    (head,) = network.junctions["j"].heads
    assert (head.name, head.x) == ("j/a.end", 101.0)
    assert network.junctions["j"].stop_lines[0].ahead == -3.0


SIGNS = {"206": ("stop", ("b",)), "205": ("yield", ("b",)), "301": ("priority", ("a",)), "274": (None, ())}


@pytest.mark.parametrize("kind", SIGNS)
def test_signs_tell_who_goes_first(xodr, crossing, kind):
    """206 stop, 205 yield, 301 priority, 274 speed limit (StVO); road b has no sign."""
    sign = light(kind=kind, dynamic="no")
    junction = read_opendrive(xodr(*crossing(f"<signals>{sign}</signals>"))).junctions["j"]
    assert (junction.control, junction.priority_roads) == SIGNS[kind]


def test_lights_go_before_signs(xodr, crossing):
    both = light() + light(number=2, kind="205", dynamic="no")
    assert read_opendrive(xodr(*crossing(f"<signals>{both}</signals>"))).junctions["j"].control == "signals"


def test_priorities_between_connecting_roads_become_those_of_the_roads_before(xodr, crossing):
    *roads, junction = crossing()
    told = junction.replace("</junction>", '<priority high="c" low="other"/></junction>')
    found = read_opendrive(xodr(*roads, told)).junctions["j"]
    assert (found.control, found.priority_roads) == ("priority", ("a",))


def test_controllers_are_known_to_their_signals(xodr, crossing):
    controller = '<controller id="7" name="n"><control signalId="1" type="0"/></controller>'
    network = read_opendrive(xodr(*crossing(f"<signals>{light()}</signals>"), controller))
    assert network.roads["a"].signals[0].controllers == ("7",)


def test_priorities_and_virtual_junctions(xodr, crossing, road):
    *roads, junction = crossing()
    priority = junction.replace("</junction>", '<priority high="c" low="c"/></junction>')
    virtual = '<junction id="v" type="virtual"><connection id="0" incomingRoad="a" connectingRoad="c"/></junction>'
    network, report = import_opendrive(xodr(*roads, priority, virtual))
    assert network.junctions["j"].priorities == (("c", "c"),)
    assert set(network.junctions) == {"j"}
    assert report.unsupported["junction of the type 'virtual'"] == 1


def test_objects_keep_their_outlines_and_repeats(xodr, road):
    things = """<objects>
      <object id="1" type="barrier" s="5" t="-6" zOffset="0" length="2" width="0.5" height="0.8" hdg="0.1">
      <repeat s="5" length="40" distance="0" tStart="-6" tEnd="-7" heightStart="0.8" heightEnd="0.9" zOffsetStart="0"
              zOffsetEnd="0.1" widthStart="0.5" widthEnd="0.5"/></object>
      <object id="2" type="building" s="30" t="12" zOffset="0"><outline closed="true">
        <cornerLocal u="0" v="0" z="0" height="5"/><cornerLocal u="8" v="0" z="0" height="5"/>
        <cornerLocal u="8" v="6" z="0" height="5"/></outline></object>
      <tunnel id="3" s="50" length="20" type="underpass"/></objects>"""
    barrier, building, tunnel = read_opendrive(xodr(road(after=things), minor=4)).roads["1"].objects
    assert (barrier.repeats[0].t, barrier.repeats[0].height, barrier.heading) == ((-6.0, -7.0), (0.8, 0.9), 0.1)
    assert [corner.a for corner in building.outlines[0].corners] == [0.0, 8.0, 8.0]
    assert building.outlines[0].local
    assert (tunnel.type, tunnel.s, tunnel.length, tunnel.subtype) == ("tunnel", 50.0, 20.0, "underpass")
