"""A pillar that slides across the view of a camera 20 m away."""

import numpy as np

from roadlab.log import ActorInfo, SceneLog
from roadlab.timing import SECOND
from roadlab.weather import Weather
from roadlab_sensors.rays import engine
from roadlab_sensors.world.mesh import Model, World
from roadlab_sensors.world.shapes import Style, box, quad
from roadlab_sensors.world.sun import Sun

engine.start()

from roadlab_sensors.camera.gaze import Gaze  # noqa: E402
from roadlab_sensors.camera.lens import Pinhole  # noqa: E402
from roadlab_sensors.camera.sight import Grid, look  # noqa: E402
from roadlab_sensors.rays import daylight  # noqa: E402
from roadlab_sensors.rays.gathered import gathered  # noqa: E402
from roadlab_sensors.rays.motion import instants, motion  # noqa: E402
from roadlab_sensors.rays.poses import poses_at  # noqa: E402
from roadlab_sensors.rays.scene import build_scene  # noqa: E402

MIDDLE = SECOND // 2
PILLAR = 2
"""Instance id of what moves."""
LENS = Pinhole(192, 108, 100.0, 100.0, 95.5, 53.5)
"""A tenth of a 1920x1080 camera with a focal length of 1000 px."""
TALL = np.array([[0.0, 0.0, 1.0, 0.0], [-1.0, 0.0, 0.0, 0.0], [0.0, -1.0, 0.0, 20.0], [0.0, 0.0, 0.0, 1.0]])
"""A camera 20 m above the ground that looks along x."""


def crossing(speed):
    """A pillar 40 m high and 4 m wide, 20 m ahead, that slides to the right."""
    about = ("vehicle", "car", "sedan", (0.2, 4.0, 40.0), (0.0, 0.0, 20.0), ())
    actors = (ActorInfo("ego", 1, *about, is_ego=True), ActorInfo("pillar", PILLAR, *about))
    time = np.arange(101) * 10_000_000
    position = np.zeros((101, 2, 3))
    position[:, 0, 0] = -50.0
    position[:, 1, 0] = 20.1
    position[:, 1, 1] = -speed * (time - MIDDLE) / SECOND
    zero = np.zeros((101, 2))
    return SceneLog(
        "", "", 0, "", actors, (), (), time, position, np.zeros((101, 2, 3)), np.zeros((101, 2, 3)), zero,
        zero.astype(np.uint8), np.zeros((101, 0)), np.zeros((101, 0), np.uint8), np.tile(Weather().row(), (101, 1)),
        np.ones((101, 2), dtype=bool),
    )  # fmt: skip


def stage_of(log):
    ground = quad(
        [-300, -300, 0], [300, -300, 0], [300, 300, 0], [-300, 300, 0], Style((0.1, 0.1, 0.1), "concrete", "road")
    )
    pillar = Model({"body": (box([-0.1, -2, 0], [0.1, 2, 40], Style((0.8, 0.8, 0.8), "brick", "car")),)})
    world = World((ground,), (), (pillar, pillar))
    return build_scene(gathered(world, log), log, daylight.daylight(Sun(azimuth=2.5, elevation=0.8), 3.0))


def gaze_at(shutter, exposure, camera=None):
    half = exposure // 2 + round(shutter.readout(LENS.width, LENS.height) * SECOND / 2)
    moments = np.union1d(instants(MIDDLE - half, MIDDLE + half), [MIDDLE])
    poses = np.tile(TALL, (len(moments), 1, 1)) if camera is None else camera(moments)
    return Gaze(LENS, shutter, MIDDLE, moments, poses)


def seen_by(log, gaze):
    scene = stage_of(log)
    moving = motion(log, int(gaze.moments[0]), int(gaze.moments[-1]))
    scene.place({part: pose[0] for part, pose in poses_at(log, np.array([MIDDLE])).items()})
    return scene, moving, look(scene, gaze, moving, Grid.of(LENS))
