"""A plan shows each lane where it is, with its id, and its picture and its SVG show the same."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from typer.testing import CliRunner

from roadlab.errors import ScenarioFileError
from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec
from roadlab_tools.cli import app
from roadlab_tools.maps.command import draw, network_in
from roadlab_tools.maps.contents import plan_of
from roadlab_tools.maps.picture import GROUND, as_image, as_svg
from roadlab_tools.maps.plan import Word
from roadlab_tools.maps.statistics import statistics
from roadlab_tools.options import OptionError


@pytest.fixture(scope="module")
def street():
    road = {"profile": "urban_2x1", "path": [{"line": 100.0}]}
    return build_network(
        MapSpec.model_validate({"roads": {"street": road}, "crosswalks": [{"road": "street", "s": 50.0}]})
    )


def test_every_lane_bears_its_id_at_its_middle(street):
    plan = plan_of(street, 1200)
    ids = {shape.text: shape.y for shape in plan.shapes if isinstance(shape, Word) and shape.text.lstrip("-").isdigit()}
    # 3.5 m wide driving lanes on either side of y = 0, then 3.8 m wide pavements
    assert {name: ids[name] for name in ("1", "-1", "2", "-2")} == pytest.approx(
        {"1": 1.75, "-1": -1.75, "2": 5.4, "-2": -5.4}
    )


def test_pixels_lie_where_the_road_does(street):
    plan = plan_of(street, 1240)
    image = as_image(plan, 1240)
    west, south, east, north = plan.bounds
    assert image.shape[1] == 1240
    assert image.shape[0] == round(1240 * (north - south) / (east - west))

    def colour(x, y):
        ((column, row),) = plan.pixels(np.array([[x, y]]), plan.scale(1240)).astype(int)
        return tuple(image[row, column].tolist())

    assert colour(20.3, -2.9) == colour(70.3, 2.9) != GROUND  # asphalt
    assert colour(20.3, -11.0) == GROUND
    assert colour(50.0, -3.0) == (245, 245, 245)  # a bar of the crosswalk: the first one begins 0.25 m from the kerb


def test_the_svg_has_a_shape_for_each_of_the_plan(street):
    plan = plan_of(street, 600)
    root = ET.fromstring(as_svg(plan, 600))
    assert len(root) == len(plan.shapes) + 1
    assert root.attrib["width"] == "600"


def test_statistics_count_metres_and_lanes(street):
    found = statistics(street)
    assert found["roads"] == "1, 0.100 km"
    assert found["lanes"] == "sidewalk 0.200 km, driving 0.200 km"
    assert found["crosswalks"] == "1"
    assert "junctions" not in found


def test_a_picture_is_written_by_its_suffix_alone(street, tmp_path):
    draw(street, tmp_path / "plan.PNG", longest=200)
    assert (tmp_path / "plan.PNG").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(OptionError, match="png"):
        draw(street, tmp_path / "plan.gif")
    with pytest.raises(OptionError, match="--size"):
        draw(street, tmp_path / "plan.png", longest=10**6)


def test_an_opendrive_file_tells_what_has_no_effect(tmp_path):
    file = tmp_path / "map.xodr"
    file.write_text(
        '<OpenDRIVE><header revMajor="1" revMinor="7"/><road id="1" length="10" junction="-1"><planView>'
        '<geometry s="0" x="0" y="0" hdg="0" length="10"><line/></geometry></planView><lanes><laneSection s="0">'
        '<center><lane id="0" type="none"/></center><right><lane id="-1" type="driving"><width sOffset="0" a="3" b="0" '
        'c="0" d="0"/><userData code="x" value="1"/></lane></right></laneSection></lanes></road></OpenDRIVE>'
    )
    network, warnings = network_in(file)
    assert statistics(network)["lanes"] == "driving 0.010 km"
    assert any("userData" in warning and "(1x)" in warning for warning in warnings)


def test_a_missing_file_is_said_so(tmp_path):
    with pytest.raises(OptionError, match=r"nowhere\.xodr"):
        network_in(tmp_path / "nowhere.xodr")


def test_a_part_of_scenarios_with_a_map_is_drawn_too(tmp_path):
    file = tmp_path / "street.yaml"
    file.write_text("part: A street\nmap:\n  roads:\n    elm: {profile: urban_2x1, path: [{line: 80 m}]}\n")
    network, warnings = network_in(file)
    assert statistics(network)["roads"] == "1, 0.080 km"
    assert warnings == []
    file.write_text("part: A street\nmap:\n  roads:\n    elm: {profile: urbn_2x1, path: [{line: 80 m}]}\n")
    with pytest.raises(ScenarioFileError, match=r"street\.yaml:4:20: .*did you mean urban_2x1"):
        network_in(file)


def test_the_command_prints_figures_and_draws(tmp_path):
    file, out = tmp_path / "street.yaml", tmp_path / "street.svg"
    file.write_text("part: A street\nmap:\n  roads:\n    elm: {profile: urban_2x1, path: [{line: 80 m}]}\n")
    done = CliRunner().invoke(app, ["map", str(file), "--out", str(out), "--size", "300"])
    assert done.exit_code == 0, done.output
    assert "roads: 1, 0.080 km" in done.output
    assert out.read_text().startswith("<svg")
    wrong = CliRunner().invoke(app, ["map", str(file), "--out", str(tmp_path / "street.bmp")])
    assert wrong.exit_code == 2
