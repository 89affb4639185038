"""Lines across roads: solid where one must stop, dashed where one only gives way."""

import numpy as np
import pytest
import shapely

from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec
from roadlab_sensors.world.road_marks import road_marks

ARMS = {"west": (-80.0, 0.0, 0.0), "east": (80.0, 0.0, np.pi), "south": (0.0, -80.0, 0.5 * np.pi)}
ROADS = {
    name: {"profile": "urban_2x1", "start": {"x": x, "y": y, "heading": turn}, "path": [{"line": 65.0}]}
    for name, (x, y, turn) in ARMS.items()
}


def painted_share(signs, control):
    """How much of the side road's line across is painted, of the 3.5 m wide and 0.5 m long strip."""
    priority = [] if control["control"] in ("all_way_stop", "signals") else ["west", "east"]
    junction = {"connect": [f"{name}.end" for name in ROADS], "priority": priority, **control}
    network = build_network(MapSpec.model_validate({"roads": ROADS, "junctions": {"tee": junction}, "signs": signs}))
    (line,) = [line for line in network.junctions["tee"].stop_lines if line.arm.road.name == "south"]
    paint = shapely.union_all([mark.area for mark in road_marks(network)])
    return shapely.intersection(line.strip.polygon, paint).area / line.strip.polygon.area


@pytest.mark.parametrize(
    ("signs", "control"),
    [
        ("us", {"control": "all_way_stop"}),
        ("us", {"control": "stop"}),
        ("de", {"control": "stop"}),
        ("de", {"control": "signals", "signals": {}}),
    ],
)
def test_where_one_must_stop_the_line_is_solid(signs, control):
    assert painted_share(signs, control) > 0.95


@pytest.mark.parametrize("signs", ["de", "us"])
def test_where_one_gives_way_four_dashes_of_half_a_metre_fit(signs):
    assert painted_share(signs, {"control": "yield"}) == pytest.approx(4 * 0.5 / 3.5, abs=0.01)
