"""Labels of rays against a rasteriser that knows nothing of rays: triangles, edge functions, a depth buffer."""

import numpy as np
import pytest
from conftest_pillar import crossing

from roadlab.geometry.poses import inverse, move
from roadlab.randomness import generator
from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.camera.shutter import Shutter
from roadlab_sensors.camera.sight import Grid, look
from roadlab_sensors.rays import daylight
from roadlab_sensors.rays.gathered import gathered
from roadlab_sensors.rays.motion import motion
from roadlab_sensors.rays.poses import poses_at
from roadlab_sensors.rays.scene import build_scene
from roadlab_sensors.readings import SEMANTIC_IDS
from roadlab_sensors.world.mesh import Model, World
from roadlab_sensors.world.shapes import Style, box, quad
from roadlab_sensors.world.sun import Sun
from roadlab_sensors.world.vehicles import vehicle_model

pytestmark = pytest.mark.xdist_group("street")
LENS = Pinhole(240, 150, 200.0, 195.0, 118.0, 70.0)
MIDDLE = 500_000_000
NEAREST = 0.05
CAMERA = np.array([
    [-0.1, -0.15, 0.98, -7.0], [-0.99, 0.02, -0.1, 1.0], [0.0, -0.99, -0.15, 1.9], [0.0, 0.0, 0.0, 1.0],
])  # fmt: skip


def rotation(matrix):
    """The nearest rotation to a matrix that is nearly one."""
    u, _, v = np.linalg.svd(matrix)
    return u @ np.diag([1.0, 1.0, np.linalg.det(u @ v)]) @ v


CAMERA[:3, :3] = rotation(CAMERA[:3, :3])


def clipped(triangle):
    """A triangle's part before the near plane, as a fan of triangles (Sutherland and Hodgman 1974)."""
    kept = []
    for a, b in zip(triangle, np.roll(triangle, -1, axis=0), strict=True):
        if a[2] >= NEAREST:
            kept.append(a)
        if (a[2] >= NEAREST) != (b[2] >= NEAREST):
            kept.append(a + (b - a) * (NEAREST - a[2]) / (b[2] - a[2]))
    return [np.array([kept[0], kept[k], kept[k + 1]]) for k in range(1, len(kept) - 1)]


def rasterised(triangles, ids):
    """Depth and id of the nearest triangle (T, 3, 3), given in the camera's frame, at each pixel's centre."""
    depth, found = np.full((LENS.height, LENS.width), np.inf), np.full((LENS.height, LENS.width), -1)
    for triangle, number in zip(triangles, ids, strict=True):
        for x, y, z in (part.T for part in clipped(triangle)):
            u, v = LENS.fx * x / z + LENS.cx, LENS.fy * y / z + LENS.cy
            left, right = max(int(np.ceil(u.min())), 0), min(int(np.floor(u.max())), LENS.width - 1)
            top, bottom = max(int(np.ceil(v.min())), 0), min(int(np.floor(v.max())), LENS.height - 1)
            area = (u[1] - u[0]) * (v[2] - v[0]) - (u[2] - u[0]) * (v[1] - v[0])
            if left > right or top > bottom or area == 0.0:
                continue
            rows, columns = np.mgrid[top : bottom + 1, left : right + 1]
            weights = [
                ((u[j] - columns) * (v[k] - rows) - (u[k] - columns) * (v[j] - rows)) / area
                for j, k in ((1, 2), (2, 0), (0, 1))
            ]
            inside = np.all([weight >= 0.0 for weight in weights], axis=0)
            far = 1.0 / sum(weight / each for weight, each in zip(weights, z, strict=True))  # 1 / z is linear
            part = np.s_[top : bottom + 1, left : right + 1]
            nearer = inside & (far < depth[part])
            depth[part][nearer], found[part][nearer] = far[nearer], number
    return depth, found


@pytest.fixture(scope="module")
def both():
    """Depth, instance and class by rays and by the rasteriser."""
    log = crossing(3.0)
    ground = quad([-60, -60, 0], [60, -60, 0], [60, 60, 0], [-60, 60, 0], Style((0.1, 0.1, 0.1), "concrete", "road"))
    wall = box([6.0, -9.0, 0.0], [6.4, -2.0, 5.0], Style((0.5, 0.5, 0.5), "brick", "wall"))
    mover = box([-0.1, -2, 0], [0.1, 2, 3], Style((0.8, 0.8, 0.8), "brick", "truck"))
    sedan = vehicle_model("sedan", None, generator(1, "looks"), occupants=1)
    ego = Model({"body": tuple(mesh.moved(np.eye(3), (49.0, -1.5, 0.0)) for mesh in sedan.parts["body"])})
    world = World((ground, wall), (), (ego, Model({"body": (mover,)})))
    scene = build_scene(gathered(world, log), log, daylight.daylight(Sun(azimuth=2.5, elevation=0.8), 3.0))
    places = {part: pose[0] for part, pose in poses_at(log, np.array([MIDDLE])).items()}
    scene.place(places)
    gaze = Gaze(LENS, Shutter(), MIDDLE, np.array([MIDDLE, MIDDLE + 1]), np.stack([CAMERA, CAMERA]))
    seen = look(scene, gaze, motion(log, MIDDLE, MIDDLE + 1), Grid.of(LENS))
    shape = (LENS.height, LENS.width)
    depth = (seen.distance * LENS.directions(Grid.of(LENS).pixels)[:, 2]).reshape(shape)
    instance = scene.faces.instance[seen.face].reshape(shape)
    semantic = scene.faces.semantic[seen.face].reshape(shape)

    triangles, owners, classes = [], [], []
    for mesh, owner, pose in (
        (ground, 0, np.eye(4)), (wall, 0, np.eye(4)), (mover, 2, places[1, "body"]),
        *((mesh, 1, places[0, "body"]) for mesh in ego.parts["body"]),
    ):  # fmt: skip
        corners = move(inverse(CAMERA) @ pose, mesh.vertices.astype(np.float64))
        triangles.append(corners[mesh.faces])
        owners += [owner] * len(mesh.faces)
        classes += [SEMANTIC_IDS[mesh.semantic]] * len(mesh.faces)
    far, face = rasterised(np.concatenate(triangles), np.arange(len(owners)))
    table = np.array([*owners, 0]), np.array([*classes, SEMANTIC_IDS["sky"]])
    return (depth, instance, semantic), (far, table[0][face], table[1][face])


def test_there_is_something_to_compare(both):
    _, (depth, instance, semantic) = both
    assert set(np.unique(instance)) == {0, 1, 2}
    assert {SEMANTIC_IDS[name] for name in ("road", "wall", "sky", "car", "truck")} <= set(np.unique(semantic))
    assert np.isinf(depth).any()


def test_ids_and_classes_are_the_same_but_for_pixels_on_an_edge(both):
    rays, raster = both
    for ours, theirs in zip(rays[1:], raster[1:], strict=True):
        assert (ours == theirs).mean() > 0.9995


def test_depths_are_the_same(both):
    (ours, instance, _), (theirs, other, _) = both
    assert (np.isfinite(ours) == np.isfinite(theirs)).mean() > 0.9995
    same = np.isfinite(ours) & np.isfinite(theirs) & (instance == other)
    apart = np.abs(ours[same] - theirs[same]) / theirs[same]
    assert (apart < 1e-4).mean() > 0.999
