"""Whole sweeps of small worlds whose geometry is known."""

import numpy as np
import pytest

from roadlab.geometry.poses import move
from roadlab.log import ActorInfo, SceneLog
from roadlab.weather import Weather
from roadlab_sensors.rays import engine
from roadlab_sensors.rays.light import QUALITIES
from roadlab_sensors.readings import AIRBORNE, SEMANTIC_IDS
from roadlab_sensors.sensor import Stage
from roadlab_sensors.world.mesh import Model, Prop, World
from roadlab_sensors.world.shapes import Style, box, quad
from roadlab_sensors.world.sun import Sun

pytestmark = pytest.mark.xdist_group("rays")
engine.start(2)

from roadlab_sensors.lidar.model import Lidar  # noqa: E402
from roadlab_sensors.own_body import MountError  # noqa: E402
from roadlab_sensors.rays import daylight, scene  # noqa: E402
from roadlab_sensors.rays.gathered import gathered  # noqa: E402

ROAD = Style((0.1, 0.1, 0.1), "asphalt", "road")
WALL = Style((0.4, 0.4, 0.4), "concrete", "building")
SPEED = 20.0


def logged(weather, speed=SPEED, turning=0.0):
    """The ego drives along x; a van ahead drives twice as fast."""
    ego = ActorInfo("ego", 1, "vehicle", "car", "hatchback", (4.0, 1.8, 1.5), (1.3, 0, 0.75), (), is_ego=True)
    van = ActorInfo("van", 2, "vehicle", "van", "van", (5.0, 2.0, 2.0), (0, 0, 1.0), ())
    time = np.arange(101) * 0.01
    position = np.zeros((101, 2, 3))
    position[:, 0, 0], position[:, 1, 0] = speed * time, 25.0 + 2.0 * speed * time
    position[:, 1, 1] = 6.0
    attitude = np.zeros((101, 2, 3))
    attitude[:, 0, 0] = turning * time
    velocity = np.zeros((101, 2, 3))
    velocity[:, :, 0] = speed, 2.0 * speed
    nothing = np.zeros((101, 2))
    return SceneLog(
        "", "", 0, "", (ego, van), (), (), np.arange(101) * 10_000_000, position, attitude, velocity, nothing,
        nothing.astype(np.uint8), np.zeros((101, 0)), np.zeros((101, 0), np.uint8), np.tile(weather.row(), (101, 1)),
        np.ones((101, 2), dtype=bool),
    )  # fmt: skip


def at(x, y=0.0, z=0.0):
    pose = np.eye(4)[None].copy()
    pose[0, :3, 3] = x, y, z
    return pose


def staged(props=(), weather=Weather(), light=100e3, **motion):  # noqa: B008
    log = logged(weather, **motion)
    actors = (
        Model({"body": (box([-0.7, -0.9, 0.2], [3.3, 0.9, 1.4], WALL),)}),
        Model({"body": (box([-2.5, -1, 0.3], [2.5, 1, 2], WALL),)}),
    )
    ground = quad([-200, -200, 0], [300, -200, 0], [300, 200, 0], [-200, 200, 0], ROAD)
    world = World((ground,), tuple(props), actors)
    made = scene.build_scene(gathered(world, log), log, daylight.daylight(Sun(2.5, 0.8), 3.0))
    return Stage(log, made, QUALITIES["standard"], 7, np.full(3, light), 1.0)


def sweep_of(stage, index=2, **keys):
    spec = {"mount": {"x": 1.4, "z": 2.0}} | keys
    return Lidar(type="lidar", **spec).prepare("lidar", stage)(index)


WIDE = Prop(Model({"body": (box([0, -60, 0], [1, 60, 12], WALL),)}), at(50.0))


def on_wall(sweep, near=12.0):
    world = move(sweep.world_from_lidar, sweep.points)
    wall = (sweep.semantic == SEMANTIC_IDS["building"]) & (sweep.instance == 0)
    return world, wall & (np.abs(world[:, 1]) < near) & (sweep.incidence < 0.6)


def test_compensated_points_of_a_wall_are_flat_to_the_noise_and_raw_ones_are_smeared():
    # 20 m/s x 0.1 s = 2 m over a whole turn; a wall 45 m ahead is passed in a tenth of it
    sweep = sweep_of(staged([WIDE]))
    world, wall = on_wall(sweep)
    assert wall.sum() > 500
    assert np.std(world[wall, 0]) < 0.035
    assert np.median(world[wall, 0]) == pytest.approx(50.0, abs=0.01)
    ahead, left = sweep.raw[wall, 0], sweep.raw[wall, 1]
    slope = np.polyfit(left, ahead, 1)[0]
    # In raw points the wall leans: the left was seen earlier, from farther away.
    swept = np.ptp(np.arctan2(left, ahead)) / (2 * np.pi) * 0.1 * SPEED
    assert slope * np.ptp(left) == pytest.approx(swept, rel=0.1)


def test_a_turning_ego_leaves_the_wall_flat_too():
    world, wall = on_wall(sweep_of(staged([WIDE], turning=0.5)), near=8.0)
    assert wall.sum() > 200
    assert np.std(world[wall, 0]) < 0.04


def test_the_surface_of_an_actor_moves_as_the_actor_does():
    sweep = sweep_of(staged())
    van = sweep.instance == 2
    assert van.sum() > 200
    assert np.abs(sweep.velocity[van] - [2 * SPEED, 0, 0]).max() < 0.01
    assert not sweep.velocity[~van].any()
    # Its rear face is where it was when each pulse was fired.
    world = move(sweep.world_from_lidar, sweep.points[van])
    rear = 25.0 + 2 * SPEED * sweep.time[van] * 1e-9 - 2.5
    behind = world[:, 0] - rear
    assert np.percentile(behind, 2) > -0.05
    assert np.percentile(np.abs(behind), 50) < 0.05


def test_incidence_is_the_angle_to_the_normal():
    sweep = sweep_of(staged())
    road = (sweep.semantic == SEMANTIC_IDS["road"]) & (sweep.range < 20)
    expected = np.arccos(2.0 / sweep.range[road])
    assert np.percentile(np.abs(sweep.incidence[road] - expected), 95) < 0.01


def board(gap):
    """A board half-way up in front of a wall, `gap` metres behind."""
    front = Prop(Model({"body": (box([0, -3, 0], [0.01, 3, 2.0], WALL),)}), at(30.0))
    back = Prop(Model({"body": (box([0, -9, 0], [0.01, 9, 9.0], WALL),)}), at(30.0 + gap))
    return staged([front, back], speed=0.0)


@pytest.mark.parametrize(("gap", "mixed"), [(0.3, True), (0.5, True), (0.8, False), (2.0, False)])
def test_only_surfaces_within_half_a_pulse_length_mix(gap, mixed):
    # c tau / 2 = 0.60 m for 4 ns
    sweep = sweep_of(board(gap), divergence=0.006, range_noise=0.0, returns="dual")
    ahead = (np.abs(sweep.points[:, 1]) < 5.0) & (np.abs(sweep.points[:, 0] - 28.6 - gap / 2) < gap / 2 + 0.3)
    ahead &= sweep.semantic == SEMANTIC_IDS["building"]
    depth = sweep.points[ahead, 0] - 28.6
    between = (depth > 0.2 * gap) & (depth < 0.8 * gap)
    assert (between.sum() > 5) == mixed
    both = (sweep.return_count[ahead] == 2) & (sweep.incidence[ahead] < 0.5) & (sweep.raw[ahead, 2] > -1.5)
    assert both.any() != mixed


def test_dual_returns_of_an_edge_name_both_surfaces():
    sweep = sweep_of(board(3.0), divergence=0.006, returns="dual")
    first = np.flatnonzero((sweep.return_count == 2) & (sweep.return_number == 1))
    assert len(first) > 20
    assert (sweep.time[first] == sweep.time[first + 1]).all()
    assert (sweep.range[first] < sweep.range[first + 1]).all()


def test_signs_bloom_by_a_beam_or_two():
    sign = Style((0.8, 0.1, 0.1), "sign_face", "traffic sign")
    plate = Prop(Model({"body": (box([0, -0.4, 2.0], [0.02, 0.4, 2.8], sign),)}), at(25.0))
    bare = Prop(Model({"body": (box([0, -0.4, 2.0], [0.02, 0.4, 2.8], WALL),)}), at(25.0))
    points = []
    for prop in (plate, bare):
        sweep = sweep_of(staged([prop], speed=0.0))
        near = (np.abs(sweep.raw[:, 0] - 23.6) < 0.3) & (np.abs(sweep.raw[:, 1]) < 2.0) & (sweep.raw[:, 2] > -0.5)
        points.append(sweep.raw[near])
        if prop is plate:
            assert np.median(sweep.intensity[near]) > 0.8
    assert len(points[0]) > 1.3 * len(points[1])
    assert np.ptp(points[0][:, 1]) < 0.8 + 4 * 0.016 * 23.6


def test_panes_let_pulses_through():
    glass = Style((0.5, 0.5, 0.5), "car_glass", "car")
    pane = Prop(Model({"body": (quad([0, 3, 0], [0, -3, 0], [0, -3, 4], [0, 3, 4], glass),)}), at(15.0))
    sweep = sweep_of(staged([pane, WIDE], speed=0.0))
    behind = (sweep.semantic == SEMANTIC_IDS["building"]) & (np.abs(sweep.points[:, 1]) < 8) & (sweep.range > 40)
    azimuth = np.abs(np.arctan2(sweep.points[behind, 1], sweep.points[behind, 0]))
    assert (azimuth < 0.15).sum() > 100


def test_mirrors_show_what_is_beside_the_road_behind_them():
    chrome = Style((0.9, 0.9, 0.9), "chrome", "building")
    turn = np.eye(4)[None].copy()
    angle = np.pi / 4
    turn[0, :2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    turn[0, :3, 3] = 15.0, 0.0, 0.0
    mirror = Prop(Model({"body": (quad([0, 2, 0.5], [0, -2, 0.5], [0, -2, 4], [0, 2, 4], chrome),)}), turn)
    side = Prop(Model({"body": (box([-20, 0, 0], [20, 1, 8], WALL),)}), at(15.0, -12.0))
    sweep = sweep_of(staged([mirror, side], speed=0.0))
    # 13.6 m to the mirror and 11 or 12 m on to the wall: seen straight on, at about 25 m
    folded = (np.abs(sweep.raw[:, 1]) < 1.0) & (np.abs(sweep.raw[:, 0] - 24.7) < 1.5) & (sweep.raw[:, 2] > -1.0)
    assert folded.sum() > 50
    # Nothing lies where they are: they name nobody.
    assert {AIRBORNE[kind] for kind in np.unique(sweep.material[folded])} == {"mirror image"}
    assert not sweep.semantic[folded].any()
    assert not sweep.instance[folded].any()


@pytest.mark.parametrize(
    ("weather", "kind"),
    [(Weather(visibility=60.0), "fog"), (Weather(rain=40.0), "rain"), (Weather(snow=2.0), "snow"),
     (Weather(wetness=1.0), "spray")],
)  # fmt: skip
def test_weather_leaves_returns_of_its_own(weather, kind):
    sweep = sweep_of(staged([WIDE], weather))
    code = next(k for k, name in AIRBORNE.items() if name == kind)
    own = sweep.material == code
    assert own.sum() > 20
    assert (sweep.semantic[own] == 0).all()
    assert (sweep.instance[own] == 0).all()
    assert np.isnan(sweep.incidence[own]).all()


def test_exhaust_condenses_in_the_cold_behind_slow_vehicles():
    sweep = sweep_of(staged([], Weather(snow_cover=1.0), speed=2.0))
    assert ((sweep.material == 251) & (sweep.points[:, 0] > 5)).sum() > 0


def test_fog_takes_the_far_wall_away_and_a_simple_unit_does_not_care():
    thick = staged([WIDE], Weather(visibility=50.0))
    assert on_wall(sweep_of(thick))[1].sum() == 0
    assert on_wall(sweep_of(thick, physics="simple"))[1].sum() > 500


def test_the_own_roof_hides_the_road_near_by():
    sweep = sweep_of(staged(speed=0.0))
    behind = (sweep.points[:, 0] < 0) & (np.abs(sweep.points[:, 1]) < 0.5)
    ahead = (sweep.points[:, 0] > 0) & (np.abs(sweep.points[:, 1]) < 0.5)
    # 2 m up and 0.6 m over a roof that reaches 2.1 m back and 1.9 m ahead
    assert sweep.range[behind].min() > 6.0
    assert sweep.range[ahead].min() > 5.5
    assert not (sweep.instance == 1).any()


def test_sensors_inside_things_are_refused():
    with pytest.raises(MountError, match="inside the body of the ego"):
        sweep_of(staged(), mount={"x": 1.0, "z": 0.8})
    house = Prop(Model({"body": (box([-20, -20, -1], [20, 20, 20], WALL),)}), at(0.0))
    with pytest.raises(MountError, match="inside something of the world"):
        sweep_of(staged([house]))


@pytest.mark.parametrize("model", ["hdl32e", "vlp16", "pandar64", "os1_128", "rosette", "raster"])
def test_every_unit_sees_the_wall(model):
    sweep = sweep_of(staged([WIDE]), model=model, returns="triple")
    world, wall = on_wall(sweep, near=20.0)
    assert wall.sum() > 100
    assert np.median(world[wall, 0]) == pytest.approx(50.0, abs=0.02)
    assert sweep.range.min() >= 0.3


def test_a_draft_spends_one_ray_a_pulse_unless_the_lidar_says_otherwise():
    plain, full = (Lidar.model_validate({"type": "lidar", **keys}) for keys in ({}, {"physics": "full"}))
    draft, standard = QUALITIES["draft"], QUALITIES["standard"]
    assert plain.rays(standard) == full.rays(draft) == 7 * plain.rays(draft)
