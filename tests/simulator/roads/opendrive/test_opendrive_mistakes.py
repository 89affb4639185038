"""Files that are wrong or hostile are refused with a message that names the road, the lane and the place."""

import re

import pytest

from roadlab.errors import ScenarioFileError
from roadlab.randomness import generator
from roadlab.roads.opendrive import import_text, read_opendrive
from roadlab.roads.opendrive.exporting import to_opendrive
from roadlab.roads.opendrive.reading import read_document

LANES = """<lanes><laneSection s="0">
<center><lane id="0" type="none"/></center>
<right>{right}</right>
</laneSection></lanes>"""


def problems(path):
    with pytest.raises(ScenarioFileError) as caught:
        read_document(path)
    return caught.value.diagnostics


def only_problem(path):
    (found,) = problems(path)
    return found


# --- hostile ---------------------------------------------------------------------------------------------------------


def test_entities_are_refused_before_anything_is_expanded(tmp_path):
    path = tmp_path / "bomb.xodr"
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    path.write_text(
        f'<?xml version="1.0"?>\n<!DOCTYPE OpenDRIVE [<!ENTITY l0 "lol">{lol}]>\n<OpenDRIVE>&l9;</OpenDRIVE>'
    )
    found = only_problem(path)
    assert "document type declarations, entities and external references are not read" in found.message
    assert found.span.line == 2


def test_external_references_are_refused(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    path = tmp_path / "x.xodr"
    path.write_text(f'<!DOCTYPE O [<!ENTITY x SYSTEM "file://{secret}">]><OpenDRIVE><header name="&x;"/></OpenDRIVE>')
    assert "not read" in only_problem(path).message


def test_a_map_of_300_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "huge.xodr"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    assert path.stat().st_blocks * 512 < 1_000_000  # a hole: nothing to read
    assert only_problem(path).message == "the file has 300 MB; at most 100 MB are read"


def test_elements_nested_without_end_are_refused(tmp_path):
    path = tmp_path / "deep.xodr"
    path.write_text("<OpenDRIVE>" + "<a>" * 100_000)
    assert "deep" in only_problem(path).message


def test_a_prefix_of_any_length_never_ends_in_a_traceback(tmp_path, xodr, road):
    whole = xodr(road()).read_bytes()
    path = tmp_path / "cut.xodr"
    for end in range(0, len(whole) - 2, 7):
        path.write_bytes(whole[:end])
        assert problems(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"length": 2e5}, "its length is 200000 m; at most 100000 m are read"),
        ({"shape": '<arc curvature="1e6"/>'}, "a curvature of 1e+06 1/m; at most 10 1/m is read"),
        ({"start": 'x="1e12" y="0" hdg="0"'}, "a geometry starts at (1e+12, 0), 0"),
    ],
)
def test_sizes_that_no_road_has_are_refused_before_they_are_computed(xodr, road, change, message):
    assert only_problem(xodr(road(**change))).message == message


def test_a_lane_of_absurd_width_is_refused(xodr, road):
    right = '<lane id="-1" type="driving"><width sOffset="0" a="3" b="0" c="0" d="1e9"/></lane>'
    found = only_problem(xodr(road(lanes=LANES.format(right=right))))
    assert (found.path, found.message) == ("road 1, lane -1", "its width is 1e+15 m at 100.00 m into the section")


def test_a_road_that_would_take_millions_of_chords_is_refused(xodr, road):
    right = '<lane id="-1" type="driving"><width sOffset="0" a="900" b="0" c="0" d="0"/></lane>'
    path = xodr(road(length=50_000.0, shape='<arc curvature="5"/>', lanes=LANES.format(right=right)))
    with pytest.raises(ScenarioFileError, match="so long, bent and wide"):
        read_opendrive(path)


@pytest.mark.parametrize("seed", range(4))
def test_no_change_of_a_file_ends_in_a_traceback(xodr, road, seed):
    """Values of the text replaced by others that are too large, of the wrong kind or from elsewhere in it."""
    chance = generator(seed, "xodr", "mutations")
    words = ["0", "-1", "1e300", "-1e300", "nan", "", "start", "junction", "2", "none", "true", "1e5", "-0.5"]
    whole = xodr(road("<type s='0' type='town'/>"), road(name="2", start='x="100" y="0" hdg="0"')).read_text()
    for _ in range(60):
        text = whole
        for _ in range(int(chance.integers(1, 4))):
            values = list(re.finditer(r'="([^"]*)"', text))
            at = values[int(chance.integers(len(values)))]
            text = text[: at.start(1)] + words[int(chance.integers(len(words)))] + text[at.end(1) :]
        try:
            network, _ = import_text(text.encode(), "changed.xodr")
        except ScenarioFileError:
            continue
        assert import_text(to_opendrive(network).encode(), "again.xodr")


# --- not a map -------------------------------------------------------------------------------------------------------


def test_broken_xml_is_reported_where_it_breaks(tmp_path):
    path = tmp_path / "broken.xodr"
    path.write_text("<OpenDRIVE>\n  <road>\n</OpenDRIVE>\n")
    found = only_problem(path)
    assert found.message == "broken XML: mismatched tag"
    assert (found.span.line, found.source_line) == (3, "</OpenDRIVE>")


def test_an_xml_declaration_after_other_text_is_broken_xml(tmp_path):
    path = tmp_path / "late.xodr"
    path.write_text("<!-- licence -->\n<?xml version='1.0'?>\n<OpenDRIVE/>")
    assert only_problem(path).span.line == 2


def test_another_kind_of_file_is_named(tmp_path):
    path = tmp_path / "osm.xodr"
    path.write_text("<osm version='0.6'></osm>")
    assert "its root is 'osm', not 'OpenDRIVE'" in only_problem(path).message


@pytest.mark.parametrize(("major", "minor"), [(1, 3), (1, 9), (2, 0)])
def test_other_versions_are_refused(tmp_path, major, minor):
    path = tmp_path / "version.xodr"
    path.write_text(f'<OpenDRIVE><header revMajor="{major}" revMinor="{minor}"/></OpenDRIVE>')
    assert only_problem(path).message == f"OpenDRIVE {major}.{minor} is not read; expected 1.4 to 1.8"


def test_a_file_without_header_or_roads(tmp_path, xodr):
    path = tmp_path / "empty.xodr"
    path.write_text("<OpenDRIVE></OpenDRIVE>")
    assert only_problem(path).message == "no headers"
    assert only_problem(xodr()).message == "there is no road in this file"


# --- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["nan", "inf", "-Infinity", "1e999", "1_0", "0x10", "ten"])
def test_a_coordinate_that_is_no_finite_number(xodr, road, value):
    path = xodr(road(start=f'x="{value}" y="0" hdg="0"', name="7"))
    found = only_problem(path)
    assert found.message == f"x is '{value}'"
    assert found.hint == "expected a finite number"
    assert found.path == "road 7, geometry"
    assert found.source_line[found.span.column - 1 :].startswith("<geometry ")


def test_all_problems_of_a_file_come_at_once_in_its_order(xodr, road):
    path = xodr(road(start='x="a" y="0"', name="1"), road(length=-5.0, name="2"))
    found = problems(path)
    assert [(d.path, d.message) for d in found] == [
        ("road 1, geometry", "x is 'a'"),
        ("road 1, geometry", "hdg is missing"),
        ("road 2", "length is '-5.0'"),
        ("road 2, geometry", "length is '-5.0'"),
    ]


def test_a_word_that_is_not_one_of_the_standard(xodr, road):
    poly = '<paramPoly3 aU="0" bU="1" cU="0" dU="0" aV="0" bV="0" cV="0" dV="0" pRange="arclength"/>'
    found = only_problem(xodr(road(shape=poly)))
    assert (found.message, found.hint) == ("pRange is 'arclength'", "expected one of arcLength, normalized")


def test_a_whole_number_of_a_million_digits_is_refused(xodr, road):
    path = xodr(road().replace('<lane id="-1"', f'<lane id="{"9" * 100_000}"'))
    assert only_problem(path).message.startswith("id is '999")


# --- roads and lanes -------------------------------------------------------------------------------------------------


def test_a_lane_of_negative_width_is_named_with_its_place(xodr, road):
    right = '<lane id="-1" type="driving">\n<width sOffset="0" a="3" b="-0.05" c="0" d="0"/></lane>'
    found = only_problem(xodr(road(name="9", lanes=LANES.format(right=right))))
    assert found.path == "road 9, lane -1"
    assert found.message == "its width is -2.000 m at 100.00 m into the section"
    assert found.source_line.startswith("<width")


def test_a_lane_that_ends_in_rounded_coefficients_is_none(xodr, road):
    right = '<lane id="-1" type="driving"><width sOffset="0" a="3" b="-0.0300001" c="0" d="0"/></lane>'
    assert read_document(xodr(road(lanes=LANES.format(right=right)))).roads


def test_lanes_out_of_order(xodr, road):
    width = '<width sOffset="0" a="3" b="0" c="0" d="0"/>'
    right = f'<lane id="-1" type="driving">{width}</lane><lane id="-3" type="driving">{width}</lane>'
    found = only_problem(xodr(road(lanes=LANES.format(right=right))))
    assert (found.message, found.hint) == ("the lanes on the right are -1, -3", "expected -1, -2")


def test_a_lane_without_width(xodr, road):
    found = only_problem(xodr(road(lanes=LANES.format(right='<lane id="-1" type="driving"/>'))))
    assert (found.path, found.message) == ("road 1, lane -1", "it has neither width nor border")


def test_a_length_that_is_not_that_of_the_geometries(xodr, road):
    found = only_problem(xodr(road(length=100.0).replace('length="100.0" junction', 'length="90" junction')))
    assert found.message == "its length is 90 m, but its geometries end at s 100"


def test_a_geometry_without_shape(xodr, road):
    assert "expected line, spiral, arc, poly3 or paramPoly3" in only_problem(xodr(road(shape=""))).hint


def test_two_roads_of_one_id(xodr, road):
    found = only_problem(xodr(road(), road()))
    assert (found.path, found.message) == ("road 1", "a second road with this id")


def test_links_to_what_is_not_there(xodr, road):
    link = '<link><successor elementType="road" elementId="99" contactPoint="start"/></link>'
    assert only_problem(xodr(road(link))).message == "its successor is road 99, which is not in this file"
    lost = "<link><successor id='-4'/></link>"
    right = f'<lane id="-1" type="driving">{lost}<width sOffset="0" a="3" b="0" c="0" d="0"/></lane>'
    link = '<link><successor elementType="road" elementId="2" contactPoint="start"/></link>'
    found = only_problem(
        xodr(road(link, lanes=LANES.format(right=right)), road(name="2", start='x="100" y="0" hdg="0"'))
    )
    assert (found.path, found.message) == ("road 1, lane -1", "its successor is lane -4, which is not there")


def test_a_junction_whose_connection_leads_nowhere(xodr, road):
    connection = '<connection id="0" incomingRoad="1" connectingRoad="5" contactPoint="start"/>'
    found = only_problem(xodr(road(), f'<junction id="3" name="x">{connection}</junction>'))
    assert found.path == "junction 3, connection 0"
    assert found.message == "its connectingRoad is 5, which is not in this file"
