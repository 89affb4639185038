import numpy as np
import pytest

from roadlab.actors.catalog import VEHICLES
from roadlab.actors.cycling import RIDDEN, RIDER_PARTS, cyclist_part_poses
from roadlab.randomness import generator
from roadlab_sensors.world.materials import MATERIALS
from roadlab_sensors.world.motorcycles import motorcycle_model

MODELS = ["motorcycle", "scooter"]


def somebody(name, seed=1, paint=None):
    return motorcycle_model(name, paint, generator(seed, "looks", "rider"))


def extent(name, model, steering=0.0):
    """(2, 3) of all surfaces in the motorcycle's frame."""
    poses = cyclist_part_poses([[steering, 0.0, 0.0]], name)
    points = np.concatenate(
        [m.vertices @ poses[k][0, :3, :3].T + poses[k][0, :3, 3] for k, ms in model.parts.items() for m in ms]
    )
    return np.stack([points.min(axis=0), points.max(axis=0)])


def catalog_box(name):
    model = VEHICLES[name]
    center, size = np.array(model.box_center), np.array([model.length, model.width, model.height])
    return np.stack([center - size / 2, center + size / 2])


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("seed", range(4))
def test_motorcycle_and_rider_fill_the_labelled_box(name, seed):
    assert extent(name, somebody(name, seed)) == pytest.approx(catalog_box(name), abs=0.001)


@pytest.mark.parametrize("name", MODELS)
def test_they_stay_inside_the_box_when_steering_as_far_as_they_can(name):
    box = catalog_box(name)
    for steering in (-VEHICLES[name].max_steer, -0.2, 0.2, VEHICLES[name].max_steer):
        low, high = extent(name, somebody(name), steering)
        assert (low > box[0] - 0.004).all()
        assert (high < box[1] + 0.004).all()


@pytest.mark.parametrize("name", MODELS)
def test_feet_rest_on_their_pegs_and_hands_reach_the_grips(name):
    ride, poses = RIDDEN[name], cyclist_part_poses(np.zeros((1, 3)), name)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        ball = poses[f"toes_{side}"][0, :3, 3]
        peg = np.add(ride.bottom_bracket, (0.0, sign * ride.pedal_offset, ride.pedal_thickness / 2))
        assert ball == pytest.approx(peg, abs=1e-9)
        wrist = poses[f"hand_{side}"][0, :3, 3]
        assert np.linalg.norm(wrist - np.multiply(ride.grip, (1.0, sign, 1.0))) < 0.095


@pytest.mark.parametrize("name", MODELS)
def test_the_motorcycle_and_its_rider_are_told_apart(name):
    model = somebody(name)
    for part, meshes in model.parts.items():
        assert {m.semantic for m in meshes} == {"rider" if part in RIDER_PARTS else "motorcycle"}
        assert {m.material for m in meshes} <= set(MATERIALS)
    lamps = {m.lamp for meshes in model.parts.values() for m in meshes}
    assert {"head", "tail", "brake", "left", "right"} <= lamps


@pytest.mark.parametrize("name", MODELS)
def test_the_steering_axis_meets_the_road_ahead_of_the_tyre(name):
    """Trails of 80 to 130 mm (Cossalter, Motorcycle Dynamics, 2nd ed. 2006, section 1.4: 75 to 120 mm)."""
    ride = RIDDEN[name]
    x, _, z = ride.steering_axis
    trail = x + z / np.tan(ride.head_angle) - ride.front_axle[0]
    assert 0.06 < trail < 0.14


def test_paint_colours_the_riders_jacket():
    parts = somebody("motorcycle", paint="yellow").parts
    colors = np.concatenate([m.colors for m in parts["torso"] if m.material == "cloth"])
    red, _, blue = np.median(colors, axis=0)
    assert red > 3 * blue
