"""One exposure: the picture, and every label from the same rays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import compose
from roadlab.randomness import seed32
from roadlab_sensors.camera.develop import develop
from roadlab_sensors.camera.lens import directions, pixel_grid
from roadlab_sensors.camera.model import Camera
from roadlab_sensors.rays.cast import cast
from roadlab_sensors.rays.picture import PathTracer
from roadlab_sensors.rays.poses import poses_at
from roadlab_sensors.readings import SEMANTIC_IDS, CameraFrame, CameraReading, Pinhole
from roadlab_sensors.sensor import Stage, ego_from_sensor
from roadlab_sensors.truth.boxes import actor_truths
from roadlab_sensors.truth.views import actor_views

BODY_FROM_CAMERA = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
"""From the camera's axes (x right, y down, z forward) to a sensor's body axes (x forward, y left, z up)."""
LAMP_LUMINANCE = 25_000.0
"""Of a lit signal or vehicle lamp [cd/m²]."""
FIREFLY = 30.0
"""A path brings at most this many times the light of white paper on open ground."""


def exposures(name: str, camera: Camera, stage: Stage) -> Callable[[int], CameraReading]:
    """What exposes frame number k of a camera."""
    white = float(stage.illuminance.mean() / np.pi)
    lamp = LAMP_LUMINANCE * stage.candela
    tracer = PathTracer(
        stage.scene, _block_rays(camera.lens, stage.quality.block), stage.quality, lamp, FIREFLY * white
    )
    ego_from_camera = ego_from_sensor(camera.mount) @ compose(BODY_FROM_CAMERA, np.zeros(3))
    rays = directions(camera.lens, pixel_grid(camera.lens)).reshape(-1, 3)
    index_of = {actor.instance: k for k, actor in enumerate(stage.log.actors)}

    def expose(index: int) -> CameraReading:
        interval = camera.timing.interval(index)
        moment = np.array([interval.middle])
        poses = poses_at(stage.log, moment)
        stage.scene.place({part: pose[0] for part, pose in poses.items()})
        world_from_camera = stage.ego_at(moment)[0] @ ego_from_camera
        light = tracer.trace(world_from_camera, stage.lit(interval.middle), seed32(stage.seed, "sensor", name, index))
        depth, instance, semantic = _labels(stage, camera.lens, world_from_camera, rays)
        frame = CameraFrame(
            sensor=name,
            interval=interval,
            lens=camera.lens,
            world_from_camera=world_from_camera,
            image=develop(light, stage.illuminance, camera.exposure.compensation, stage.quality, camera.lens),
            depth=depth,
            instance=instance,
            semantic=semantic,
        )
        truths = actor_truths(stage.log, interval.middle, [])
        return CameraReading(frame, actor_views(frame, truths, stage.scene, poses, index_of))

    return expose


def _labels(
    stage: Stage, lens: Pinhole, world_from_camera: NDArray[np.float64], rays: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.uint16], NDArray[np.uint8]]:
    """Depth, instance and semantic class at the centre of every pixel, from camera-frame rays (H * W, 3)."""
    hits = cast(stage.scene, world_from_camera[:3, 3], rays @ world_from_camera[:3, :3].T)
    shape = (lens.height, lens.width)
    instance = stage.scene.faces.instance[hits.face]
    own = instance == stage.log.actors[stage.log.ego].instance
    semantic = np.where(own, np.uint8(SEMANTIC_IDS["ego vehicle"]), stage.scene.faces.semantic[hits.face])
    depth = (hits.distance * rays[:, 2]).astype(np.float32)
    return depth.reshape(shape), instance.reshape(shape), semantic.reshape(shape)


def _block_rays(lens: Pinhole, block: int) -> NDArray[np.float64]:
    """(3, rows, columns, 3) camera-frame rays at the centres of squares of pixels, and half a square right and down."""
    middle, half = (block - 1) / 2.0, block / 2.0
    u, v = np.meshgrid(np.arange(0, lens.width, block) + middle, np.arange(0, lens.height, block) + middle)
    centers = np.stack([u, v], axis=-1)
    return np.stack([directions(lens, centers + shift) for shift in ((0.0, 0.0), (half, 0.0), (0.0, half))])
