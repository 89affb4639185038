import numpy as np
import pytest
import shapely

from roadlab.randomness import generator
from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec
from roadlab_sensors.world.furniture import barriers, signs, street
from roadlab_sensors.world.furniture.lettering import digits
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.signals import signal_head, walk_signal
from roadlab_sensors.world.surroundings.kerbside import signal_props


def lamps(model: Model) -> dict[str, list[Mesh]]:
    found: dict[str, list[Mesh]] = {}
    for mesh in model.parts["body"]:
        if mesh.lamp is not None:
            found.setdefault(mesh.lamp, []).append(mesh)
    return found


def test_a_signal_has_red_over_amber_over_green():
    heights = {lamp: meshes[0].vertices[:, 2].mean() for lamp, meshes in lamps(signal_head()).items()}
    assert set(heights) == {"red", "amber", "green"}
    assert heights["red"] > heights["amber"] > heights["green"]


def test_a_signal_for_people_has_a_red_figure_over_a_green_one():
    figures = {lamp: meshes[0].vertices for lamp, meshes in lamps(walk_signal()).items()}
    assert set(figures) == {"red", "green"}
    assert figures["red"][:, 2].min() > figures["green"][:, 2].max()
    for points in figures.values():
        assert np.ptp(points[:, 2]) == pytest.approx(0.17, abs=0.03)  # within a lens of 200 mm


def test_every_head_of_a_junction_has_its_light():
    arms = {"w": (-75.0, 0.0, 0.0), "e": (75.0, 0.0, np.pi), "s": (0.0, -75.0, 0.5 * np.pi)}
    roads = {
        name: {"profile": "urban_2x1", "start": {"x": x, "y": y, "heading": turn}, "path": [{"line": 60.0}]}
        for name, (x, y, turn) in arms.items()
    }
    junction = {"connect": ["w.end", "e.end", "s.end"], "signals": {}}
    network = build_network(MapSpec.model_validate({"roads": roads, "junctions": {"tee": junction}}))
    props = signal_props(network, 0.0)
    assert tuple(prop.name for prop in props) == network.signal_names
    assert len(props) == 3 + 6
    for prop, head in zip(props[3:], network.junctions["tee"].walk_heads, strict=True):
        front = prop.world_from_prop[0][:3, :3] @ [0.0, -1.0, 0.0]
        assert front[:2] == pytest.approx([np.cos(head.heading), np.sin(head.heading)], abs=1e-9)
        assert network.pavement.contains(shapely.Point(head.x, head.y))


def test_lenses_have_the_diameter_of_the_standard():
    for meshes in lamps(signal_head()).values():
        low, high = meshes[0].vertices.min(axis=0), meshes[0].vertices.max(axis=0)
        assert high[0] - low[0] == pytest.approx(0.2, abs=0.003)  # EN 12368: 200 mm
        assert high[2] - low[2] == pytest.approx(0.2, abs=0.003)


def test_dark_lenses_are_dark_and_tinted():
    for lamp, channel in (("red", 0), ("green", 1)):
        color = lamps(signal_head())[lamp][0].colors.mean(axis=0)
        assert color.argmax() == channel
        assert color.max() < 0.2


def test_lenses_look_to_the_front():
    for mesh in lamps(signal_head())["red"]:
        corners = mesh.vertices[mesh.faces]
        corners = corners[corners[..., 1].mean(axis=1) < corners[..., 1].min() + 0.01]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        assert normals.sum(axis=0) @ [0.0, -1.0, 0.0] > 0.99 * np.linalg.norm(normals.sum(axis=0))


def test_an_arm_carries_a_second_head_over_the_lane_and_above_lorries():
    high = signal_head(reach=2.6)
    over = [m for m in high.parts["body"] if m.semantic == "traffic light"]
    points = np.concatenate([m.vertices for m in over])
    hanging = points[points[:, 0] < -1.0]
    assert hanging[:, 2].min() > 4.5  # clearance of German roads (RASt 06)
    assert hanging[:, 0].min() < -2.2


def test_only_the_pole_of_a_signal_is_a_pole():
    assert {m.semantic for m in signal_head().parts["body"]} == {"pole", "traffic light"}


LAYERS = {
    "speed limit 30": signs.speed_limit(30),
    "speed limit 120": signs.speed_limit(120),
    "give way": signs.give_way(),
    "stop": signs.stop(),
    "priority": signs.priority(),
    "parking": signs.parking(),
    "no stopping": signs.no_stopping(),
    "crossing": signs.crossing(),
    "countdown": signs.exit_countdown(2),
}


def front(model: Model) -> list[Mesh]:
    return [m for m in model.parts["body"] if m.material == "sign_face"]


@pytest.mark.parametrize("name", LAYERS)
def test_a_sign_shows_each_place_in_one_colour(name):
    meshes = front(signs.sign(LAYERS[name]))
    flat = shapely.polygons(np.concatenate([m.vertices[m.faces] for m in meshes])[:, :, [0, 2]].astype(np.float64))
    outline = shapely.union_all(np.array([shape for shape, _ in LAYERS[name]]))
    assert shapely.area(flat).sum() == pytest.approx(outline.area, rel=1e-3)
    assert shapely.union_all(flat, grid_size=1e-5).area == pytest.approx(outline.area, rel=1e-3)


def test_a_speed_limit_is_a_red_ring_on_white():
    shapes = {color: shape for shape, color in signs.speed_limit(50)}
    assert shapes[signs.RED].bounds == pytest.approx((-0.3, -0.3, 0.3, 0.3), abs=1e-3)  # VwV-StVO: 600 mm
    assert shapes[signs.WHITE].area < shapes[signs.RED].area


def test_digits_can_be_told_apart():
    shapes = [digits(d, 1.0) for d in "0123456789"]
    for i, a in enumerate(shapes):
        for b in shapes[:i]:
            assert a.intersection(b).area < 0.9 * a.union(b).area


def test_a_guard_rail_keeps_the_height_that_rps_asks_for():
    path = np.column_stack([np.linspace(0.0, 60.0, 16), np.zeros(16)])
    model = barriers.guard_rail(path, traffic_left=True)
    low, high = model.bounds()
    assert high[2] == pytest.approx(0.75, abs=0.01)
    assert low[2] == pytest.approx(-0.05, abs=0.001)
    middle = np.concatenate([m.vertices for m in model.parts["body"]])
    beam = middle[(np.abs(middle[:, 0] - 30.0) < 5.0) & (middle[:, 1] > 0.15)]
    assert beam[:, 2].min() > 0.4
    assert {m.semantic for m in model.parts["body"]} == {"guard rail"}


def test_a_guard_rail_faces_the_side_of_the_traffic():
    path = np.column_stack([np.linspace(0.0, 60.0, 16), np.zeros(16)])
    left = barriers.guard_rail(path, traffic_left=True).bounds()
    right = barriers.guard_rail(path, traffic_left=False).bounds()
    assert left[1, 1] > 0.15
    assert right[0, 1] < -0.15


def test_furniture_stands_on_the_ground():
    rng = generator(1, "furniture")
    models = [
        make(rng) for make in (street.bollard, street.litter_bin, street.wheelie_bin, street.bench, street.cabinet)
    ]
    models += [
        street.bus_shelter(rng),
        street.street_lamp(7.5, 1.4, rng),
        signs.delineator(),
        signs.kilometre_post("12"),
    ]
    models += [make(rng, 4.0) for make in (barriers.picket_fence, barriers.metal_fence, barriers.garden_wall)]
    for model in models:
        assert -0.06 < model.bounds()[0, 2] <= 0.005
