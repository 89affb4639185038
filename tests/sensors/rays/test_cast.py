"""Rays against independent geometry, and the two ways of casting against each other."""

import numpy as np
import pytest

from roadlab.actors.skeleton import PEDESTRIAN_JOINTS, PEDESTRIAN_PARTS, walking_joints
from roadlab.log import ActorInfo, SceneLog
from roadlab.randomness import generator
from roadlab.weather import Weather
from roadlab_sensors.rays import engine
from roadlab_sensors.world.mesh import Model, Prop, World
from roadlab_sensors.world.shapes import Style, box, ellipsoid, quad
from roadlab_sensors.world.sun import Sun

pytestmark = pytest.mark.xdist_group("rays")
engine.start(2)

import drjit as dr  # noqa: E402

from roadlab_sensors.rays import cast, daylight, scene  # noqa: E402
from roadlab_sensors.rays.bundles import Bundles  # noqa: E402
from roadlab_sensors.rays.gathered import gathered  # noqa: E402
from roadlab_sensors.rays.motion import motion  # noqa: E402
from roadlab_sensors.rays.poses import poses_at  # noqa: E402

WALL = Style((0.4, 0.2, 0.1), "brick", "building")
ROAD = Style((0.1, 0.1, 0.1), "asphalt", "road")
CLOTH = Style((0.3, 0.3, 0.5), "cloth", "person")
NOON = Sun(azimuth=2.5, elevation=0.8)
SECOND = 1_000_000_000


def walkers(count):
    """A log of people who walk north for a second; the last one stands still."""
    about = ("pedestrian", "pedestrian", "adult", (0.8, 0.6, 1.75), (0, 0, 0.87), PEDESTRIAN_JOINTS)
    infos = tuple(ActorInfo(f"walker_{i}", i + 1, *about, is_ego=i == 0) for i in range(count))
    time = np.arange(101) * 10_000_000
    moving = np.r_[np.ones(count - 1), 0.0]
    position = np.zeros((101, count, 3))
    position[..., 0] = 8 + 2 * np.arange(count)
    position[..., 1] = -2 + 0.8 * np.arange(count) + 1.4 * moving * (time / SECOND)[:, None]
    pace = np.full(101, 1.4)
    joints = np.hstack([walking_joints(i + 9 * m * time / SECOND, pace, 1.72) for i, m in enumerate(moving)])
    attitude = np.tile([np.pi / 2, 0, 0], (101, count, 1))
    nothing = np.zeros((101, count))
    return SceneLog(
        "", "", 0, "", infos, (), (), time, position, attitude, np.zeros((101, count, 3)), nothing,
        nothing.astype(np.uint8), joints, np.zeros((101, 0), np.uint8), np.tile(Weather().row(), (101, 1)),
        np.ones((101, count), dtype=bool),
    )  # fmt: skip


@pytest.fixture(scope="module")
def log():
    return walkers(5)


@pytest.fixture(scope="module")
def rays(log):
    ground = quad([-300, -300, 0], [300, -300, 0], [300, 300, 0], [-300, 300, 0], ROAD)
    pillar = Model({"body": (box([-2, -2, 0], [2, 2, 6], WALL),)})
    places = np.stack([np.eye(4), np.eye(4)])
    places[:, :2, 3] = [[30, 8], [30, -8]]
    person = Model({part: (ellipsoid([0, 0, -0.1], [0.1, 0.1, 0.2], CLOTH),) for part in PEDESTRIAN_PARTS})
    world = World((ground,), (Prop(pillar, places),), (person,) * 5)
    return scene.build_scene(gathered(world, log), log, daylight.daylight(NOON, 3.0))


def fan(count=20_000):
    """Random directions ahead and down, from eye height."""
    random = generator(1, "fan")
    directions = np.column_stack([np.ones(count), random.uniform(-0.7, 0.7, count), random.uniform(-0.4, 0.2, count)])
    return np.broadcast_to([0.0, 0.0, 1.6], (count, 3)), directions / np.linalg.norm(directions, axis=1, keepdims=True)


def test_ground_and_pillars_are_where_geometry_says(rays):
    origins, directions = fan()
    hits = cast.cast_in_time(rays, walkers(5), origins, directions, np.zeros(len(directions), dtype=np.int64))
    semantic = rays.faces.semantic[hits.face]
    road, building = semantic == 7, semantic == 11
    assert hits.distance[road] == pytest.approx(-1.6 / directions[road, 2], rel=1e-5)
    assert hits.cosine[road] == pytest.approx(-directions[road, 2], abs=1e-6)
    points = origins[building] + hits.distance[building, None] * directions[building]
    depth = np.abs(np.abs(points[:, :2] - [30, 0]) - [0, 8])
    assert np.abs(depth.max(axis=1) - 2.0).max() < 1e-4


def test_a_ray_into_the_sky_hits_nothing(rays, log):
    hits = cast.cast_in_time(rays, log, np.array([[0.0, 0.0, 1.6]]), np.array([[0.0, 0.0, 1.0]]), np.array([0]))
    assert np.isinf(hits.distance[0])
    assert rays.faces.semantic[hits.face[0]] == 23
    assert rays.faces.instance[hits.face[0]] == 0


@pytest.mark.parametrize("time", [0, SECOND // 2, SECOND])
def test_rays_that_come_to_the_parts_agree_with_actors_placed_in_the_world(rays, log, time):
    origins, directions = fan()
    rays.place({part: pose[0] for part, pose in poses_at(log, np.array([time])).items()})
    at_once = cast.cast(rays, origins, directions)
    in_time = cast.cast_in_time(rays, log, origins, directions, np.full(len(directions), time))
    same = rays.faces.instance[at_once.face] == rays.faces.instance[in_time.face]
    assert same.mean() > 0.9998  # a silhouette's edge may fall to either side
    both = same & np.isfinite(at_once.distance)
    assert np.abs(at_once.distance[both] - in_time.distance[both]).max() < 1e-3
    assert set(np.unique(rays.faces.instance[at_once.face])) == {0, 1, 2, 3, 4, 5}


def test_each_ray_meets_the_actor_where_it_is_at_the_rays_own_time(rays, log):
    head = poses_at(log, np.linspace(0, SECOND, 41).astype(np.int64))[(1, "head")][:, :3, 3]
    target = head - np.array([0, 0, 0.1])
    origin = np.broadcast_to([0.0, 0.0, 1.6], target.shape)
    direction = (target - origin) / np.linalg.norm(target - origin, axis=1, keepdims=True)
    hits = cast.cast_in_time(rays, log, origin, direction, np.linspace(0, SECOND, 41).astype(np.int64))
    assert (rays.faces.instance[hits.face] == 2).all()
    late = cast.cast_in_time(rays, log, origin, direction, np.full(41, SECOND))
    assert (rays.faces.instance[late.face] == 2).mean() < 0.4


def test_rays_pass_the_actor_that_carries_the_sensor(rays, log):
    origins, directions = fan()
    hits = cast.cast_in_time(rays, log, origins, directions, np.zeros(len(directions), dtype=np.int64), skip=0)
    assert not (rays.faces.instance[hits.face] == 1).any()


def test_a_silhouette_holds_what_is_visible_and_what_is_hidden(rays, log):
    _, directions = fan()
    poses = poses_at(log, np.array([0]))
    rays.place({part: pose[0] for part, pose in poses.items()})
    seen = rays.faces.instance[cast.cast(rays, np.array([0.0, 0.0, 1.6]), directions).face]
    eye = np.broadcast_to([0.0, 0.0, 1.6], directions.shape)
    asked = Bundles(eye, directions, np.zeros(len(directions), dtype=np.int64))
    for actor, whole in enumerate(cast.silhouettes(rays, motion(log, 0, 1), [(actor, asked) for actor in range(5)])):
        assert whole[seen == actor + 1].mean() > 0.995
        assert not whole[seen == 23].any()


def test_no_rays_hit_nothing(rays, log):
    none = np.zeros((0, 3))
    moving = motion(log, 0, 1)
    assert len(cast.cast(rays, none, none).face) == 0
    assert cast.silhouettes(rays, moving, []) == []
    nobody = Bundles(none, none, np.zeros(0, dtype=np.int64))
    down = Bundles(np.zeros((1, 3)), np.array([[0.0, 0.0, -1.0]]), np.zeros(1, dtype=np.int64))
    empty, away = cast.silhouettes(rays, moving, [(1, nobody), (1, down)])
    assert len(empty) == 0
    assert not away.any()


def test_nothing_is_compiled_anew_while_actors_move(rays, log):
    origins, directions = fan()

    def look(time):
        rays.place({part: pose[0] for part, pose in poses_at(log, np.array([time])).items()})
        cast.cast(rays, origins, directions)
        cast.cast_in_time(rays, log, origins, directions, np.full(len(directions), time))

    with dr.scoped_set_flag(dr.JitFlag.KernelHistory, True):
        look(0)
        look(SECOND)
        dr.kernel_history_clear()
        for k in range(1, 5):
            look(k * SECOND // 5)
        launches = [k for k in dr.kernel_history() if k["type"] == dr.KernelType.JIT]
    assert launches
    assert all(k["cache_hit"] for k in launches)
