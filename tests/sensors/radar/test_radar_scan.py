"""Detections of things whose place, speed and cross-section are known."""

import numpy as np
import pytest

from roadlab.log import ActorInfo, SceneLog
from roadlab.randomness import generator
from roadlab.weather import Weather
from roadlab_sensors.rays import engine
from roadlab_sensors.readings import RADAR_FIELDS
from roadlab_sensors.world.mesh import Model, Prop, World
from roadlab_sensors.world.shapes import Style, box, quad
from roadlab_sensors.world.sun import Sun

pytestmark = pytest.mark.xdist_group("rays")
engine.start(2)

from roadlab_sensors.radar.detect import detect, table  # noqa: E402
from roadlab_sensors.radar.model import Radar  # noqa: E402
from roadlab_sensors.radar.scatter import beam_of, scatterers  # noqa: E402
from roadlab_sensors.radar.track import Tracking, report, tracked  # noqa: E402
from roadlab_sensors.radar.waveform import WAVEFORMS, trihedral  # noqa: E402
from roadlab_sensors.rays import daylight, scene  # noqa: E402
from roadlab_sensors.rays.gathered import gathered  # noqa: E402
from roadlab_sensors.rays.motion import motion  # noqa: E402

LONG = WAVEFORMS["long"]
METAL = Style((0.5, 0.5, 0.5), "galvanised", "pole")
CLOSING = 8.0


def corner(side):
    """A trihedral that looks along -x: three right triangles with legs `side`."""
    axis = np.eye(3)
    # Turns the diagonal (1, 1, 1) of the legs to -x.
    u = -np.array([1.0, 1.0, 1.0]) / np.sqrt(3.0)
    v = np.cross(u, [0.0, 0.0, 1.0])
    v /= np.linalg.norm(v)
    turn = np.stack([u, v, np.cross(u, v)])
    legs = axis @ turn.T * side
    zero = np.zeros(3)
    faces = [METAL.mesh(np.stack([zero, legs[i], legs[j]]), np.array([0, 1, 2])) for i, j in ((0, 1), (1, 2), (2, 0))]
    return Model({"body": tuple(faces)})


def at(x, y, z):
    pose = np.eye(4)[None].copy()
    pose[0, :3, 3] = x, y, z
    return pose


@pytest.fixture(scope="module")
def log():
    """A resting ego far behind, and a van-sized box that comes nearer along the x axis."""
    ego = ActorInfo("ego", 1, "vehicle", "car", "hatchback", (4.0, 1.8, 1.5), (1.3, 0, 0.75), (), is_ego=True)
    van = ActorInfo("van", 2, "vehicle", "van", "van", (5.0, 2.0, 2.0), (0, 0, 1.0), ())
    position = np.zeros((101, 2, 3))
    position[:, 0, 0] = -50.0
    position[:, 1, 0] = 60.0 - CLOSING * np.arange(101) * 0.01
    nothing = np.zeros((101, 2))
    velocity = np.zeros((101, 2, 3))
    velocity[:, 1, 0] = -CLOSING
    return SceneLog(
        "", "", 0, "", (ego, van), (), (), np.arange(101) * 10_000_000, position, np.zeros((101, 2, 3)), velocity,
        nothing, nothing.astype(np.uint8), np.zeros((101, 0)), np.zeros((101, 0), np.uint8),
        np.tile(Weather().row(), (101, 1)), np.ones((101, 2), dtype=bool),
    )  # fmt: skip


def built(log, props, ground=()):
    actors = (
        Model({"body": (box([-1, -0.9, 0], [3, 0.9, 1.5], METAL),)}),
        Model({"body": (box([-2.5, -1, 0.3], [2.5, 1, 2], METAL),)}),
    )
    world = World(tuple(ground), tuple(props), actors)
    return scene.build_scene(gathered(world, log), log, daylight.daylight(Sun(2.5, 0.8), 3.0))


def seen(world, log, time=0, velocity=(0.0, 0.0, 0.0), waveform=LONG, height=1.0):
    pose = np.eye(4)
    pose[2, 3] = height
    beam = beam_of(waveform, pose, np.array(velocity), time, generator(0, "beam"))
    return scatterers(world, motion(log, time, time), beam, waveform, log.ego), pose


def test_a_trihedral_returns_its_cross_section_by_three_bounces(log):
    # 4 pi a⁴ / 3 lambda² for legs of 3 m, which the grid of rays resolves
    world = built(log, [Prop(corner(3.0), at(30.0, 0.0, 1.0))])
    found, _ = seen(world, log)
    best = found.rcs.argmax()
    limit = trihedral(3.0, LONG.wavelength)
    assert limit > 1e5
    assert found.rcs[best] == pytest.approx(1e5)  # as large as anything may be
    assert found.distance[best] == pytest.approx(30.0, abs=0.1)
    assert abs(found.direction[best, 1]) < 0.1
    near, _ = seen(world, log, waveform=WAVEFORMS["long"])
    assert near.rcs.max() == found.rcs.max()


def test_a_small_trihedral_has_the_cross_section_of_the_formula(log):
    from dataclasses import replace

    # Rays fine enough for legs of 0.4 m at 6 m
    fine = replace(LONG, width=np.radians(3.0), height=np.radians(3.0), elements=2000, farthest=200.0)
    world = built(log, [Prop(corner(0.4), at(6.0, 0.0, 1.0))])
    found, _ = seen(world, log, waveform=fine)
    assert found.rcs.max() == pytest.approx(trihedral(0.4, LONG.wavelength), rel=0.15)


def test_a_van_that_comes_nearer_is_detected_where_it_is_and_as_fast_as_it_is(log):
    found, _ = seen(built(log, []), log, time=500_000_000)
    detections = detect(found, LONG, log, generator(0, "noise"))
    own = detections.instance == 2
    assert own.any()
    assert detections.range[own].min() == pytest.approx(60.0 - 4.0 - 2.5, abs=LONG.range_resolution)
    assert detections.range_rate[own] == pytest.approx(-CLOSING, abs=0.1)
    # Cars have 10 to 20 dBsm, trucks 20 to 30; a flat rear is in between
    assert 10.0 < 10 * np.log10(found.rcs[(found.instance == 2) & ~found.ghost].sum()) < 25.0


def test_range_rate_is_relative_and_its_compensated_part_is_over_ground(log):
    found, _ = seen(built(log, []), log, time=500_000_000, velocity=(15.0, 0.0, 0.0))
    detections = detect(found, LONG, log, generator(0, "noise"))
    rows = table(detections, LONG)
    assert rows.dtype.names == tuple(RADAR_FIELDS)
    own = np.flatnonzero(detections.instance == 2)
    assert np.hypot(rows["vx"], rows["vy"])[own] == pytest.approx(CLOSING + 15.0, abs=0.2)
    assert rows["vx_comp"][own] == pytest.approx(-CLOSING, abs=0.2)
    assert (rows["dyn_prop"][own] == 2).all()  # oncoming


def test_a_car_hidden_by_another_is_seen_under_it(log):
    # A wall on stilts half a metre above the road hides the van from direct rays, and the road mirrors what is below.
    road = quad([-20, -20, 0], [200, -20, 0], [200, 20, 0], [-20, 20, 0], Style((0.1, 0.1, 0.1), "asphalt", "road"))
    wall = Prop(Model({"body": (box([-0.1, -8, 0.6], [0.1, 8, 8], METAL),)}), at(30.0, 0.0, 0.0))
    found, _ = seen(built(log, [wall], [road]), log, height=0.9)
    own = (found.instance == 2) & ~found.ghost
    assert own.any()
    assert found.distance[own].min() == pytest.approx(57.5, abs=0.3)
    assert (found.direction[own, 2] < 0.0).all()  # by way of the road


def test_a_wall_beside_the_road_shows_ghosts(log):
    side = Prop(Model({"body": (box([0, 0, 0], [60, 0.2, 3], METAL),)}), at(5.0, 4.0, 0.0))
    found, _ = seen(built(log, [side]), log)
    mirrored = found.ghost & (found.instance == 2)
    assert mirrored.any()
    # Where the van seems to be behind the wall: its mirror image is at y = 8.
    place = found.direction[mirrored] * found.distance[mirrored, None]
    assert np.median(place[:, 1]) == pytest.approx(8.0, abs=1.2)


def test_tracks_keep_their_number_and_learn_the_speed(log):
    world = built(log, [])
    tracking, before = Tracking(0), None
    for time in range(0, 1_000_000_000, 77_000_000):
        found, pose = seen(world, log, time=time)
        tracking = tracked(tracking, time, detect(found, LONG, log, generator(0, "t", time)), pose, LONG)
        own = [t for t in tracking.tracks if t.instance == 2 and t.hits >= 3]
        if before is not None:
            assert before in {t.id for t in own}
        before = min((t.id for t in own), default=None)
    reported = report(tracking, np.eye(4))
    mine = np.flatnonzero(reported.instance == 2)
    assert len(mine) >= 1
    assert reported.velocity[mine[0], 0] == pytest.approx(-CLOSING, abs=1.5)


def test_a_radar_whose_frame_is_longer_than_its_cycle_is_refused():
    with pytest.raises(ValueError, match="does not fit into a cycle"):
        Radar(type="radar", rate=50.0, frame=0.05)
